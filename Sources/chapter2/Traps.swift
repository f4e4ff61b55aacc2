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

/// What that gives, in nats: the smallest positive `Double` is 2⁻¹⁰⁷⁴, and a number near it is
/// rounded to a whole multiple of it.
func logEvidenceInSmallestSteps(of model: MixtureModel, at x: Double) -> Double {
  let logStep = -1074 * log(2.0)
  let steps = (0..<model.prior.count).reduce(0) {
    $0 + exp(model.logJoint(x, $1) - logStep).rounded()
  }
  return log(steps) + logStep
}

/// log ∫ min(1, p(x|z)) p(z) dz: densities above 1 "corrected", because a probability cannot exceed
/// 1. A density can.
func logEvidenceWithClampedDensity(of model: NeuralModel, at x: SIMD2<Double>) -> Integral {
  // Equally spaced nodes: a kink harms them least.
  Grid(over: -8...8, count: 4096).integrate { z in
    exp(min(0, model.logLikelihood(x, given: z)) + model.prior.logDensity(z))
  }.logarithm
}

/// ∫ (p(x|z) − 1) p(z) dz where p(x|z) > 1: what the clamp cuts off. By a double exponential rule
/// on each of the stretches, whose ends are found by halving.
func massAboveDensityOne(of model: NeuralModel, at x: SIMD2<Double>) -> Integral {
  let nodes = (-800...800).map { Double($0) / 100 }
  let ends = zip(nodes, nodes.dropFirst()).compactMap { a, b -> Double? in
    let rises = model.logLikelihood(x, given: a) <= 0
    guard rises == (model.logLikelihood(x, given: b) > 0) else { return nil }
    var (low, high) = (a, b)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if (model.logLikelihood(x, given: middle) <= 0) == rises {
        low = middle
      } else {
        high = middle
      }
    }
    return low
  }
  return stride(from: 0, to: ends.count - 1, by: 2).reduce(Integral(exactly: 0)) { sum, i in
    sum
      + integrate(over: ends[i]...ends[i + 1]) { z in
        expm1(model.logLikelihood(x, given: z)) * Normal.standard.density(z)
      }
  }
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
