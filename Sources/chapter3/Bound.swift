import Notebook
import TinyNumerics
import ToyModels

/// A guide's bound, what it bounds, and D(q ‖ p(z|x)) with the posterior's own normaliser, in nats.
struct BoundCase {
  let elbo: Integral
  let logEvidence: Integral
  let gap: Integral
  /// The largest number that the sides were added up from.
  let scale: Double

  var margin: Integral { logEvidence - elbo }

  var check: Check {
    .exact(
      "3.8", "log p(x) − ELBO = D(q‖p(z|x)) for a random q", margin.value, gap.value,
      allowance: margin.error + gap.error + rounding(1, scale))
  }
}

/// Eq. 3.8: the bound for `count` random guides of each model, x drawn from the model each time;
/// some of them are near the posterior, where the bound is tight.
/// - mixture: sums;
/// - linear-Gaussian: the ELBO from the parabola log p(x, z), the evidence from p(x) = N(b, WWᵀ +
///   Σ);
/// - neural: the ELBO by quadrature under q, the evidence by quadrature over z.
struct RandomBounds {
  var mixture: [BoundCase] = []
  /// The total variation of the mixture's guides: ½ Σ |q − p(z|x)|, and 1 − Σ min(q, p(z|x)).
  var totalVariations: [(halfSum: Double, overlap: Double)] = []
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
    let (derivation, posterior) = (Derivation(model, at: x, guide: q), model.posterior(given: x))
    mixture.append(
      BoundCase(
        elbo: derivation.elbo, logEvidence: derivation.logEvidence,
        gap: Integral(exactly: klDivergence(q, relativeTo: posterior)),
        scale: derivation.elbo.value))
    let pairs = zip(q.probabilities, posterior.probabilities)
    totalVariations.append(
      (
        0.5 * pairs.reduce(0) { $0 + abs($1.0 - $1.1) },
        1 - pairs.reduce(0) { $0 + min($1.0, $1.1) }
      ))
  }

  private mutating func addGaussian(using generator: inout some RandomNumberGenerator) {
    let model = Example.plane
    let (_, x) = model.sample(using: &generator)
    let posterior = model.posterior(given: x)
    let q = posterior.moved(
      towards: .random(dimension: model.latentDimension, using: &generator),
      share: .randomShare(using: &generator))
    let joint = QuadraticJoint(model, at: x)
    gaussian.append(
      BoundCase(
        elbo: Integral(exactly: joint.elbo(q)), logEvidence: model.logEvidence(of: x),
        gap: Integral(exactly: klDivergence(q, relativeTo: posterior)),
        scale: max(abs(joint.atOrigin), abs(joint.elbo(q)))))
  }

  private mutating func addNeural(
    guides: Int, using generator: inout some RandomNumberGenerator
  ) {
    let model = Example.neural
    let (_, x) = model.sample(using: &generator)
    let (logEvidence, posterior) = (model.logEvidence(of: x), model.posterior(given: x))
    for _ in 0..<guides {
      let q = DefensiveMixture(
        of: Normal.random(using: &generator), and: posterior,
        priorShare: 1 - .randomShare(using: &generator))
      let elbo = q.expectation { z in model.logJoint(x, z) - q.logDensity(z) }
      neural.append(
        BoundCase(
          elbo: elbo, logEvidence: logEvidence, gap: q.divergence(from: posterior),
          scale: elbo.value))
    }
  }
}
