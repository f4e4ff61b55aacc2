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
    if study.experiment.latent <= 2 {
      let identity = study.showIdentity(of: model, in: notebook)
      try study.showManySamples(of: model, identity, in: notebook)
    } else {
      try study.showEstimatedEvidence(of: model, in: notebook)
    }
    let studies = DigitStudies(dataset: dataset, seed: notebook.seed)
    studies.showTinyVAE(in: notebook)
    try study.showPictures(of: model, in: notebook)
  }
}
