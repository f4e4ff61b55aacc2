/// How well a sample agrees with the distribution it is said to come from.
public struct GoodnessOfFit: Sendable, Equatable {
  public let statistic: Double
  /// The probability of a statistic at least as large if the distribution is right: uniform on (0,
  /// 1).
  public let pValue: Double
  /// Φ⁻¹(p), standard normal if the distribution is right; very negative for a bad fit.
  public var z: Double { Normal.standard.quantile(pValue) }

  /// Pearson's test of counts: Σ (observed − expected)² / expected, over the outcomes that can
  /// occur.
  ///
  /// The p-value is asymptotic: good once at least about five are expected of each outcome.
  ///
  /// - Requires: one count for each probability; at least two outcomes that can occur.
  public static func chiSquare(counts: [Int], under distribution: Discrete) -> GoodnessOfFit {
    require(counts.count == distribution.count, "one count for each outcome")
    let total = Double(counts.reduce(0, +))
    var statistic = 0.0
    for (count, probability) in zip(counts, distribution.probabilities) {
      let expected = total * probability
      let excess = Double(count) - expected
      if excess != 0 { statistic += excess * excess / expected }  // +∞ for an impossible outcome
    }
    let degrees = distribution.probabilities.count { $0 > 0 } - 1
    return GoodnessOfFit(
      statistic: statistic, pValue: chiSquareSurvival(statistic, degreesOfFreedom: degrees))
  }

  /// Kolmogorov and Smirnov's test of draws of one real variable: the largest distance between the
  /// sample's distribution function, a staircase, and the given one.
  ///
  /// - Source: the small-sample correction of the statistic is Stephens's, Journal of the Royal
  ///   Statistical Society B 32 (1970).
  /// - Requires: at least one draw, and a continuous distribution.
  public static func kolmogorovSmirnov(
    _ sample: [Double], cdf: (Double) -> Double
  ) -> GoodnessOfFit {
    require(!sample.isEmpty, "a goodness-of-fit test needs a sample")
    let n = Double(sample.count)
    var distance = 0.0
    for (i, x) in sample.sorted().enumerated() {
      let value = cdf(x)
      distance = max(distance, value - Double(i) / n, Double(i + 1) / n - value)
    }
    let corrected = (n.squareRoot() + 0.12 + 0.11 / n.squareRoot()) * distance
    return GoodnessOfFit(statistic: distance, pValue: kolmogorovSurvival(corrected))
  }
}

/// P(χ² ≥ x) for χ² with k degrees of freedom: the regularised incomplete gamma function Q(k/2,
/// x/2).
///
/// From Q(½, y) = erfc(√y) = 2Φ(−√2y) or Q(1, y) = e^{−y} upwards by
/// Q(a + 1, y) = Q(a, y) + yᵃ e^{−y} / Γ(a + 1): positive terms only, kept as logarithms.
public func chiSquareSurvival(_ x: Double, degreesOfFreedom k: Int) -> Double {
  require(k >= 1 && x >= 0, "χ² is not negative and has at least one degree of freedom")
  guard x < .infinity else { return 0 }
  let y = x / 2
  let isOdd = k % 2 == 1
  var sum = LogSum()
  sum.add(isOdd ? log(2) + Normal.standard.logCDF(-x.squareRoot()) : -y)
  // log (yᵃ e^{−y} / Γ(a + 1)) at a = ½, where Γ(3/2) = √π/2, or at a = 1
  var logTerm = isOdd ? 0.5 * log(4 * y / .pi) - y : log(y) - y
  for a in stride(from: isOdd ? 0.5 : 1, to: Double(k) / 2, by: 1) {
    sum.add(logTerm)
    logTerm += log(y) - log(a + 1)
  }
  return min(1, exp(sum.value))
}

/// P(K ≥ x) for Kolmogorov's distribution, the limit of √n times the largest distance between a
/// sample's distribution function and the true one: 2 Σⱼ (−1)^{j−1} e^{−2j²x²}, or for small x,
/// where that cancels, 1 − (√2π/x) Σⱼ e^{−(2j−1)²π²/8x²}.
public func kolmogorovSurvival(_ x: Double) -> Double {
  require(x >= 0, "a distance is not negative")
  guard x > 0 else { return 1 }
  var sum = 0.0
  for j in 1...4 {  // the fifth terms are below rounding on both sides of 1
    if x > 1 {
      sum += (j % 2 == 1 ? 2 : -2) * exp(-2 * Double(j * j) * x * x)
    } else {
      let odd = Double(2 * j - 1) * .pi / x
      sum += exp(-odd * odd / 8)
    }
  }
  return x > 1 ? sum : 1 - (2 * Double.pi).squareRoot() / x * sum
}
