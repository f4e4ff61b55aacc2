// The elementary functions exp, log, sin, … are the platform's own. This is the one file that says whose;
// a module that imports TinyNumerics has them too.

#if canImport(Darwin)
  @_exported import Darwin
#elseif canImport(Glibc)
  @_exported import Glibc
#elseif canImport(Musl)
  @_exported import Musl
#endif
