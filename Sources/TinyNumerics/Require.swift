/// Stops the program with `message` unless `condition` holds: a mistake in the code that calls us.
///
/// Bad *input* (a flag, a file) is never reported this way; it throws an error with a remedy.
/// (`precondition` would do, but it drops its text when the optimiser is on.)
@inlinable
public func require(
  _ condition: Bool, _ message: @autoclosure () -> String,
  file: StaticString = #fileID, line: UInt = #line
) {
  if !condition { fatalError(message(), file: file, line: line) }
}
