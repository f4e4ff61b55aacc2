import TinyNumerics
import ToyModels

/// Eq. 3.9, in nats: Jensen's inequality log E_q[w] ≥ E_q[log w] for w = p(x, z)/q(z), both sides
/// by q's own sum or quadrature. E_q[w] = ∫ p(x, z) dz = p(x), so the left side is log p(x); the
/// right side is the ELBO; the gap is D(q ‖ p(z|x)) again.
///
/// - Requires: a q that covers the posterior, or the quadrature under q does not see all of w.
func jensen<Model: LatentVariableModel>(
  _ model: Model, at x: Model.Observation, guide q: some LatentDistribution<Model.Latent>
) -> (logOfMean: Integral, meanOfLog: Integral) {
  func logWeight(_ z: Model.Latent) -> Double { model.logJoint(x, z) - q.logDensity(z) }
  let meanOfLog = q.expectation(of: logWeight)
  // Weights are taken relative to e^{E log w}, so that none of them leaves the range of `Double`.
  let mean = q.expectation { z in exp(logWeight(z) - meanOfLog.value) }
  return (Integral(exactly: meanOfLog.value) + mean.logarithm, meanOfLog)
}
