import TinyNumerics
import ToyModels

/// Eq. 3.1–3.6, in nats: post K's derivation of the ELBO, its figures KL-0 to KL-5, for one model,
/// one observation x and one guide q. Every line is evaluated as it stands, by q's own sum or
/// quadrature.
///
/// The posterior in line 3.1 has its own normaliser; log p(x) in the later lines is `logEvidence`,
/// a different computation. So no line is the line before in other words.
///
/// - Requires: p(x, z) > 0 wherever q(z) > 0.
struct Derivation<Model: LatentVariableModel, Guide: LatentDistribution<Model.Latent>> {
  let model: Model
  let x: Model.Observation
  let q: Guide
  let logEvidence: Integral

  init(_ model: Model, at x: Model.Observation, guide q: Guide) {
    self.model = model
    self.x = x
    self.q = q
    logEvidence = model.logEvidence(of: x)
  }

  /// Eq. 3.1 (KL-0, KL-1): D(q ‖ p(z|x)) = −Σ_z q(z) log(p(z|x) / q(z)).
  var definition: Integral {
    let posterior = model.posterior(given: x)
    return -q.expectation { z in posterior.logDensity(z) - q.logDensity(z) }
  }

  /// Eq. 3.2 (KL-2), Bayes' rule p(z|x) = p(x, z)/p(x) put in:
  /// −Σ_z q(z) log(p(x, z) / (q(z) p(x))).
  var bayesPutIn: Integral {
    let logEvidence = logEvidence.value
    return -q.expectation { z in model.logJoint(x, z) - (q.logDensity(z) + logEvidence) }
      .adding(error: self.logEvidence.error)
  }

  /// Eq. 3.3 (KL-3), the logarithm split: −[Σ_z q(z) log(p(x, z)/q(z)) − Σ_z q(z) log p(x)].
  var logarithmSplit: Integral { -(elbo - evidenceUnderTheSum) }

  /// Eq. 3.4, its left side ("Note that"): Σ_z q(z) log p(x) = log p(x), because Σ_z q(z) = 1.
  var evidenceUnderTheSum: Integral {
    let logEvidence = logEvidence.value
    return q.expectation { _ in logEvidence }.adding(error: self.logEvidence.error)
  }

  /// Eq. 3.5 (KL-5): D(q ‖ p(z|x)) = log p(x) − Σ_z q(z) log(p(x, z)/q(z)).
  var evidenceTakenOut: Integral { logEvidence - elbo }

  /// The evidence lower bound: ELBO = Σ_z q(z) log(p(x, z)/q(z)).
  var elbo: Integral { q.expectation { z in model.logJoint(x, z) - q.logDensity(z) } }

  /// Eq. 3.6, its right side (KL-rearrange): ELBO + D(q ‖ p(z|x)), which is log p(x).
  var boundPlusGap: Integral { elbo + definition }
}
