import TinyNumerics

/// Eq. 5.5: four estimators of ∂_µ E z² = 2µ from one draw, and their variances in closed form.
/// Units: f per unit of µ, squared.
enum MeanGradientEstimator: String, CaseIterable {
  case pathwise
  case score
  /// The score function with baseline b = E f = µ² + σ².
  case scoreMinusMean = "score, b = E f"
  /// The score function with the constant that makes its variance least,
  /// b* = E[f s²]/E[s²] = µ² + 3σ², s = ∂_µ log q.
  case scoreMinusBest = "score, b = b*"

  /// One draw.
  func callAsFunction(under q: Normal, noise: Double) -> Double {
    func score(minus baseline: Double) -> Double {
      scoreFunctionGradient(of: square, under: q, noise: noise, baseline: baseline).mean
    }
    switch self {
    case .pathwise: return pathwiseGradient(ofSlope: { 2 * $0 }, under: q, noise: noise).mean
    case .score: return score(minus: 0)
    case .scoreMinusMean: return score(minus: q.mean * q.mean + q.variance)
    case .scoreMinusBest: return score(minus: q.mean * q.mean + 3 * q.variance)
    }
  }

  /// Var of one draw: 4σ² | µ⁴/σ² + 14µ² + 15σ² | 8µ² + 10σ² | 8µ² + 6σ². Exact.
  func variance(under q: Normal) -> Double {
    let (m2, s2) = (q.mean * q.mean, q.variance)
    switch self {
    case .pathwise: return 4 * s2
    case .score: return m2 * m2 / s2 + 14 * m2 + 15 * s2
    case .scoreMinusMean: return 8 * m2 + 10 * s2
    case .scoreMinusBest: return 8 * m2 + 6 * s2
    }
  }
}

/// Eq. 5.5 in D dimensions, f = Σ_d z_d², z_d ~ N(µ, σ²) independent: the variance of one draw of
/// the score function's ∂_µ₁. The pathwise variance stays 4σ², but the score multiplies *all* of f.
///
/// With S = Σ_{d>1} z_d², independent of z₁:  (E[z₁⁴ε²] + 2 E[z₁²ε²] E S + E S²)/σ² − 4µ². Exact.
func scoreVariance(under q: Normal, dimensions: Int) -> Double {
  let (m2, s2) = (q.mean * q.mean, q.variance)
  let others = Double(dimensions - 1)
  let meanOfRest = others * (m2 + s2)
  let squareOfRest = meanOfRest * meanOfRest + others * (4 * m2 * s2 + 2 * s2 * s2)
  let own = m2 * m2 + 18 * m2 * s2 + 15 * s2 * s2
  return (own + 2 * (m2 + 3 * s2) * meanOfRest + squareOfRest) / s2 - 4 * m2
}
