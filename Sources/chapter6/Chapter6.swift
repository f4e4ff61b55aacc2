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
    try prepareOutputs(for: notebook)
    let dataset = try dataset(for: notebook)
    let start = try loaded(for: notebook)
    let study = Study(
      try experiment(for: notebook, images: dataset, from: start), dataset: dataset,
      encoding: start?.encoding)
    let trained = try study.showTraining(from: start, in: notebook)
    try study.save(trained, from: start, in: notebook)
    study.showLoss(of: trained.model, in: notebook)
    // The other studies are about the digits, whatever is trained here.
    let isOnDigits = notebook[data] == nil && start == nil
    try study.showBounds(of: trained.model, withAutoencoder: isOnDigits, in: notebook)
    try study.showPictures(of: trained.model, in: notebook)
    guard isOnDigits else { return }
    let studies = DigitStudies(dataset: dataset, seed: notebook.seed)
    studies.showTinyVAE(in: notebook)
    try studies.showPixelLikelihoods(in: notebook)
    try studies.showLatentUse(in: notebook)
    try showFormulas(in: notebook)
  }

  /// The rows that have closed forms: linear VAEs on the digits, and post B's model.
  private static func showFormulas(in notebook: Notebook) throws {
    let digits = try Dataset.digits().training
    let linear = LinearStudy(digits, seed: notebook.seed)
    linear.showPCA(in: notebook)
    try RibbonStudy(seed: notebook.seed).show(in: notebook)
    try linear.showCollapse(in: notebook)
    linear.showTraps(digits, in: notebook)
  }
}

extension Study {
  /// Where a grid reaches, everything is exact; in more than two dimensions log p(x) is estimated.
  func showBounds(
    of model: VariationalAutoencoder<Double>, withAutoencoder: Bool, in notebook: Notebook
  ) throws {
    guard experiment.latent <= 2 else {
      try showEstimatedEvidence(of: model, in: notebook)
      return
    }
    let identity = showIdentity(of: model, in: notebook)
    try showManySamples(of: model, identity, in: notebook)
    if withAutoencoder { try showAutoencoder(against: model, identity, in: notebook) }
    if encoding.likelihood == .bernoulli { showSimulation(of: model, in: notebook) }
  }
}
