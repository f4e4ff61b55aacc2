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
    Trains a variational autoencoder on handwritten digits, or on images of yours, and then checks \
    on the trained network, for every image held out, that log p(x) = ELBO + D(q(z|x) ‖ p(z|x)).
    """

  static func run(in notebook: Notebook) throws {
    if try showsPlain(in: notebook) { return }
    try prepareOutputs(for: notebook)
    let dataset = try dataset(for: notebook)
    try protectInputs(dataset, for: notebook)
    let start = try loaded(for: notebook)
    let study = Study(
      try experiment(for: notebook, images: dataset, from: start), dataset: dataset,
      encoding: start?.encoding, isReaders: isReaders(notebook))
    let trained = try study.showTraining(from: start, in: notebook)  // 6.1
    // Before anything else can go wrong.
    try study.save(trained, from: start, in: notebook)
    try study.showHistory(trained.history, in: notebook)  // 6.1
    study.showLoss(of: trained.model, in: notebook)  // 6.1
    let identity = try study.showBounds(of: trained.model, in: notebook)  // 6.2, 6.3
    // Most rows are about the digits and settings of their own: they stay out of other experiments.
    let digits = notebook[data] == nil && start == nil ? dataset : nil
    let gaussian = try digits.map { try showDigitRows($0, in: notebook) }  // 6.4 to 6.7
    try study.showPictures(of: trained.model, in: notebook)  // 6.8
    // Under another β the VAE is trained for something else than its evidence, and its guides may
    // be so narrow that their weights have no variance.
    let trusted = study.experiment.beta == 1 ? identity : nil
    if let digits {
      // Two networks that have hardly been trained have nothing to compare.
      if let trusted, study.experiment.epochs >= 50 {
        try study.showAutoencoder(against: trained.model, trusted, in: notebook)  // 6.9
      }
      try DigitStudies(dataset: digits, seed: notebook.seed).showLatentUse(in: notebook)  // 6.10
    }
    // On a finer grid, for very narrow guides, this would take minutes.
    if let trusted, trusted.evidence.grid.count <= 600, study.encoding.likelihood == .bernoulli {
      study.showSimulation(of: trained.model, in: notebook)  // 6.11
    }
    if digits != nil { try linearStudy(in: notebook).showCollapse(in: notebook) }  // 6.12
    let exact = study.encoding.likelihood == .bernoulli ? trusted : nil
    if let exact { try study.showGapSplit(of: trained.model, exact, in: notebook) }  // 6.13
    if let digits, let gaussian {
      let studies = DigitStudies(dataset: digits, seed: notebook.seed)
      studies.showSharedVariance(of: gaussian, in: notebook)  // 6.14
      try studies.showSchedules(in: notebook)  // 6.15
    }
    if exact != nil {
      let claims = digits != nil && study.experiment.epochs >= 50 && dataset.examinedCount >= 100
      if dataset.pixels <= 64 {
        try study.showScores(of: trained.model, claims: claims, in: notebook)  // 6.16
      }
      try study.showBlur(of: trained.model, in: notebook)  // 6.17
    }
    if let digits {
      try linearStudy(in: notebook).showTraps(digits.training, in: notebook)  // 6.T
    }
  }

  /// The marginal, the linear VAE, post B's model, likelihoods.
  private static func showDigitRows(
    _ digits: Dataset, in notebook: Notebook
  ) throws -> PixelModel {
    let studies = DigitStudies(dataset: digits, seed: notebook.seed)
    studies.showTinyVAE(in: notebook)  // 6.4
    try linearStudy(in: notebook).showPCA(in: notebook)  // 6.5
    let ribbon = notebook.working("climbing log p(x)", steps: RibbonStudy.climbs) { advance in
      RibbonStudy(seed: notebook.seed, eachClimb: advance)
    }
    try ribbon.show(in: notebook)  // 6.6
    return try studies.showPixelLikelihoods(in: notebook)  // 6.7
  }

  private static func linearStudy(in notebook: Notebook) throws -> LinearStudy {
    LinearStudy(try Dataset.digits().training, seed: notebook.seed)
  }
}
