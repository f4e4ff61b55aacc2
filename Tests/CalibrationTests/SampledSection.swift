import ImageModels
import TinyNumerics
import ToyModels

@testable import Notebook
@testable import chapter1
@testable import chapter2
@testable import chapter3
@testable import chapter4
@testable import chapter5
@testable import chapter6
@testable import chapter7
@testable import chapter8

/// A part of a chapter in which something is sampled. Run alone, it costs a fraction of the
/// chapter.
struct SampledSection: Sendable {
  let chapter: Int
  let label: String
  /// How many times the share of draws of other sections it needs. The z-scores of a skewed
  /// quantity, such as the square of a weight, are normal only for many draws: their mean is off by
  /// −γ/(2√n), γ the skewness.
  let times: Double
  let write: @Sendable (Notebook) throws -> Void

  init(
    _ chapter: Int, _ label: String, times: Double = 1,
    _ write: @escaping @Sendable (Notebook) throws -> Void
  ) {
    self.chapter = chapter
    self.label = label
    self.times = times
    self.write = write
  }

  /// Its Monte Carlo checks from one seed, each with a share of the draws it usually takes.
  func sampledChecks(seed: UInt64, share: Double) throws -> [Check] {
    let arguments = try Arguments(["--json", "--seed=\(seed)"], options: CommonOption.all)
    let notebook = try Notebook(
      title: "", arguments: arguments,
      console: Console(output: { _ in }, diagnostics: { _ in }))
    notebook.shareOfSamples = min(1, times * share)
    try write(notebook)
    let checks = notebook.checks.filter { $0.kind == .monteCarlo }
    require(checks.allSatisfy { $0.label == label }, "a section has one label")
    return checks
  }
}

extension SampledSection {
  /// Every section with a Monte Carlo check. What the last two chapters train is trained once: it
  /// is the draws that differ from seed to seed.
  static func all() throws -> [SampledSection] { try lazily.get() }

  private static let lazily = Result {
    try first + guide() + fifth + trainedVAE(latent: 2) + trainedVAE(latent: 4) + seventh
      + diffusion
  }

  private static let first = [
    SampledSection(1, "1.9", Chapter1.showRegulariser),
    SampledSection(1, "1.10", times: 10, Chapter1.showDraws),
    SampledSection(2, "2.4", Chapter2.checkUnbiased),
    SampledSection(2, "2.4", times: 10, Chapter2.checkLogBias),
    SampledSection(2, "2.5") { Chapter2.checkFiniteVariance(line, in: $0) },
    SampledSection(2, "2.5") { Chapter2.showNarrowGuide(line, in: $0) },
    SampledSection(2, "2.5", Chapter2.showMissedPeak),
    SampledSection(2, "2.6", Chapter2.showPosteriorMoments),
    SampledSection(2, "2.8", times: 10, Chapter2.checkPriorDraws),
    SampledSection(2, "2.8", Chapter2.checkGrowth),
    SampledSection(2, "2.9", Chapter2.showAncestralSampling),
    SampledSection(2, "2.10") {
      Chapter2.checkDivergenceBySampling(marginal.divergence, marginal.gaussian, in: $0)
    },
    SampledSection(2, "2.11", Chapter2.showCalibration),
    SampledSection(2, "2.12", Chapter2.showPriceOfPriorSampling),
    SampledSection(3, "3.7", Chapter3.showSampledFaces),
    SampledSection(3, "3.8", Chapter3.showImportanceSampling),
    SampledSection(3, "3.14", Chapter3.showLoss),
    SampledSection(3, "3.15", Chapter3.checkSampledClimb),
    SampledSection(3, "3.16", Chapter3.showSimulatedSandwich),
  ]

  private static let line = chapter2.Examples.line.model.posterior(
    given: chapter2.Examples.line.x)

