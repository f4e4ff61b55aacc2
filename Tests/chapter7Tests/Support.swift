import Notebook
import TinyNumerics

@testable import chapter7

// What the tests of this target share.

/// Whether a value agrees with a golden one to its printed digits: within half of the last one.
func agrees(_ value: Double, _ golden: Double, digits: Int) -> Bool {
  abs(value - golden) <= 0.5001 * pow(10, -Double(digits))
}
