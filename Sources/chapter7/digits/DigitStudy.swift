import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

/// What the rows about digits share. Each model is trained when the first row that needs it runs.
final class DigitStudy {
  let digits: BinaryDigits
  let epochs: Int
  let notebook: Notebook
  var kept = Kept()

  /// What has been made so far.
  struct Kept {
    var vae: TrainedVAE?
    var network: TrainedNetwork?
    var scores: (averaged: Evidence, last: Evidence)?
    var samples: Samples?
    var tests: [(name: String, test: SampleTest)]?
  }

  init(in notebook: Notebook) throws {
    self.notebook = notebook
    digits = try BinaryDigits(forChoosing: notebook[Chapter7.choosing])
    epochs = notebook[Chapter7.epochs]
  }

  var seed: UInt64 { notebook.seed }

  typealias TrainedVAE = (decoder: Decoder<Double>, heldOut: Evidence, course: Course)
  typealias TrainedNetwork = (model: PixelNetwork, heldOut: [Double], course: Course)

  /// Chapter 6's VAE with a plane of latents.
  func vae() throws -> TrainedVAE {
    if let vae = kept.vae { return vae }
    var generator = Threefry(seed: seed)
    let start = VariationalAutoencoder<Float>(
      dataWidth: digits.training.width, hidden: [128], latentDimension: 2, activation: .softplus,
      likelihood: .bernoulli, using: &generator)
    var trainer = Trainer(start, batchSize: 100, learningRate: 1e-3, seed: seed)
    let data = digits.training.single
    let course = notebook.train("the VAE", epochs: epochs) {
      let elbo = trainer.epoch(over: data).elbo
      return trainer.model.decoder.network.isFinite ? elbo : .nan
    }
    try requireNumbers(course, "VAE")
    let decoder = Decoder<Double>(trainer.model.decoder)
    let vae = (decoder, evidence(of: decoder), course)
    kept.vae = vae
    return vae
  }

  /// The masked network of row 7.3.
  func network() throws -> TrainedNetwork {
    if let network = kept.network { return network }
    let (model, course) = PixelNetwork.trained(
      on: digits.training, hidden: 128, epochs: epochs, in: notebook)
    try requireNumbers(course, "masked network")
    let network = (model, model.logProbabilities(of: digits.heldOut), course)
    kept.network = network
    return network
  }

  /// The GAN of row 7.11; one that has no numbers left is what it is.
  private(set) lazy var gan: (players: GAN, course: Course, values: [Double]) = {
    let data = digits.training.single
    var players = GAN(pixels: data.width, latent: 2, hidden: 128, seed: seed)
    var batches = Batches(
      of: data.count, size: 100, using: Threefry(seed: seed, row: 11, part: 1))
    var values: [Double] = []
    let course = notebook.train("the GAN", epochs: epochs) {
      let losses = batches.pass().map { players.step(data.rows(at: $0)) }
      values.append(-mean(losses))
      return players.isFinite ? mean(losses) : .nan
    }
    return (players, course, values)
  }()

  /// Row 7.2: 64 regressions, each at its one maximum.
  private(set) lazy var regressions = fittedChain(
    to: digits.training.map { $0.map { $0 == 1 } }, priorPrecision: 1)

  /// log p(x) of the held-out images under a decoder from a plane.
  func evidence(of decoder: Decoder<Double>) -> Evidence {
    notebook.working("log p(x) on a grid", steps: Evidence.bands) {
      .refined(
        of: decoder, images: digits.heldOut, from: Grid(over: -8...8, count: 200),
        tolerance: 1e-5, eachBand: $0)
    }
  }

  private func requireNumbers(_ course: Course, _ name: String) throws {
    guard !course.hasDiverged else {
      throw Failure(
        .wrongCommandLine,
        "the \(name)'s training diverged: its loss is no longer a number; choose another --seed "
          + "or fewer --epochs")
    }
  }
}

/// Two models on the same images: the mean of log p − log q, image by image.
func paired(_ p: [Double], _ q: [Double]) -> Estimate { Estimate(zip(p, q).map(-)) }
