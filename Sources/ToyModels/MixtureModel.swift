import TinyNumerics

/// z is one of K classes with probabilities π; x is a real number, x|z=k ~ N(µ_k, σ_k²).
/// Every sum over z is finite, so nothing here is approximate.
public struct MixtureModel: LatentVariableModel {
  public let prior: Discrete
  public let components: [Normal]

  /// - Requires: as many components as classes.
  public init(weights: [Double], components: [Normal]) {
    require(weights.count == components.count, "one component for each class")
    prior = Discrete(weights: weights)
    self.components = components
  }

  /// Three overlapping classes: the chapters' example.
  public static let example = MixtureModel(
    weights: [0.5, 0.3, 0.2],
    components: [
      Normal(mean: -2, standardDeviation: 0.7), Normal(mean: 0.5, standardDeviation: 0.5),
      Normal(mean: 3, standardDeviation: 1.2),
    ])

  public var name: String { "mixture" }

  @inlinable
  public func logLikelihood(_ x: Double, given z: Int) -> Double { components[z].logDensity(x) }

  /// log Σ_k π_k N(x; µ_k, σ_k²), its largest term taken out first.
  public func logEvidence(of x: Double) -> Integral {
    let logarithm = logSumExp((0..<prior.count).map { logJoint(x, $0) })
    return Integral(value: logarithm, error: 0, evaluations: prior.count)
  }

  /// By Bayes' rule read backwards: p(x) = p(x, z)/p(z|x) at the likeliest z, with the posterior from
  /// odds, p(z|x) = 1 / Σ_j (p(x, j)/p(x, z)).
  public func logEvidenceByAnotherRoute(of x: Double) -> Integral {
    let posterior = posterior(given: x)
    let z = posterior.probabilities.indices.max {
      posterior.probabilities[$0] < posterior.probabilities[$1]
    }!
    let logarithm = logJoint(x, z) - posterior.logProbability(z)
    return Integral(value: logarithm, error: 0, evaluations: prior.count)
  }

  /// From odds, without the evidence: p(z|x) = 1 / Σ_j exp(log p(x, j) − log p(x, z)).
  public func posterior(given x: Double) -> Discrete {
    Discrete(
      probabilities: (0..<prior.count).map { z in
        1 / (0..<prior.count).reduce(0) { $0 + exp(logJoint(x, $1) - logJoint(x, z)) }
      })
  }

  @inlinable
  public func sampleObservation(
    given z: Int, using generator: inout some RandomNumberGenerator
  ) -> Double {
    components[z].sample(using: &generator)
  }
}
