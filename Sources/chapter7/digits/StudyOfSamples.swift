import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

// What follows from the trained models: scores and samples.

extension DigitStudy {
  /// The generator's averaged and last weights as decoders; nil where they are no numbers.
  var generators: (averaged: Decoder<Double>, last: Decoder<Double>)? {
    guard !gan.course.hasDiverged else { return nil }
    func decoder(_ network: DenseNetwork<Float>) -> Decoder<Double> {
      Decoder<Double>(Decoder(network, .bernoulli))
    }
    return (decoder(gan.players.averaged), decoder(gan.players.generator.network))
  }

  /// log p(x) of the held-out images under both.
  func ganScores() -> (averaged: Evidence, last: Evidence)? {
    if kept.scores == nil {
      kept.scores = generators.map { (evidence(of: $0.averaged), evidence(of: $0.last)) }
    }
    return kept.scores
  }

  func samples() throws -> Samples {
    let samples = try kept.samples ?? Samples(self)
    kept.samples = samples
    return samples
  }

  /// Row 7.12: each model's samples against the training images.
  func tests() throws -> [(name: String, test: SampleTest)] {
    if let tests = kept.tests { return tests }
    let samples = try samples()
    let named =
      [
        ("masked network", samples.network), ("VAE, 2 latents", samples.vae),
        ("training images, again", samples.memory),
      ] + (samples.gan.map { [("GAN, averaged", $0.averaged), ("GAN, last", $0.last)] } ?? [])
    let real = digits.training
    let tests = notebook.working("telling samples from data", steps: named.count) { advance in
      named.enumerated().map { part, model in
        defer { advance() }
        return (
          model.0,
          SampleTest(
            real: real, samples: model.1.rows(0..<real.count), steps: 3 * epochs, seed: seed,
            part: 10 + part)
        )
      }
    }
    kept.tests = tests
    return tests
  }

  /// The training images, for finding the nearest.
  var nearest: NearestImage {
    NearestImage(images: digits.training.bits, labels: digits.trainingLabels)
  }
}
