import TinyNumerics

/// q_α = (1 − α) q + α p(z): a guide made safe for importance sampling (ledger 2.5). Its weights
/// p(x, z)/q_α(z) never exceed p(x|z)/α, however narrow q is.
///
/// - Source: Hesterberg, "Weighted average importance sampling and defensive mixture
///   distributions",
///   Technometrics 37 (1995).
public struct DefensiveMixture<Guide: LatentDistribution, Prior: LatentDistribution>:
  LatentDistribution
where Guide.Latent == Prior.Latent {
  public let guide: Guide
  public let prior: Prior
  /// α, the prior's share.
  public let priorShare: Double

  /// - Requires: a share strictly between 0 and 1.
  public init(of guide: Guide, and prior: Prior, priorShare: Double) {
    require(priorShare > 0 && priorShare < 1, "the prior's share lies between 0 and 1")
    self.guide = guide
    self.prior = prior
    self.priorShare = priorShare
  }

  public func logDensity(_ z: Guide.Latent) -> Double {
    let a = log1p(-priorShare) + guide.logDensity(z)
    let b = log(priorShare) + prior.logDensity(z)
    return max(a, b) + log1p(exp(-abs(a - b)))
  }

  public func expectation(of f: (Guide.Latent) -> Double) -> Integral {
    (1 - priorShare) * guide.expectation(of: f) + priorShare * prior.expectation(of: f)
  }

  public func sample(using generator: inout some RandomNumberGenerator) -> Guide.Latent {
    generator.uniform() < priorShare
      ? prior.sample(using: &generator) : guide.sample(using: &generator)
  }
}

extension LatentVariableModel {
  /// The importance weights w = p(x, z)/q(z) of `draws` draws from q: ⟨w⟩ = p(x) (eq. 2.5).
  ///
  /// Unbiased whenever q covers the posterior; the standard error is honest only where w has a
  /// finite variance, which a `DefensiveMixture` with a bounded likelihood has.
  @inlinable
  public func importanceWeights(
    of x: Observation, from q: some LatentDistribution<Latent>, draws: Int,
    using generator: inout some RandomNumberGenerator
  ) -> ImportanceWeights {
    ImportanceWeights(
      logarithms: (0..<draws).map { _ in
        let z = q.sample(using: &generator)
        return logJoint(x, z) - q.logDensity(z)
      })
  }
}
