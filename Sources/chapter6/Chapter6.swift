import Foundation
import Notebook
import TinyNumerics

@main
struct Chapter6: Chapter {
  static let number = 6
  static let title = "The full VAE"
  static let summary = """
    Trains a variational autoencoder on handwritten digits, or on images of yours, and then checks on \
    the trained network, for every image held out, that log p(x) = ELBO + D(q(z|x) ‖ p(z|x)).
    """

  static func run(in notebook: Notebook) throws {
    let dataset = try dataset(for: notebook)
    let study = Study(try experiment(for: notebook, images: dataset), dataset: dataset)
    let start = untrained(study.experiment, encoding: study.encoding, pixels: dataset.pixels)
    let model = try study.showTraining(from: start, in: notebook).model
    study.showLoss(of: model, in: notebook)
    try study.showBounds(of: model, in: notebook)
    try study.showPictures(of: model, in: notebook)
    let studies = DigitStudies(dataset: dataset, seed: notebook.seed)
    studies.showTinyVAE(in: notebook)
    try studies.showPixelLikelihoods(in: notebook)
    try studies.showLatentUse(in: notebook)
  }
}

extension Study {
  /// Where a grid reaches, everything is exact; in more than two dimensions log p(x) is estimated.
  func showBounds(of model: VariationalAutoencoder<Double>, in notebook: Notebook) throws {
    guard experiment.latent <= 2 else {
      try showEstimatedEvidence(of: model, in: notebook)
      return
    }
    let identity = showIdentity(of: model, in: notebook)
    try showManySamples(of: model, identity, in: notebook)
    try showAutoencoder(against: model, identity, in: notebook)
    if encoding.likelihood == .bernoulli { showSimulation(of: model, in: notebook) }
  }
}
