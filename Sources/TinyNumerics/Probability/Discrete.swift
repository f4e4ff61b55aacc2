/// A distribution over the outcomes 0, 1, …, n − 1.
public struct Discrete: Sendable, Equatable {
  public let probabilities: [Double]

  /// - Requires: at least one probability, none negative, and a sum that is 1 up to rounding.
  public init(probabilities: [Double]) {
    let sum = probabilities.reduce(0, +)
    require(
      probabilities.allSatisfy { $0 >= 0 } && abs(sum - 1) < 1e-9,
      "probabilities are not negative and sum to 1")
    self.probabilities = probabilities
  }

  /// Probabilities proportional to the given weights.
  ///
  /// - Requires: at least one weight, none negative, and a positive, finite sum.
  public init(weights: [Double]) {
    let sum = weights.reduce(0, +)
    require(
      weights.allSatisfy { $0 >= 0 } && sum > 0 && sum.isFinite,
      "weights are not negative and have a positive, finite sum")
    self.init(probabilities: weights.map { $0 / sum })
  }

  public var count: Int { probabilities.count }

  /// log P(x), −∞ for an outcome that cannot be.
  public func logProbability(_ outcome: Int) -> Double { log(probabilities[outcome]) }

  /// H(P) = −Σ P log P, in nats; 0·log 0 counts 0.
  public var entropy: Double { crossEntropy(relativeTo: self) }

  /// H(P, Q) = −Σ P log Q, in nats: +∞ where P > 0 = Q; outcomes with P = 0 count nothing.
  public func crossEntropy(relativeTo q: Discrete) -> Double {
    require(count == q.count, "two distributions over the same outcomes")
    return zip(probabilities, q.probabilities).reduce(0) { sum, pair in
      pair.0 == 0 ? sum : sum - pair.0 * log(pair.1)
    }
  }

  public func sample(using generator: inout some RandomNumberGenerator) -> Int {
    generator.categorical(probabilities)
  }
}

/// Eq. 1.1, in nats, exact: D(P ‖ Q) = Σ P log(P/Q).
///
/// Summed as in eq. 1.2: Σ_{P>0} P (t − 1 − log t) + Q(P = 0) with t = Q/P. Because P and Q both
/// sum to 1 this is the same number, and no term is negative: where P and Q nearly agree, the terms
/// of the plain sum cancel to a few roundings of either sign. Supports differ as in eq. 1.4.
public func klDivergence(_ p: Discrete, relativeTo q: Discrete) -> Double {
  require(p.count == q.count, "two distributions over the same outcomes")
  return zip(p.probabilities, q.probabilities).reduce(0) { sum, pair in
    let (p, q) = pair
    guard p > 0 else { return sum + q }
    let t = q / p
    // Where the ratio has no digits left (0, ∞ or nearly so), the logarithms still have theirs.
    return sum + (t.isNormal ? p * excessOverLogarithm(t) : q - p + p * (log(p) - log(q)))
  }
}
