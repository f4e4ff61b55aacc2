import Foundation
import TinyNumerics
import ToyModels

// How hard it is to sample the evidence from the prior (eq. 2.8 and 2.12): the relative moments
//   M_m = E_{p(z)}[p(x|z)^m] / p(x)^m,
// of which M₂ − 1 = Var(p(x|z))/p(x)² is the relative variance of one draw.

/// What rounding does to e^a, a being a sum whose terms add up to no more than `size` in absolute
/// value: the relative error of e^a is the error of a.
func roundingOfExponential(_ value: Double, exponent size: Double) -> Double {
  value * rounding(size)
}

/// M_m in closed form. With A = WᵀΣ⁻¹W and h = WᵀΣ⁻¹(x − b), p(x|z) = p(x|0) exp(−½ zᵀAz + hᵀz),
/// and the Gaussian integral of its m-th power gives
///   M_m = |I + A|^{m/2} |I + mA|^{−½} exp(½ m² hᵀ(I + mA)⁻¹h − ½ m hᵀ(I + A)⁻¹h);
/// m = 2 is eq. 2.8. Exact.
func relativeMoment(_ m: Double, of model: LinearGaussianModel, at x: [Double]) -> Double {
  // With V = L⁻¹W and Σ = LLᵀ: A = VᵀV and h = VᵀL⁻¹(x − b).
  let whitened = model.noise.cholesky.whiten(model.weights)
  let a = whitened.transpose * whitened
  let h = whitened.transpose * model.noise.cholesky.whiten(zip(x, model.offset).map(-))
  let identity = Matrix.identity(model.latentDimension)
  guard let once = Cholesky(identity + a), let often = Cholesky(identity + m * a) else {
    fatalError("I + mA is positive definite")
  }
  return exp(
    0.5 * m * once.logDeterminant - 0.5 * often.logDeterminant
      + 0.5 * m * m * dot(h, often.solve(h)) - 0.5 * m * dot(h, once.solve(h)))
}

/// M_m by its definition for one latent dimension, by a double exponential rule over the line of z.
func relativeMomentOnLine(_ m: Int, of model: LinearGaussianModel, at x: [Double]) -> Integral {
  let logEvidence = model.logEvidence(of: x).value
  return integrate(over: -.infinity ... .infinity) { z in
    exp(
      Double(m) * (model.logLikelihood(x, given: [z]) - logEvidence)
        + Normal.standard.logDensity(z))
  }
}

/// M₂ by its definition, an expectation under the prior. Exact up to the prior's own rule, which
/// for a Gaussian prior sees only likelihoods that are not much narrower than it.
func secondMomentUnderPrior<Model: LatentVariableModel>(
  of model: Model, at x: Model.Observation
) -> Integral {
  let logEvidence = model.logEvidence(of: x).value
  return model.prior.expectation { exp(2 * (model.logLikelihood(x, given: $0) - logEvidence)) }
}

/// Eq. 2.12: M₂ = E_{p(z|x)}[p(x|z)] / p(x), because p(x|z) p(z) = p(z|x) p(x): a first moment
/// under the posterior instead of a second one under the prior. Exact up to the posterior's own
/// rule.
func secondMomentUnderPosterior<Model: LatentVariableModel>(
  of model: Model, at x: Model.Observation
) -> Integral {
  let logEvidence = model.logEvidence(of: x).value
  return model.posterior(given: x).expectation {
    exp(model.logLikelihood(x, given: $0) - logEvidence)
  }
}

/// The same for one latent dimension by a double exponential rule over the whole line: the Gaussian
/// posterior's own rule is good to six digits only.
func secondMomentUnderPosteriorOnLine(of model: LinearGaussianModel, at x: [Double]) -> Integral {
  let posterior = model.posterior(given: x)
  let logEvidence = model.logEvidence(of: x).value
  return integrate(
    over: -.infinity ... .infinity, centre: posterior.mean[0],
    scale: posterior.covariance[0, 0].squareRoot()
  ) { exp(posterior.logDensity([$0]) + model.logLikelihood(x, given: [$0]) - logEvidence) }
}

/// Eq. 2.12, sampled: the mean of p(x|z)/p(x) over posterior draws.
func secondMomentEstimate<Model: LatentVariableModel>(
  of model: Model, at x: Model.Observation, draws: Int,
  using generator: inout some RandomNumberGenerator
) -> Estimate {
  let posterior = model.posterior(given: x)
  let logEvidence = model.logEvidence(of: x).value
  return Estimate(draws: draws) {
    exp(model.logLikelihood(x, given: posterior.sample(using: &generator)) - logEvidence)
  }
}

/// The mean of (p(x|z)/p(x))² over prior draws: the same M₂, straight from its definition and far
/// noisier.
func secondMomentEstimateFromPrior<Model: LatentVariableModel>(
  of model: Model, at x: Model.Observation, draws: Int,
  using generator: inout some RandomNumberGenerator
) -> Estimate {
  let logEvidence = model.logEvidence(of: x).value
  return Estimate(draws: draws) {
    let z = model.prior.sample(using: &generator)
    return exp(2 * (model.logLikelihood(x, given: z) - logEvidence))
  }
}
