import TinyNumerics

@testable import Notebook
@testable import chapter1
@testable import chapter2
@testable import chapter3
@testable import chapter4
@testable import chapter5
@testable import chapter6

/// A part of a chapter in which something is sampled. Run alone, it costs a fraction of the chapter.
struct SampledSection: Sendable {
  let chapter: Int
  let labels: String
  let write: @Sendable (Notebook) throws -> Void

  init(_ chapter: Int, _ labels: String, _ write: @escaping @Sendable (Notebook) throws -> Void) {
    self.chapter = chapter
    self.labels = labels
    self.write = write
  }

  /// Its Monte Carlo checks from one seed, each with a share of the draws it usually takes.
  func sampledChecks(seed: UInt64, share: Double) throws -> [Check] {
    let arguments = try Arguments(["--json", "--seed=\(seed)"], options: CommonOption.all)
    let notebook = try Notebook(
      arguments: arguments, console: Console(output: { _ in }, diagnostics: { _ in }))
    notebook.shareOfSamples = share
    try write(notebook)
    return notebook.checks.filter { $0.kind == .monteCarlo }
  }
}

extension SampledSection {
  /// Every section with a Monte Carlo check. What the last two chapters train is trained once: it is the
  /// draws that differ from seed to seed.
  static func all() throws -> [SampledSection] {
    try first + guide() + fifth + trainedVAE(latent: 2) + trainedVAE(latent: 4)
  }

  private static let first = [
    SampledSection(1, "1.9", Chapter1.showRegulariser),
    SampledSection(1, "1.10", Chapter1.showEstimators),
    SampledSection(2, "2.4", Chapter2.showPriorSampling),
    SampledSection(2, "2.5", Chapter2.showImportanceSampling),
    SampledSection(2, "2.6", Chapter2.showPosteriorMoments),
    SampledSection(2, "2.8", Chapter2.showDimensions),
    SampledSection(2, "2.9", Chapter2.showAncestralSampling),
    SampledSection(2, "2.10", Chapter2.showMarginal),
    SampledSection(2, "2.11", Chapter2.showCalibration),
    SampledSection(2, "2.12", Chapter2.showPriceOfPriorSampling),
    SampledSection(3, "3.7", Chapter3.showFourFaces),
    SampledSection(3, "3.8", Chapter3.showBound),
    SampledSection(3, "3.15", Chapter3.showMoreSamples),
    SampledSection(3, "3.16", Chapter3.showSandwich),
  ]

  private static func guide() -> [SampledSection] {
    let study = chapter4.Study(seed: 1)
    return [
      SampledSection(4, "4.5", study.showSubsampling),
      SampledSection(4, "4.9", study.showReconstruction),
    ]
  }

  private static let fifth = [
    SampledSection(5, "5.1", Chapter5.showPath),
    SampledSection(5, "5.2", Chapter5.showExpectation),
    SampledSection(5, "5.3", Chapter5.showPathwiseGradient),
    SampledSection(5, "5.4", Chapter5.showScoreFunction),
    SampledSection(5, "5.5", Chapter5.showVariances),
    SampledSection(5, "5.7", Chapter5.showThreeGradients),
    SampledSection(5, "5.9", Chapter5.showDiscreteLatent),
    SampledSection(5, "5.10", Chapter5.showOtherPaths),
  ]

  /// A small VAE after three epochs and twenty images held out: in a plane of latents their evidence is
  /// known, above it is estimated.
  private static func trainedVAE(latent: Int) throws -> [SampledSection] {
    let dataset = try Dataset.digits(heldOut: 20)
    let experiment = Experiment(latent: latent, hidden: [8], epochs: 3)
    let study = chapter6.Study(experiment, dataset: dataset)
    let start = untrained(experiment, encoding: study.encoding, pixels: dataset.pixels)
    let model = try train(
      experiment, on: dataset, encoding: study.encoding, from: start
    ).model
    guard latent == 2 else {
      return [SampledSection(6, "6.3") { try study.showEstimatedEvidence(of: model, in: $0) }]
    }
    let identity = Identity(of: model, images: study.examined)
    return [
      SampledSection(6, "6.3") { try study.showManySamples(of: model, identity, in: $0) },
      SampledSection(6, "6.11") { study.showSimulation(of: model, in: $0) },
    ]
  }
}
