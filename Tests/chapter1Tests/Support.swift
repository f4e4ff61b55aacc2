import Foundation
import TinyNumerics

// What the tests of this target share.

let ulp = Double.ulpOfOne

/// |value − exact| / |exact|; ∞ where one is not a number.
func relativeError(_ value: Double, _ exact: Double) -> Double {
  if value == exact { return 0 }
  let error = abs(value - exact) / abs(exact)
  return error.isNaN ? .infinity : error
}

/// |estimate − exact| in standard errors: by chance above 5 once in 2 million.
func standardErrorsOff(_ estimate: Estimate, _ exact: Double) -> Double {
  abs(estimate.mean - exact) / estimate.standardError
}
