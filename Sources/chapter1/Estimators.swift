import Foundation
import Notebook
import TinyNumerics

/// Three ways to estimate D(q ‖ p) from draws z ~ q when both densities can be evaluated, as
/// functions of log r, r = p(z)/q(z); supp p ⊆ supp q.
///
/// - Source: Schulman, "Approximating KL divergence" (2020), who calls them k₁, k₃ and k₂.
enum DivergenceEstimator: String, CaseIterable {
  /// −log r: unbiased, but negative wherever p > q.
  case logRatio = "−log r"
  /// (r − 1) − log r: unbiased, because E_q[r] = 1, and never negative, as in eq. 1.2.
  case excess = "(r − 1) − log r"
  /// ½ (log r)²: never negative, but biased.
  case halfSquare = "½ (log r)²"

  func callAsFunction(_ logRatio: Double) -> Double {
    switch self {
    case .logRatio: -logRatio
    case .excess: expm1(logRatio) - logRatio
    case .halfSquare: 0.5 * logRatio * logRatio
    }
  }

  /// E_q[kⁿ about c] = ∫ q(z) (k(z) − c)ⁿ dz, by quadrature.
  func moment(_ power: Int, about centre: Double = 0, _ q: Normal, _ p: Normal) -> Integral {
    expectation(under: q) { z in
      let deviation = self(p.logDensity(z) - q.logDensity(z)) - centre
      return (0..<power).reduce(1) { product, _ in product * deviation }
    }
  }
}

/// Eq. 1.10 for q = N(m, 1) and p = N(0, 1), where −log r = mε + ½m² and D = ½m²; in nats, exact.
enum ShiftedNormal {
  static func pair(_ m: Double) -> (q: Normal, p: Normal) {
    (Normal(mean: m, standardDeviation: 1), .standard)
  }

  static func divergence(_ m: Double) -> Double { 0.5 * m * m }

  /// Var_q[−log r] = m².
  static func varianceOfLogRatio(_ m: Double) -> Double { m * m }

  /// Var_q[(r − 1) − log r] = e^{m²} − 1 − m²: r has variance e^{m²} − 1, log r has m², and their
  /// covariance is m².
  static func varianceOfExcess(_ m: Double) -> Double { expm1(m * m) - m * m }

  /// E_q[½ (log r)²] − D = m⁴/8.
  static func biasOfHalfSquare(_ m: Double) -> Double { m * m * m * m / 8 }

  /// The m > 0 at which the two unbiased estimators have equal variances: e^{m²} − 1 − m² = m².
  static var crossing: Double {
    zero(between: 0.5, and: 2) { m in varianceOfExcess(m) - varianceOfLogRatio(m) }
  }
}

/// E_q[r²] = ∫ p²/q dz for q = N(m, σ²) and p = N(0, 1), exact: (σ²/√(2σ² − 1)) e^{m²/(2σ² − 1)},
/// and +∞ for σ² ≤ ½, where p²/q does not fall off.
func secondMomentOfRatio(mean m: Double = 0, variance: Double) -> Double {
  let excess = 2 * variance - 1
  return excess > 0 ? variance / excess.squareRoot() * exp(m * m / excess) : .infinity
}

/// ∫ p²/q dz over |z| ≤ reach, by quadrature, p = N(0, 1).
func truncatedSecondMoment(_ q: Normal, reach: Double) -> Integral {
  integrate(over: -reach...reach) { exp(2 * Normal.standard.logDensity($0) - q.logDensity($0)) }
}

/// The same for m = 0 in another way, exact: (σ/√2π) ∫ e^{−αz²} dz with α = 1 − 1/2σ². An error
/// function for α > 0; from α = 0 on the series 2T Σₖ (−αT²)ᵏ/(k! (2k + 1)), none of whose terms is
/// negative.
func truncatedSecondMomentByParts(variance: Double, reach: Double) -> Double {
  let alpha = 1 - 0.5 / variance
  let scale = (variance / (2 * .pi)).squareRoot()
  guard alpha <= 0 else {
    return scale * (.pi / alpha).squareRoot() * erf(alpha.squareRoot() * reach)
  }
  var (power, sum, k) = (1.0, 0.0, 0.0)
  while power > .ulpOfOne * sum {
    sum += power / (2 * k + 1)
    k += 1
    power *= -alpha * reach * reach / k
  }
  return 2 * reach * scale * sum
}

/// Var_q[(r − 1) − log r] for q = N(m, σ²) and p = N(0, 1), exact; infinite for σ² ≤ ½:
///   (E_q[r²] − 1) + Var_q[log r] − 2 (D(q ‖ p) + D(p ‖ q)),
/// because E_q[r log r] = E_p[log r] = D(p ‖ q).
func varianceOfExcess(_ q: Normal) -> Double {
  let symmetric = klDivergence(q, relativeTo: .standard) + klDivergence(.standard, relativeTo: q)
  let spread = 0.5 * (q.variance - 1) * (q.variance - 1) + q.mean * q.mean * q.variance
  return secondMomentOfRatio(mean: q.mean, variance: q.variance) - 1 + spread - 2 * symmetric
}

/// k(z), averaged over draws z ~ N(m, 1), each estimator on the same draws; `centre` given, the
/// average of (k(z) − centre)² instead: a variance as a plain mean, because the centre is exact.
func sampledEstimators(
  shift m: Double, squaredAbout centre: Double? = nil, draws: Int,
  using generator: inout some RandomNumberGenerator
) -> [DivergenceEstimator: Estimate] {
  let (q, p) = ShiftedNormal.pair(m)
  var estimates: [Estimate] = DivergenceEstimator.allCases.map { _ in Estimate() }
  for _ in 0..<draws {
    let z = q.sample(using: &generator)
    let logRatio = p.logDensity(z) - q.logDensity(z)
    for (i, estimator) in DivergenceEstimator.allCases.enumerated() {
      let value = estimator(logRatio)
      estimates[i].add(centre.map { (value - $0) * (value - $0) } ?? value)
    }
  }
  return Dictionary(uniqueKeysWithValues: zip(DivergenceEstimator.allCases, estimates))
}
