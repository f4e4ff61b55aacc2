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

  /// By Bayes' rule read backwards: p(x) = p(x, z)/p(z|x) at the likeliest z, with the posterior
  /// from odds.
  public func logEvidenceByAnotherRoute(of x: Double) -> Integral {
    let posterior = posterior(given: x)
    let z = posterior.probabilities.indices.max {
      posterior.probabilities[$0] < posterior.probabilities[$1]
    }!
    let logarithm = logJoint(x, z) - posterior.logProbability(z)
    return Integral(value: logarithm, error: 0, evaluations: prior.count)
  }

  /// From odds, without the evidence or any density: p(z|x) = 1 / Σ_j p(x, j)/p(x, z), a sum for
  /// each z, with quadratic functions of x for the logarithms of the odds:
  ///   log p(x, j)/p(x, z) = log(π_j σ_z / π_z σ_j) − ½ ((x − µ_j)/σ_j)² + ½ ((x − µ_z)/σ_z)².
  public func posterior(given x: Double) -> Discrete {
    let scores = zip(prior.probabilities, components).map { probability, normal in
      let standardised = (x - normal.mean) / normal.standardDeviation
      return log(probability / normal.standardDeviation) - 0.5 * standardised * standardised
    }
    return Discrete(
      probabilities: scores.map { score in 1 / scores.reduce(0) { $0 + exp($1 - score) } })
  }

  @inlinable
  public func sampleObservation(
    given z: Int, using generator: inout some RandomNumberGenerator
  ) -> Double {
    components[z].sample(using: &generator)
  }
}
