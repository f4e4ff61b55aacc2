/// The weights w = p(x, z)/q(z) of draws z from q, known by their logarithms.
///
/// Everything is computed from w divided by the largest weight, so that neither huge nor tiny
/// weights leave the range of `Double`. The standard errors are honest only where the weights have
/// a finite variance, and few draws from a poor q hide that they have not: look at
/// `effectiveSampleSize`. If every weight is zero, `logMean` is −∞ and the rest is not a number.
public struct ImportanceWeights: Sendable {
  private let logLargest: Double
  /// w / max w.
  private let scaled: [Double]
  private let summary: Estimate

  /// - Requires: at least one logarithm; −∞ is a weight of zero, +∞ and NaN are no weights.
  public init(logarithms: [Double]) {
    require(
      !logarithms.isEmpty && logarithms.allSatisfy { $0 < .infinity },
      "importance weights need at least one logarithm, and none of them +∞ or NaN")
    let largest = logarithms.reduce(-.infinity) { max($0, $1) }
    logLargest = largest
    scaled = logarithms.map { largest > -.infinity ? exp($0 - largest) : 0 }
    summary = Estimate(scaled)
  }

  public var count: Int { scaled.count }

  /// log of the mean weight: the estimate of log p(x) from ⟨w⟩ = p(x) (eq. 2.5). The mean is
  /// unbiased, its logarithm is biased low.
  public var logMean: Double { logLargest + log(summary.mean) }

  /// The standard error of the mean weight, relative to that mean; to first order it is also the
  /// standard error of `logMean`. Not a number for a single weight.
  public var relativeStandardError: Double { summary.standardError / summary.mean }

  /// (Σ w)² / Σ w²: how many equally weighted draws would do as well; from 1 to `count`.
  public var effectiveSampleSize: Double {
    let sum = scaled.reduce(0, +)
    return sum * sum / dot(scaled, scaled)
  }

  /// The self-normalised estimate of E_p[f]: Σ w f / Σ w, given the values of f at the same draws.
  ///
  /// Its standard error is that of a ratio, by the delta method: with weights v that sum to 1,
  /// √(Σ v² (f − estimate)²). It sees only the draws that carry weight, so it says little where
  /// `effectiveSampleSize` is small; not a number for a single draw.
  ///
  /// - Source: Owen, *Monte Carlo theory, methods and examples* (2013), section 9.2.
  /// - Requires: one value for each weight.
  public func expectation(of values: [Double]) -> (value: Double, standardError: Double) {
    require(values.count == count, "one value for each importance weight")
    let sum = scaled.reduce(0, +)
    let value = dot(scaled, values) / sum
    let squares = zip(scaled, values).reduce(0) { total, draw in
      let term = draw.0 / sum * (draw.1 - value)
      return total + term * term
    }
    return (value, count < 2 ? .nan : squares.squareRoot())
  }
}
