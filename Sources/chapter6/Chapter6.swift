import Foundation
import ImageModels
import Notebook
import TinyNetworks
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
    if try showsPlain(in: notebook) { return }
    try prepareOutputs(for: notebook)
    let dataset = try dataset(for: notebook)
    let start = try loaded(for: notebook)
    let study = Study(
      try experiment(for: notebook, images: dataset, from: start), dataset: dataset,
      encoding: start?.encoding)
    let trained = try study.showTraining(from: start, in: notebook)
    try study.save(trained, from: start, in: notebook)
    study.showLoss(of: trained.model, in: notebook)
    let identity = try study.showBounds(of: trained.model, in: notebook)
    // Most rows are about the digits and settings of their own: they stay out of other experiments.
    let digits = notebook[data] == nil && start == nil ? dataset : nil
    if let digits { try showDigitRows(digits, in: notebook) }
    try study.showPictures(of: trained.model, in: notebook)
    // Under another β the VAE is trained for something else than its evidence, and its guides may be so narrow
    // that their weights have no variance.
    let trusted = study.experiment.beta == 1 ? identity : nil
    if let digits {
      // Two networks that have hardly been trained have nothing to compare.
      if let trusted, study.experiment.epochs >= 50 {
        try study.showAutoencoder(against: trained.model, trusted, in: notebook)
      }
      try DigitStudies(dataset: digits, seed: notebook.seed).showLatentUse(in: notebook)
    }
    // On a finer grid, for very narrow guides, this would take minutes.
    if let trusted, trusted.evidence.grid.count <= 600, study.encoding.likelihood == .bernoulli {
      study.showSimulation(of: trained.model, in: notebook)
    }
    if digits != nil { try showFormulas(in: notebook) }
  }

  /// Rows 6.4 to 6.7: the marginal, the linear VAE, post B's model, likelihoods.
  private static func showDigitRows(_ digits: Dataset, in notebook: Notebook) throws {
    let studies = DigitStudies(dataset: digits, seed: notebook.seed)
    studies.showTinyVAE(in: notebook)
    try linearStudy(in: notebook).showPCA(in: notebook)
    let ribbon = notebook.working("climbing log p(x)", steps: RibbonStudy.climbs) { advance in
      RibbonStudy(seed: notebook.seed, eachClimb: advance)
    }
    try ribbon.show(in: notebook)
    try studies.showPixelLikelihoods(in: notebook)
  }

  /// Rows 6.12 and 6.T: what has closed forms.
  private static func showFormulas(in notebook: Notebook) throws {
    let linear = try linearStudy(in: notebook)
    try linear.showCollapse(in: notebook)
    linear.showTraps(try Dataset.digits().training, in: notebook)
  }

  private static func linearStudy(in notebook: Notebook) throws -> LinearStudy {
    LinearStudy(try Dataset.digits().training, seed: notebook.seed)
  }
}

extension Study {
  /// Rows 6.2 and 6.3. Where a grid reaches, everything is exact, and the identity is returned; in more than
  /// two dimensions, or where posteriors are too narrow or too far out for it, log p(x) is estimated.
  func showBounds(
    of model: VariationalAutoencoder<Double>, in notebook: Notebook
  ) throws -> Identity? {
    let reach = Reach(of: model.decoder, guides: model.guides(for: examined))
    let isInReach = experiment.latent <= 2 && !reach.isHopeless
    let evidence =
      isInReach
      ? notebook.working("log p(x) on a grid", steps: Evidence.bands) {
        Evidence.refined(of: model.decoder, images: examined, from: reach.grid, eachBand: $0)
      } : nil
    guard let evidence, evidence.isReliable else {
      try showEstimatedEvidence(of: model, in: notebook)
      return nil
    }
    let identity = showIdentity(of: model, evidence, in: notebook)
    try showManySamples(of: model, identity, in: notebook)
    return identity
  }
}
