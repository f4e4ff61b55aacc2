import ImageModels
import TinyNetworks
import TinyNumerics

/// A VAE of the digits with one of the likelihoods, and the held-out digits as its entries.
struct PixelModel {
  let model: VariationalAutoencoder<Double>
  let images: Rows<Double>

  /// Trained for 60 epochs.
  init(_ kind: PixelEncoding.Kind, of studies: DigitStudies) throws {
    let experiment = Experiment(
      likelihood: kind, hidden: [64], epochs: 60, learningRate: 3e-3, seed: studies.seed)
    model = try studies.trained(experiment).model
    var noise = Threefry(seed: studies.seed, row: 7)
    images = PixelEncoding(kind, brightest: 16).entries(
      studies.dataset.heldOut.levels[...], using: &noise)
  }

  /// log p(x) of the held-out images, whatever the outputs are taken for.
  func evidence(scoring: Scoring?, draws: Int, seed: UInt64) -> EstimatedEvidence {
    EstimatedEvidence(
      of: model.decoder, guides: model.guides(for: images), images: images, scoring: scoring,
      draws: draws, seed: seed)
  }
}

/// What an image costs, in bits a pixel.
struct Bits {
  let mean: Double
  let standardError: Double

  /// From estimates of log p(x) in nats an image of `pixels`, plus `offset` bits a pixel.
  init(_ evidence: EstimatedEvidence, pixels: Int, offset: Double = 0) {
    let scale = 1 / (Double(pixels) * log(2))
    mean = offset - TinyNumerics.mean(evidence.logEvidence) * scale
    standardError = evidence.standardError * scale
  }
}
