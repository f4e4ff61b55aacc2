import TinyNetworks
import TinyNumerics

/// Training steps of a Bernoulli VAE with one hidden softplus layer on each side, Adam, in `Float`.
private func training(
  _ name: String, pixels: Int, hidden: Int, latents: Int, batch: Int, images: Int
) -> Workload {
  Workload(name: name, unit: "images a second") {
    var generator = Threefry(seed: 1)
    let data = Rows(
      (0..<images * pixels).map { _ in generator.uniform() < 0.3 ? Float(1) : 0 }, width: pixels)
    let model = VariationalAutoencoder<Float>(
      dataWidth: pixels, hidden: [hidden], latentDimension: latents, activation: .softplus,
      likelihood: .bernoulli, using: &generator)
    let trainer = Running(Trainer(model, batchSize: batch, learningRate: 1e-3, seed: 1))
    return {
      _ = trainer.trainer.epoch(over: data)
      return Double(images)
    }
  }
}

/// A trainer that a closure can hold on to.
private final class Running {
  var trainer: Trainer<Float>

  init(_ trainer: consuming Trainer<Float>) { self.trainer = trainer }
}

/// The Pyro tutorial's shape at two batch sizes, and chapter 6's digits.
let trainingWorkloads = [
  training("pyro-256", pixels: 784, hidden: 400, latents: 50, batch: 256, images: 4096),
  training("pyro-128", pixels: 784, hidden: 400, latents: 50, batch: 128, images: 4096),
  training("digits", pixels: 64, hidden: 128, latents: 2, batch: 100, images: 1500),
]
