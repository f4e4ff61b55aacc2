import Notebook
import TinyNumerics
import ToyModels

/// Eq. 3.8 with an evidence that is only estimated: ELBO(q) beside log p̂(x) from importance
/// sampling, log p̂ = log (1/S) Σ_s p(x, z_s)/q_α(z_s), with the defensive proposal q_α = (1 − α) q
/// + α p(z) of eq. 2.5, whose weights are bounded. All in nats.
struct ImportanceBound {
  let model: String
  let guide: String
  /// The relative error of p̂(x) that the check undertakes to notice.
  let promise: Double
  let elbo: Integral
  let logEvidence: Integral
  let weights: ImportanceWeights

  init<Model: LatentVariableModel, Guide: LatentDistribution<Model.Latent>>(
    _ model: Model, at x: Model.Observation, guide q: Guide, named guide: String,
    priorShare: Double = 0.05, promise: Double = 0.01, draws: Int, generator: Threefry
  ) {
    var generator = generator
    self.model = model.name
    self.guide = guide
    self.promise = promise
    let derivation = Derivation(model, at: x, guide: q)
    elbo = derivation.elbo
    logEvidence = derivation.logEvidence
    let proposal = DefensiveMixture(of: q, and: model.prior, priorShare: priorShare)
    weights = model.importanceWeights(of: x, from: proposal, draws: draws, using: &generator)
  }

  /// log p̂(x) and its standard error, to first order the relative one of the mean weight.
  var estimate: Double { weights.logMean }
  var standardError: Double { weights.relativeStandardError }

  /// p̂(x)/p(x): a plain mean of independent weights, so its z-score is honest.
  var ratio: Double { exp(weights.logMean - logEvidence.value) }

  var checks: [Check] {
    [
      .bound(
        "3.8", "ELBO ≤ log p(x) by importance sampling: \(model), \(guide)", lower: elbo.value,
        upper: estimate, standardError: standardError),
      .monteCarlo(
        "3.8", "importance sampling/p(x) = 1: \(model), \(guide)", estimate: ratio,
        standardError: ratio * standardError, exact: 1, promise: promise),
    ]
  }
}
