import Foundation
import TinyNumerics
import ToyModels

// Eq. 4.9: encode x as z ~ q(z|x), decode z as x_reco = f_θ(z), compare.

/// ‖x − f_θ(z)‖².
func squaredDistance(_ x: SIMD2<Double>, to z: Double, model: NeuralModel) -> Double {
  let error = x - model.meanNetwork(z)
  return (error * error).sum()
}

/// E_q‖x − f_θ(z)‖² by quadrature, averaged over the data.
func reconstructionError(
  _ guides: [some LatentDistribution<Double>], _ data: [SIMD2<Double>], model: NeuralModel
) -> Integral {
  let terms = zip(guides, data).map { q, x in
    q.expectation { squaredDistance(x, to: $0, model: model) }
  }
  return Integral(
    value: mean(terms.map(\.value)), error: mean(terms.map(\.error)),
    evaluations: terms.reduce(0) { $0 + $1.evaluations })
}

/// The same, sampled: in every round each data point is encoded and decoded once, and the round's mean
/// is one draw. (Rounds differ only by the codes: which x is looked at adds no variance.)
func sampledReconstructionError(
  _ guides: [some LatentDistribution<Double>], _ data: [SIMD2<Double>], model: NeuralModel,
  rounds: Int, using generator: inout some RandomNumberGenerator
) -> Estimate {
  Estimate(draws: rounds) {
    var sum = 0.0
    for (q, x) in zip(guides, data) {
      sum += squaredDistance(x, to: q.sample(using: &generator), model: model)
    }
    return sum / Double(data.count)
  }
}

/// What a perfect encoder leaves. With z ~ p(z|x) for an x of the model, (x, z) is distributed as the
/// model's own pairs, so the distance to f_θ(z) is the noise:
///   E_{p(x)} E_{p(z|x)}‖x − f_θ(z)‖² = E_{p(z)}[Σ_j e^{g_j(z)}].
func meanNoise(of model: NeuralModel) -> Integral {
  model.prior.expectation { z in
    let g = model.logVarianceNetwork(z)
    return exp(g.x) + exp(g.y)
  }
}

/// Draws codes from p(z|x) on the nodes of a grid over |z| ≤ 6. (A sum over nodes 0.04 apart is an
/// integral to far below a draw's noise, as long as no posterior is narrower than that.)
struct PosteriorEncoder {
  private let model: NeuralModel
  private let table: TabulatedDecoder

  init(of model: NeuralModel) {
    self.model = model
    table = TabulatedDecoder(decoderNetwork(of: model), on: Grid(over: -6...6, count: 300))
  }

  /// One pair of the model, its code thrown away, x encoded and decoded again: ‖x − x_reco‖².
  func distance(using generator: inout some RandomNumberGenerator) -> Double {
    let (_, x) = model.sample(using: &generator)
    let logJoint = table.logJoint(x)
    let largest = logJoint.max()!
    let z = table.z[generator.categorical(logJoint.map { exp($0 - largest) })]
    return squaredDistance(x, to: z, model: model)
  }
}
