import TinyNumerics

@testable import chapter5

// What the tests of this target share.

let ulp = Double.ulpOfOne

/// |value − exact| / |exact|; 0 for equal values; ∞ where one is not a number.
func relativeError(_ value: Double, _ exact: Double) -> Double {
  if value == exact { return 0 }
  let error = abs(value - exact) / abs(exact)
  return error.isNaN ? .infinity : error
}

extension GradientComparison {
  /// The worst block; NaN if any block is.
  var worst: Double { blocks.worst }
}

extension [GradientComparison.Block] {
  var worst: Double { map(\.error).reduce(0) { $1.isNaN ? $1 : Swift.max($0, $1) } }
  /// Every block within its differences' own error.
  var hold: Bool { allSatisfy { $0.error <= $0.allowance } }
}

/// Gauss–Hermite with another number of nodes than the chapter's.
let rule = GaussHermite(nodes: 64)

/// Central difference of a smooth function of one number, error about 1e-9.
func slope(at x: Double, _ f: (Double) -> Double) -> Double {
  let h = 1e-5 * max(1, abs(x))
  return (f(x + h) - f(x - h)) / (2 * h)
}
