/// log 2π, which every Gaussian density needs.
public let logTwoPi = log(2 * Double.pi)

/// The normal distribution N(µ, σ²) of one real variable.
public struct Normal: Sendable, Equatable {
  public let mean: Double
  public let standardDeviation: Double

  /// N(0, 1).
  public static let standard = Normal(mean: 0, standardDeviation: 1)

  /// - Requires: a finite mean; a finite, positive standard deviation.
  @inlinable
  public init(mean: Double, standardDeviation: Double) {
    require(
      mean.isFinite && standardDeviation > 0 && standardDeviation.isFinite,
      "a normal distribution needs a finite mean and a positive standard deviation")
    self.mean = mean
    self.standardDeviation = standardDeviation
  }

  @inlinable
  public init(mean: Double, variance: Double) {
    self.init(mean: mean, standardDeviation: variance.squareRoot())
  }

  @inlinable public var variance: Double { standardDeviation * standardDeviation }

  /// log N(x; µ, σ²) = −½ ((x − µ)/σ)² − log σ − ½ log 2π.
  @inlinable
  public func logDensity(_ x: Double) -> Double {
    let standardised = (x - mean) / standardDeviation
    return -0.5 * standardised * standardised - log(standardDeviation) - 0.5 * logTwoPi
  }

  @inlinable
  public func density(_ x: Double) -> Double { exp(logDensity(x)) }

  /// µ + σε with ε standard normal (eq. 5.1).
  @inlinable
  public func sample(using generator: inout some RandomNumberGenerator) -> Double {
    mean + standardDeviation * generator.normal()
  }

  /// H = ½ log(2πe σ²), in nats.
  public var entropy: Double { 0.5 * (logTwoPi + 1) + log(standardDeviation) }
}

/// Eq. 1.8, one dimension, in nats, exact:
/// D(q ‖ p) = ½ (σ_q²/σ_p² + (µ_q − µ_p)²/σ_p² − 1 − log(σ_q²/σ_p²)).
@inlinable
public func klDivergence(_ q: Normal, relativeTo p: Normal) -> Double {
  let ratio = q.standardDeviation / p.standardDeviation
  let shift = (q.mean - p.mean) / p.standardDeviation
  return 0.5 * (shift * shift + excessOverLogarithm(ratio * ratio))
}

/// t − 1 − log t ≥ 0, with all its digits near t = 1, where the three terms nearly cancel; ∞ at 0
/// and at ∞.
@inlinable
public func excessOverLogarithm(_ t: Double) -> Double {
  guard t < .infinity else { return t }
  let d = t - 1
  guard abs(d) < 0.25 else { return d - log(t) }
  // d − log(1 + d) = d²/2 − d³/3 + d⁴/4 − …, summed from its small end
  var sum = 0.0
  for k in stride(from: 30, through: 2, by: -1) {
    sum = 1 / Double(k) - d * sum
  }
  return d * d * sum
}
