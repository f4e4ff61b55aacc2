// The cumulative distribution function of the normal distribution, its logarithm and its inverse.
// t is the standardised argument throughout, Φ and φ the standard normal's distribution and
// density.

extension Normal {
  /// P(X ≤ x) = Φ(t) = ½ erfc(−t/√2), with a small relative error in the lower tail too.
  @inlinable
  public func cdf(_ x: Double) -> Double {
    0.5 * erfc((mean - x) / standardDeviation * 0.5.squareRoot())
  }

  /// log P(X ≤ x), with a small relative error for any x: far in the lower tail by the continued
  /// fraction Φ(−s) = φ(s) / (s + 1/(s + 2/(s + 3/(s + …)))).
  ///
  /// - Source: Abramowitz and Stegun, *Handbook of Mathematical Functions*, 26.2.14.
  public func logCDF(_ x: Double) -> Double {
    let t = (x - mean) / standardDeviation
    if t > 0 { return log1p(-Normal.standard.cdf(-t)) }
    if t > -10 { return log(Normal.standard.cdf(t)) }
    var fraction = -t
    for k in stride(from: 20, through: 1, by: -1) { fraction = -t + Double(k) / fraction }
    return Normal.standard.logDensity(t) - log(fraction)
  }

  /// The x with P(X ≤ x) = p: −∞ at p = 0, +∞ at p = 1.
  ///
  /// Near ½ the equation ½ erf(t/√2) = p − ½ is solved, below it log Φ(t) = log p, both by Halley's
  /// method, whose error is cubed at each step; above ½ the lower tail is reflected.
  ///
  /// - Requires: 0 ≤ p ≤ 1.
  public func quantile(_ p: Double) -> Double {
    require(p >= 0 && p <= 1, "a quantile of a probability between 0 and 1")
    return mean + standardDeviation * Normal.standardQuantile(p)
  }

  private static func standardQuantile(_ p: Double) -> Double {
    if p > 0.75 { return -standardQuantile(1 - p) }  // 1 − p is exact
    return p < 0.25 ? lowerTailQuantile(p) : centralQuantile(p)
  }

  private static func centralQuantile(_ p: Double) -> Double {
    var t = (p - 0.5) * (2 * Double.pi).squareRoot()  // Φ(t) ≈ ½ + t φ(0)
    for _ in 0..<4 {
      let step = (0.5 * erf(t * 0.5.squareRoot()) - (p - 0.5)) / standard.density(t)
      t -= step / (1 + 0.5 * t * step)  // φ′/φ = −t
    }
    return t
  }

  private static func lowerTailQuantile(_ p: Double) -> Double {
    guard p > 0 else { return -.infinity }
    // Φ(t) ≈ φ(t)/|t| makes t² + log t² = −2 log p − log 2π.
    let square = -2 * log(p) - logTwoPi
    var t = -max(square - log(max(square, 1)), 0.5).squareRoot()
    for _ in 0..<4 {
      let logCDF = standard.logCDF(t)
      let slope = exp(standard.logDensity(t) - logCDF)  // (log Φ)′
      let step = (logCDF - log(p)) / slope
      t -= step / (1 + 0.5 * (t + slope) * step)  // (log Φ)″/(log Φ)′ = −(t + slope)
    }
    return t
  }
}
