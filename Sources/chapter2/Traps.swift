import Foundation
import TinyNumerics
import ToyModels

// Eq. 2.T: wrong formulas that people really write, each beside the right one, in nats.

/// E_{p(z)}[log p(x|z)], the mean of logarithms, taken for log E_{p(z)}[p(x|z)].
func meanOfLogs<Model: LatentVariableModel>(of model: Model, at x: Model.Observation) -> Integral {
  model.prior.expectation { model.logLikelihood(x, given: $0) }
}

/// log Σ_z exp(log p(x, z)), as if exp could not underflow. Below 4.9e-324 it is zero, and just
/// above that a `Double` has hardly a digit left.
func logEvidenceThroughProbabilities(of model: MixtureModel, at x: Double) -> Double {
  log((0..<model.prior.count).reduce(0) { $0 + exp(model.logJoint(x, $1)) })
}

/// log ∫ min(1, p(x|z)) p(z) dz: densities above 1 "corrected", because a probability cannot exceed
/// 1. A density can.
func logEvidenceWithClampedDensity(of model: NeuralModel, at x: SIMD2<Double>) -> Integral {
  // Equally spaced nodes: a kink harms them least.
  Grid(over: -8...8, count: 4096).integrate { z in
    exp(min(0, model.logLikelihood(x, given: z)) + model.prior.logDensity(z))
  }.logarithm
}

/// log E_q[p(x|z) e^{−D}] with D = D(q ‖ p(z)): the ELBO's divergence put inside an evidence
/// estimator, where the log-ratio log p(z) − log q(z) of each draw belongs.
func logEvidenceWithDivergenceInside<Model: LatentVariableModel>(
  of model: Model, at x: Model.Observation, guide q: some LatentDistribution<Model.Latent>
) -> Double {
  let divergence = q.divergence(from: model.prior).value
  return log(q.expectation { exp(model.logLikelihood(x, given: $0)) }.value) - divergence
}

/// log p(X) of a data set as a loop over minibatches that says `total = …` where it means `total +=
/// …`.
func logEvidenceOfLastBatch(_ logEvidences: [Double], batch: Int) -> Double {
  var total = 0.0
  for start in stride(from: 0, to: logEvidences.count, by: batch) {
    total = logEvidences[start..<min(start + batch, logEvidences.count)].reduce(0, +)
  }
  return total
}
