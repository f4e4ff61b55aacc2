/// A yes-or-no variable, held as its logit ℓ = log(p / (1 − p)), so that probabilities near 0 and 1
/// keep their digits. ℓ = ±∞ are the two certain outcomes.
public struct Bernoulli: Sendable, Equatable {
  public let logit: Double

  public init(logit: Double) {
    require(!logit.isNaN, "a Bernoulli variable needs a logit that is a number")
    self.logit = logit
  }

  public init(probability: Double) {
    require(probability >= 0 && probability <= 1, "a probability lies between 0 and 1")
    self.init(logit: log(probability) - log1p(-probability))
  }

  public var probability: Double { sigmoid(logit) }

  /// log p(x) for x = 1 (true) or 0 (false), in nats: x ℓ − softplus(ℓ), with its one sign folded
  /// in.
  public func logProbability(_ x: Bool) -> Double {
    logSigmoid(x ? logit : -logit)
  }

  public func sample(using generator: inout some RandomNumberGenerator) -> Bool {
    generator.uniform() < probability
  }

  /// H = −p log p − (1 − p) log(1 − p), in nats; 0·log 0 counts 0.
  public var entropy: Double {
    entropyTerm(true) + entropyTerm(false)
  }

  private func entropyTerm(_ x: Bool) -> Double {
    let probability = sigmoid(x ? logit : -logit)
    return probability == 0 ? 0 : -probability * logProbability(x)
  }
}

/// Eq. 1.1 for two Bernoulli variables, in nats, exact: Σ_x q(x) (log q(x) − log p(x)).
/// An outcome that q excludes costs nothing; one that only p excludes costs +∞ (eq. 1.4).
public func klDivergence(_ q: Bernoulli, relativeTo p: Bernoulli) -> Double {
  [true, false].reduce(0) { sum, x in
    let probability = sigmoid(x ? q.logit : -q.logit)
    return probability == 0
      ? sum : sum + probability * (q.logProbability(x) - p.logProbability(x))
  }
}
