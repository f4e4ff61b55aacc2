import Foundation
import TinyNumerics
import ToyModels

// Eq. 3.T: the chapter's common mistakes, each as the wrong number and the right one, in nats.

/// E_q[log p(x|z)] + D(q ‖ p(z)): the divergence's sign flipped. It is off by 2D, and it is no bound.
func flippedSign<Model: LatentVariableModel>(_ faces: FourFaces<Model>) -> Double
where Model.Prior: ClosedFormGuide {
  let divergence = faces.q.divergenceInClosedForm(from: faces.model.prior)
  return faces.reconstructionAndRegulariser.value + 2 * divergence
}

/// log p(x|z = µ) − D(q ‖ p(z)): the guide's mean put in where its expectation is meant. It forgets what
/// the spread of z costs; for a linear-Gaussian likelihood that is ½ tr(WᵀΣ⁻¹W S).
func evaluatedAtTheMean(_ model: LinearGaussianModel, at x: [Double], guide q: Gaussian) -> Double {
  model.logLikelihood(x, given: q.mean) - klDivergence(q, relativeTo: model.prior)
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

/// Σ_z ŵ log w, the gradient's weighting in the k-sample bound for very many samples: with ŵ ∝ w it is
/// E_{p(z|x)}[log w]; with a softmax of the *losses* −log w, ŵ ∝ 1/w, the worst sample counts most.
/// Both as sums over the mixture's z under q.
func weightedLogWeight(
  _ model: MixtureModel, at x: Double, guide q: Discrete, softmaxOfLosses: Bool
) -> Double {
  let logWeights = (0..<q.count).map { model.logJoint(x, $0) - q.logDensity($0) }
  let weights = zip(q.probabilities, logWeights).map { q, logWeight in
    q * exp(softmaxOfLosses ? -logWeight : logWeight)
  }
  return dot(Discrete(weights: weights).probabilities, logWeights)
}
