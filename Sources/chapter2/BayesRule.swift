import TinyNumerics
import ToyModels

/// Eq. 2.1 at one z, in nats: log p(z|x) + log p(x) = log p(x|z) + log p(z).
///
/// The posterior on the left is computed in another way than the model's densities on the right
/// (odds, another factorisation, the page's formulas and another quadrature rule), so that the left
/// side does not know the right one. Exact up to the two rules' errors.
struct BayesRule<Latent> {
  let z: Latent
  let logPosterior: Double
  let logEvidence: Double
  let logLikelihood: Double
  let logPrior: Double
  /// The error estimates of evidence and posterior, and rounding.
  let allowance: Double

  var left: Double { logPosterior + logEvidence }
  var right: Double { logLikelihood + logPrior }
}

/// Bayes' rule at each of the latents.
func bayesRule<Model: LatentVariableModel>(
  of model: Model, at x: Model.Observation, latents: [Model.Latent],
  posterior: some LatentDistribution<Model.Latent>
) -> [BayesRule<Model.Latent>] {
  let evidence = model.logEvidence(of: x)
  let normaliserError = model.logEvidenceByAnotherRoute(of: x).error
  return latents.map { z in
    let logPosterior = posterior.logDensity(z)
    let (logLikelihood, logPrior) = (model.logLikelihood(x, given: z), model.prior.logDensity(z))
    return BayesRule(
      z: z, logPosterior: logPosterior, logEvidence: evidence.value,
      logLikelihood: logLikelihood, logPrior: logPrior,
      allowance: evidence.error + normaliserError
        + rounding(
          logPosterior, evidence.value, logLikelihood, logPrior, terms: evidence.evaluations))
  }
}
