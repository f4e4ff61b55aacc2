import ImageModels
import TinyNetworks
import TinyNumerics
import ToyModels

/// Row 6.6: data drawn from chapter 2's neural model, and what is made of them.
struct RibbonStudy {
  let data: [SIMD2<Double>]
  let plane: RibbonPlane
  /// Fresh networks, and what the ELBO makes of them.
  let fresh: RibbonVAE
  let trained: RibbonVAE
  /// Maximum likelihood (with a prior on θ): the best of several fresh starts.
  let fitted: RibbonVAE
  /// The same from the truth itself, with networks of its own size.
  let nearby: RibbonVAE
  /// The ELBO's climb, from the truth.
  let bent: RibbonVAE

  static let dataCount = 2000
  static let trainingSteps = 4000
  static let starts = 12

  /// How often `eachClimb` is told.
  static let climbs = starts + 4 + 3

  init(seed: UInt64, model: NeuralModel = .example, eachClimb: @Sendable () -> Void = {}) {
    var draws = Threefry(seed: seed, row: 6, part: 1)
    let data = (0..<RibbonStudy.dataCount).map { _ in model.sample(using: &draws).x }
    self.data = data
    plane = RibbonPlane(RibbonJoint(model))
    var weights = Threefry(seed: seed, row: 6, part: 2)
    fresh = RibbonVAE(using: &weights)
    var noise = Threefry(seed: seed, row: 6, part: 3)
    trained = trainedOnELBO(
      fresh, data: data, steps: RibbonStudy.trainingSteps, using: &noise)
    let starts = [fresh] + (1..<RibbonStudy.starts).map { _ in RibbonVAE(using: &weights) }
    fitted = mostProbable(starts, data: data, eachClimb: eachClimb)
    let truth = RibbonVAE(copying: model, using: &weights)
    nearby = mostProbable([truth], data: data, eachClimb: eachClimb)
    bent = trainedOnELBO(
      truth, data: data, steps: RibbonStudy.trainingSteps, using: &noise)
  }

  /// (1/N) Σ_i log p(x_i), in nats.
  func meanLogLikelihood(_ joint: RibbonJoint) -> Double {
    mean(data.map(joint.logEvidence))
  }
}

/// θ that is most probable given the data when each entry of θ is N(0, 1) beforehand:
///   argmax (1/N) [Σ_i log p_θ(x_i) − ½‖θ‖²].
/// Without that prior there need not be a maximum: a stretch of ribbon that narrows upon one data
/// point raises the likelihood without bound (6.T).
///
/// By BFGS on `RibbonLikelihood`: all starts for a while on a coarse grid of z, the best three for
/// longer, the best one to the end on a finer grid. Of the many maxima it finds a high one, not the
/// highest.
func mostProbable(
  _ starts: [RibbonVAE], data: [SIMD2<Double>], eachClimb: @Sendable () -> Void = {}
) -> RibbonVAE {
  var candidates = starts.map { (vae: $0, value: 0.0) }
  for (kept, nodes, iterations) in [(starts.count, 64, 60), (3, 64, 100), (1, 128, 200)] {
    let chosen = candidates.prefix(kept).map(\.vae)
    candidates = concurrentMap(chosen.count, each: eachClimb) {
      climbed(chosen[$0], data: data, nodes: nodes, iterations: iterations)
    }
    candidates.sort { $0.value > $1.value }
  }
  return candidates[0].vae
}

private func climbed(
  _ vae: RibbonVAE, data: [SIMD2<Double>], nodes: Int, iterations: Int
) -> (vae: RibbonVAE, value: Double) {
  var likelihood = RibbonLikelihood(of: vae, data: data, nodes: nodes)
  let weight = 1 / Double(data.count)
  let ascent = maximise(from: vae.theta, tolerance: 1e-6, iterations: iterations) { theta in
    let (value, gradient) = likelihood(theta)
    return (
      value - 0.5 * weight * dot(theta, theta), zip(gradient, theta).map { $0 - weight * $1 }
    )
  }
  var result = vae
  result.theta = ascent.point
  return (result, ascent.value)
}
