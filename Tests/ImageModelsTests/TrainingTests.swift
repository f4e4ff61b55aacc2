import Foundation
import Notebook
import TestSupport
import Testing
import TinyNetworks
import TinyNumerics

@testable import ImageModels

@Suite("eq. 6.1: training")
struct TrainingTests {
  /// An equal PyTorch model reaches a mean held-out ELBO of −20.79 nats over 5 seeds, standard
  /// deviation 0.16; ours may lie two standard errors of the difference of the two means below it.
  @Test("five seeds learn as well as an equal PyTorch model")
  func fiveSeeds() throws {
    let dataset = try Dataset.digits()
    let encoding = PixelEncoding(.bernoulli, brightest: 16)
    var unused = Threefry(seed: 1)
    let heldOut: Rows<Double> = encoding.entries(dataset.heldOut.levels[...], using: &unused)
    let elbos = Estimate(
      try (1...5).map { seed in
        let experiment = Experiment(seed: UInt64(seed))
        let start = untrained(experiment, encoding: encoding, pixels: 64)
        let model = try train(experiment, on: dataset, encoding: encoding, from: start).model
        let bound = ExactELBO(
          of: model.decoder, guides: model.guides(for: heldOut), images: heldOut)
        #expect(bound.errors.allSatisfy { $0 < 1e-6 })
        return mean(bound.terms.map(\.elbo))
      })
    let standardError = ((0.16 * 0.16 + elbos.variance) / 5).squareRoot()
    #expect(elbos.mean > -20.79 - 2 * standardError)
  }

  @Test("an interruption ends training after the batch, and keeps what was learned")
  func interruption() throws {
    let experiment = Experiment(hidden: [8], epochs: 50)
    let dataset = try Dataset.digits()
    let encoding = PixelEncoding(.bernoulli, brightest: 16)
    let start = untrained(experiment, encoding: encoding, pixels: 64)
    var batches = 0
    let result = try train(
      experiment, on: dataset, encoding: encoding, from: start,
      isInterrupted: {
        batches += 1
        return batches == 20
      })
    #expect(batches == 20, "the second of 15 batches an epoch: nothing was asked after it")
    #expect(result.wasInterrupted && result.history.training.count == 2)
    #expect(
      result.model.decoder.network.parameters
        != start.decoder.network.parameters.map { Double($0) })
  }

  @Test("a loss that is no number stops the training with epoch, batch and remedy")
  func divergence() throws {
    let experiment = Experiment(hidden: [8], epochs: 50, learningRate: 0.25)
    let dataset = try Dataset.digits()
    let encoding = PixelEncoding(.bernoulli, brightest: 16)
    var start = untrained(experiment, encoding: encoding, pixels: 64)
    start.decoder.network.parameters[0] = .nan
    let error = try #require(throws: Failure.self) {
      _ = try train(experiment, on: dataset, encoding: encoding, from: start)
    }
    #expect(error.status == .wrongCommandLine)
    #expect(error.message.contains("epoch 1, batch 1:"))
    #expect(error.message.contains("below 0.25, such as 0.025"))
  }
}

@Suite("Training that diverges")
struct DivergenceTests {
  /// A network that answers with its last biases alone.
  private func model(mean: Double, logVariance: Double) -> VariationalAutoencoder<Double> {
    var model = smallModel(pixels: 4, latent: 2, hidden: [3], seed: 1)
    model.answer(mean: [mean, 0], logVariance: [logVariance, 0])
    return model
  }

  @Test("guides that are no distributions are refused, ones that are narrow or far are not")
  func guides() throws {
    let images = Rows([[0.0, 1, 1, 0]])
    for (mean, logVariance) in [(0, 0), (1000, -20), (-9e5, 80), (1e-10, -80)]
      as [(Double, Double)]
    {
      let usable = model(mean: mean, logVariance: logVariance)
      try requireUsable(usable, for: images, learningRate: 1)
      #expect(usable.guides(for: images)[0].mean == [mean, 0])
    }
    // σ² is no number in single precision; or σ, beside µ, is lost.
    for (means, logVariances) in [
      ([Double.nan, .infinity, -.infinity, 1e8], [0.0]),
      ([0], [.nan, .infinity, -.infinity, 88, -88, 710, -750]), ([1000], [-30]),
    ] {
      for (mean, logVariance) in means.flatMap({ mean in logVariances.map { (mean, $0) } }) {
        let error = try #require(throws: Failure.self) {
          try requireUsable(
            model(mean: mean, logVariance: logVariance), for: images, learningRate: 0.5)
        }
        #expect(error.status == .wrongCommandLine)
        #expect(error.message.contains("--learning-rate 0.5: choose a smaller one"))
      }
    }
    var broken = model(mean: 0, logVariance: 0)
    broken.decoder.network.parameters[0] = .nan
    #expect(throws: Failure.self) { try requireUsable(broken, for: images, learningRate: 1) }
    // A decoder of many factors of a million each, where its answers' squares are no numbers.
    var steep = smallModel(
      pixels: 4, latent: 2, hidden: Array(repeating: 3, count: 8), activation: .relu, seed: 1)
    steep.answer(mean: [1, 1], logVariance: [80, 80])
    steep.decoder.network.parameters = steep.decoder.network.parameters.map { _ in 9e5 }
    #expect(throws: Failure.self) { try requireUsable(steep, for: images, learningRate: 1) }
  }
}
