import Notebook
import TinyNumerics

// How the Monte Carlo checks of this chapter are laid out: the draws follow from what a check
// promises.

/// Mean, variance and kurtosis of g(ε) for ε ~ N(0, 1), by Gauss–Hermite quadrature with 40 nodes:
/// exact for polynomials g of degree below 20, and to rounding for the smooth functions used here.
struct Moments {
  let mean: Double
  let variance: Double
  /// E(g − E g)⁴ / Var².
  let kurtosis: Double

  init(of g: (Double) -> Double) {
    let rule = GaussHermite.forty
    let mean = rule.expectation(of: g)
    let variance = rule.expectation { square(g($0) - mean) }
    let fourth = rule.expectation { square(square(g($0) - mean)) }
    self.mean = mean
    self.variance = variance
    kurtosis = fourth / square(variance)
  }

  /// cv²: the variance of one draw over the square of the mean.
  var relativeVariance: Double { variance / square(mean) }
}

extension GaussHermite {
  static let forty = GaussHermite(nodes: 40)
}

func square(_ x: Double) -> Double { x * x }

/// Draws after which five standard errors are `promise` times the mean: n = 25 cv² / promise²,
/// times a `margin`, because the standard error is itself estimated. For means of squares a fifth
/// more is too little: the square of a square has a very long tail.
func drawsNeeded(relativeVariance: Double, promise: Double, margin: Double = 1.2) -> Int {
  1000 * Int((margin * 25 * relativeVariance / square(promise) / 1000).rounded(.up))
}

/// 1% where that costs at most 2.5 million draws, otherwise 5%.
func affordablePromise(relativeVariance: Double) -> Double {
  relativeVariance <= 10 ? 0.01 : 0.05
}

extension Notebook {
  /// Checks the mean of `value(ε)` over fresh ε ~ N(0, 1) against `exact`, with as many draws as a
  /// promise of 1% (or, where that is dear, 5%) of `exact` costs.
  func checkMean(
    _ label: String, _ identity: String, exact: Double, promise: Double? = nil,
    margin: Double = 1.2, using generator: inout Threefry, of value: (Double) -> Double
  ) {
    let relativeVariance = Moments(of: value).relativeVariance
    let promise = promise ?? affordablePromise(relativeVariance: relativeVariance)
    let draws = samples(
      default: drawsNeeded(
        relativeVariance: relativeVariance, promise: promise, margin: margin))
    let estimate = Estimate(draws: draws) { value(generator.normal()) }
    check(.monteCarlo(label, identity, estimate, exact: exact, promise: promise * abs(exact)))
  }
}

/// Two sides of an identity in one case of a sweep, and what they may differ by.
typealias Comparison = (lhs: Double, rhs: Double, allowance: Double)

extension Check {
  static func monteCarlo(
    _ label: String, _ identity: String, _ estimate: Estimate, exact: Double, promise: Double
  ) -> Check {
    .monteCarlo(
      label, identity, estimate: estimate.mean, standardError: estimate.standardError,
      exact: exact, promise: promise)
  }
}