  /// The neural model's marginal on the plane, and the Gaussian of its moments.
  private static let marginal: (divergence: Integral, gaussian: Gaussian) = {
    let model = chapter2.Examples.neural.model
    let exact = totalMoments(model.decode)
    let gaussian = Gaussian(mean: exact.mean, covariance: exact.covariance)
    let density = PlaneDensity(
      marginalOf: model.decode, first: NeuralModel.plane.first, second: NeuralModel.plane.second)
    return (density.divergence(from: gaussian), gaussian)
  }()

  private static func guide() -> [SampledSection] {
    let study = chapter4.Study(seed: 1)
    let noise = meanNoise(of: study.model)
    let exact = study.encoders.map {
      reconstructionError($0.guides, study.heldOut.x, model: study.model)
    }
    return [
      SampledSection(4, "4.5", study.sample),
      SampledSection(4, "4.9") {
        study.sampleReconstructions(exact: exact, posterior: noise, in: $0)
      },
      SampledSection(4, "4.9") { study.checkPerfectEncoder(noise, in: $0) },
    ]
  }

  private static let fifth = [
    SampledSection(5, "5.1", Chapter5.showSample),
    SampledSection(5, "5.2", Chapter5.sampleExpectations),
    SampledSection(5, "5.3", Chapter5.showPathwiseGradient),
    SampledSection(5, "5.4", Chapter5.showScoreFunction),
    SampledSection(5, "5.5", Chapter5.checkVariances),
    SampledSection(5, "5.7", Chapter5.showThreeGradients),
    SampledSection(5, "5.9") { Chapter5.sampleDiscreteScore(.example, in: $0) },
    SampledSection(5, "5.9") { Chapter5.sampleStaircase(.example, in: $0) },
    SampledSection(5, "5.10", Chapter5.showInverseCDF),
    SampledSection(5, "5.10", Chapter5.sampleCholesky),
    SampledSection(5, "5.10", Chapter5.samplePrice),
    SampledSection(5, "5.11") {
      Chapter5.sampleBoundGradients(signals, .example, in: $0)
    },
  ]

  /// What the gradients of 5.11 should average to, computed once.
  private static let signals = BoundGradient.allCases.map {
    SignalToNoise($0, .example, Chapter5.boundGuide)
  }

  /// A small VAE after three epochs and twenty images held out: in a plane of latents their
  /// evidence is known, above it is estimated.
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
    let identity = Identity(
      of: model.decoder, guides: model.guides(for: study.examined), images: study.examined)
    let plane = LatentPlane(model: model, encoding: study.encoding)
    let grey = study.meanGrey(plane)
    return [
      SampledSection(6, "6.3") { try study.showManySamples(of: model, identity, in: $0) },
      SampledSection(6, "6.8") { study.checkMeanGrey(plane, exact: grey, in: $0) },
      SampledSection(6, "6.11", times: 10) { study.showSimulation(of: model, in: $0) },
      SampledSection(6, "6.17") { try study.showBlur(of: model, in: $0) },
    ]
  }

  private static let seventh = [
    SampledSection(7, "7.4", Chapter7.showSampling),
    SampledSection(7, "7.7", times: 4, Chapter7.showLowerBounds),
    SampledSection(7, "7.10", times: 10, Chapter7.showNoiselessGenerator),
    SampledSection(7, "7.12", Chapter7.showTelling),
  ]

  private static let diffusion = [
    SampledSection(8, "8.1", Chapter8.checkGuideDraws),
    SampledSection(8, "8.2", Chapter8.checkBoundDraws),
    SampledSection(8, "8.6") { Chapter8.checkChainDraws(marginalsOfChains, in: $0) },
    SampledSection(8, "8.9") { try BinaryDigits().checkPixelDraws(in: $0) },
    SampledSection(8, "8.9", BinaryDigits.checkDrawnPixels),
    SampledSection(8, "8.10") { try BinaryDigits().checkSilentNetwork(in: $0) },
  ]

  /// p_θ(x_0) of the chains that are drawn from.
  private static let marginalsOfChains = StepStudy().marginals
}
