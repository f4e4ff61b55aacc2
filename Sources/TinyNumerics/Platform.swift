// The elementary functions exp, log, sin, … are the platform's own. This is the one file that says
// whose; a module that imports TinyNumerics has them too.

#if canImport(Darwin)
  @_exported import Darwin
#elseif canImport(Glibc)
  @_exported import Glibc
#elseif canImport(Musl)
  @_exported import Musl
#elseif hasFeature(Extern)
  // WebAssembly without a system underneath: the page that loads the module brings the functions.
  @_extern(wasm, module: "env", name: "exp") @_extern(c) public func exp(_ x: Double) -> Double
  @_extern(wasm, module: "env", name: "expm1") @_extern(c) public func expm1(_ x: Double) -> Double
  @_extern(wasm, module: "env", name: "log") @_extern(c) public func log(_ x: Double) -> Double
  @_extern(wasm, module: "env", name: "log1p") @_extern(c) public func log1p(_ x: Double) -> Double
  @_extern(wasm, module: "env", name: "pow")
  @_extern(c) public func pow(_ x: Double, _ y: Double) -> Double
  @_extern(wasm, module: "env", name: "sin") @_extern(c) public func sin(_ x: Double) -> Double
  @_extern(wasm, module: "env", name: "cos") @_extern(c) public func cos(_ x: Double) -> Double
  @_extern(wasm, module: "env", name: "tanh") @_extern(c) public func tanh(_ x: Double) -> Double
  @_extern(wasm, module: "env", name: "sinh") @_extern(c) public func sinh(_ x: Double) -> Double
  @_extern(wasm, module: "env", name: "cosh") @_extern(c) public func cosh(_ x: Double) -> Double
  @_extern(wasm, module: "env", name: "asinh") @_extern(c) public func asinh(_ x: Double) -> Double
  @_extern(wasm, module: "env", name: "erf") @_extern(c) public func erf(_ x: Double) -> Double
  @_extern(wasm, module: "env", name: "erfc") @_extern(c) public func erfc(_ x: Double) -> Double
#endif
