import TinyNumerics

@testable import Notebook
@testable import chapter7

// What the tests of this target share.

/// Whether a value agrees with a golden one to its printed digits: within half of the last one.
func agrees(_ value: Double, _ golden: Double, digits: Int) -> Bool {
  abs(value - golden) <= 0.5001 * pow(10, -Double(digits))
}

/// What a function makes on a notebook that nobody reads.
func inNotebook<Result>(_ body: (Notebook) throws -> Result) throws -> Result {
  let console = Console(output: { _ in }, diagnostics: { _ in })
  let arguments = try Arguments([], options: Chapter7.options + CommonOption.all)
  return try body(Notebook(title: "", arguments: arguments, console: console))
}
