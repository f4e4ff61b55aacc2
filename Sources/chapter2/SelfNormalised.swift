import TinyNumerics
import ToyModels

/// Eq. 2.6: E_{p(z|x)}[f] ≈ Σ w f / Σ w with z ~ q and w = p(x, z)/q(z). The unknown p(x) cancels.
/// Sampled; a ratio, with the delta method's standard error, which is honest only if q is no
/// narrower than the posterior.
func selfNormalisedMean<Model: LatentVariableModel>(
  of model: Model, given x: Model.Observation, from q: some LatentDistribution<Model.Latent>,
  draws: Int, using generator: inout some RandomNumberGenerator, _ f: (Model.Latent) -> Double
) -> (value: Double, standardError: Double) {
  var (logWeights, values) = ([Double](), [Double]())
  for _ in 0..<draws {
    let z = q.sample(using: &generator)
    logWeights.append(model.logJoint(x, z) - q.logDensity(z))
    values.append(f(z))
  }
  return ImportanceWeights(logarithms: logWeights).expectation(of: values)
}
