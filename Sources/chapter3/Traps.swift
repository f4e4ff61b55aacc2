import TinyNumerics
import ToyModels

// Eq. 3.T: the chapter's common mistakes, in nats: each wrong number as the wrong code computes it,
// and what the mistake comes to by another route.

/// E_q[log p(x|z)] + D(q ‖ p(z)): the divergence's sign flipped.
func flippedSign<Model: LatentVariableModel>(_ faces: FourFaces<Model>) -> Integral
where Model.Prior: ClosedFormGuide {
  faces.q.expectation { z in faces.model.logLikelihood(faces.x, given: z) }
    + Integral(exactly: faces.q.divergenceInClosedForm(from: faces.model.prior))
}

/// The flipped sign comes to ELBO + 2D(q ‖ p(z)) = log p(x) + 2D(q ‖ p(z)) − D(q ‖ p(z|x)): no
/// bound if q is further from the prior than half of what it is from the posterior.
func costOfFlippedSign(_ model: LinearGaussianModel, at x: [Double], guide q: Gaussian) -> Double {
  2 * klDivergence(q, relativeTo: model.prior)
    - klDivergence(q, relativeTo: model.posterior(given: x))
}

/// log p(x|z = µ) − D(q ‖ p(z)): the guide's mean put in where its expectation is meant.
func evaluatedAtTheMean(_ model: LinearGaussianModel, at x: [Double], guide q: Gaussian) -> Double {
  model.logLikelihood(x, given: q.mean) - klDivergence(q, relativeTo: model.prior)
}

/// What z = µ forgets: the cost of z's spread, ½ tr(WᵀΣ⁻¹W S), above the ELBO for every guide.
func costOfSpread(_ model: LinearGaussianModel, guide q: Gaussian) -> Double {
  let whitened = model.noise.cholesky.whiten(model.weights * q.cholesky.factor)
  return 0.5 * (0..<whitened.rows).reduce(0) { $0 + dot(whitened.row($1), whitened.row($1)) }
}

/// The guide that maximises E_q[log p(x|z)] − β D(q ‖ p(z)) for a linear-Gaussian model:
/// N(Λ_β⁻¹h/β, Λ_β⁻¹) with Λ_β = I + WᵀΣ⁻¹W/β. Averaging J pixels while summing D latents is β = J;
/// averaging both is β = J/D. The posterior is β = 1.
func bestGuide(_ model: LinearGaussianModel, at x: [Double], beta: Double) -> Gaussian {
  let joint = QuadraticJoint(model, at: x)
  let identity = Matrix.identity(joint.slope.count)
  let precision = identity + (1 / beta) * (joint.precision - identity)
  guard let factor = Cholesky(precision) else { fatalError("I + A/β is positive definite") }
  return Gaussian(
    mean: factor.solve(joint.slope.map { $0 / beta }), covariance: factor.inverse)
}

/// The same guide as a posterior: a likelihood to the power 1/β is one with the noise βΣ.
func posteriorOfNoisierModel(
  _ model: LinearGaussianModel, at x: [Double], beta: Double
) -> Gaussian {
  LinearGaussianModel(
    weights: model.weights, offset: model.offset, noiseCovariance: beta * model.noise.covariance
  ).posterior(given: x)
}

/// Σ_z ŵ log w, the gradient's weighting in the k-sample bound for very many samples: with ŵ ∝ w it
/// is E_{p(z|x)}[log w]; with a softmax of the *losses* −log w, ŵ ∝ 1/w, the worst sample counts
/// most. Both as sums over the mixture's z under q.
func weightedLogWeight(
  _ model: MixtureModel, at x: Double, guide q: Discrete, softmaxOfLosses: Bool
) -> Double {
  let logWeights = (0..<q.count).map { model.logJoint(x, $0) - q.logDensity($0) }
  let weights = zip(q.probabilities, logWeights).map { q, logWeight in
    q * exp(softmaxOfLosses ? -logWeight : logWeight)
  }
  return dot(Discrete(weights: weights).probabilities, logWeights)
}

/// The same as the slope of log E_q[wˢ] in s, at s = 1 or at s = −1. At s = 0 the slope is the
/// ELBO, and it rises with s (its own slope is a variance): so the losses' weights lead below the
/// ELBO.
func slopeOfLogMoment(
  _ model: MixtureModel, at x: Double, guide q: Discrete, power s: Double
) -> Integral {
  derivative(at: s) { s in
    logSumExp(
      (0..<q.count).map { s * model.logJoint(x, $0) + (1 - s) * q.logDensity($0) })
  }
}
