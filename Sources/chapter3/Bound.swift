import TinyNumerics
import ToyModels

/// A guide's bound and what it bounds, in nats.
struct BoundCase {
  let elbo: Double
  let logEvidence: Double
  var margin: Double { logEvidence - elbo }
}

/// Eq. 3.8: the bound for `count` random guides of each model, x drawn from the model each time.
/// - mixture: sums;
/// - linear-Gaussian: the ELBO from the parabola log p(x, z), the evidence from p(x) = N(b, WWᵀ + Σ);
/// - neural: the ELBO by quadrature under q, the evidence by quadrature over z.
struct RandomBounds {
  var mixture: [BoundCase] = []
  /// The total variation ½ Σ |q − p(z|x)| of the mixture's guides.
  var totalVariations: [Double] = []
  var gaussian: [BoundCase] = []
  var neural: [BoundCase] = []

  /// - Parameter neuralObservations: how many x of the neural model, each with twenty guides (its
  ///   evidence costs a thousand passes through the networks).
  init(
    count: Int, neuralObservations: Int, using generator: inout some RandomNumberGenerator
  ) {
    for _ in 0..<count { addMixture(using: &generator) }
    for _ in 0..<count { addGaussian(using: &generator) }
    for _ in 0..<neuralObservations { addNeural(guides: 20, using: &generator) }
  }

  private mutating func addMixture(using generator: inout some RandomNumberGenerator) {
    let model = Example.mixture
    let (_, x) = model.sample(using: &generator)
    let q = Discrete.random(outcomes: model.prior.count, using: &generator)
    let derivation = Derivation(model, at: x, guide: q)
    mixture.append(
      BoundCase(elbo: derivation.elbo.value, logEvidence: derivation.logEvidence.value))
    let posterior = model.posterior(given: x)
    let differences = zip(q.probabilities, posterior.probabilities).map { abs($0 - $1) }
    totalVariations.append(0.5 * differences.reduce(0, +))
  }

  private mutating func addGaussian(using generator: inout some RandomNumberGenerator) {
    let model = Example.plane
    let (_, x) = model.sample(using: &generator)
    let q = Gaussian.random(dimension: model.latentDimension, using: &generator)
    gaussian.append(
      BoundCase(
        elbo: QuadraticJoint(model, at: x).elbo(q), logEvidence: model.logEvidence(of: x).value))
  }

  private mutating func addNeural(
    guides: Int, using generator: inout some RandomNumberGenerator
  ) {
    let model = Example.neural
    let (_, x) = model.sample(using: &generator)
    let logEvidence = model.logEvidence(of: x).value
    for _ in 0..<guides {
      let q = Normal.random(using: &generator)
      let elbo = q.expectation { z in model.logJoint(x, z) - q.logDensity(z) }
      neural.append(BoundCase(elbo: elbo.value, logEvidence: logEvidence))
    }
  }
}
