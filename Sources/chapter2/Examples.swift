import Foundation
import TinyNumerics
import ToyModels

/// A model, one observation, and the latents at which "every z" is looked at.
struct Example<Model: LatentVariableModel> {
  let name: String
  let model: Model
  let x: Model.Observation
  let latents: [Model.Latent]

  var posterior: Model.Posterior { model.posterior(given: x) }
}

/// The chapter's observations. The neural one lies next to where the ribbon crosses itself: two
/// latents explain it, so its posterior has two peaks.
enum Examples {
  static let mixture = Example(
    name: "mixture", model: MixtureModel.example, x: 2, latents: [0, 1, 2])

  static let line = Example(
    name: "linear-Gaussian, D = 1", model: LinearGaussianModel.line, x: [1.5, 0],
    latents: (-16...16).map { [Double($0) / 4] })

  static let plane = Example(
    name: "linear-Gaussian, D = 2", model: LinearGaussianModel.plane, x: [1, 0, -1],
    latents: (-6...6).flatMap { i in (-6...6).map { j in [Double(i) / 2, Double(j) / 2] } })

  static let neural = Example(
    name: "neural", model: NeuralModel.example, x: SIMD2(0.48, 0.3),
    latents: (-80...80).map { Double($0) / 20 })
}
