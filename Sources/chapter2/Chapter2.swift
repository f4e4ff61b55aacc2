import Notebook
import TinyNumerics

@main
struct Chapter2: Chapter {
  static let number = 2
  static let title = "The Bayes posterior"
  static let summary = """
    Three latent-variable models whose evidence p(x) is known: Bayes' rule holds on them, and the \
    ways to compute or sample p(x) and p(z|x) are seen to work and to fail.
    """

  static func run(in notebook: Notebook) throws {
    showBayesRule(in: notebook)
    showPosteriorMass(in: notebook)
    showEvidenceByQuadrature(in: notebook)
    showPriorSampling(in: notebook)
    showImportanceSampling(in: notebook)
    showPosteriorMoments(in: notebook)
    showFactorisation(in: notebook)
    try showDimensions(in: notebook)
    showAncestralSampling(in: notebook)
    try showMarginal(in: notebook)
    showCalibration(in: notebook)
    showPriceOfPriorSampling(in: notebook)
    showTraps(in: notebook)
  }

  /// The draws of one experiment: every row has streams of its own, so that its checks do not hang
  /// together with another row's.
  static func generator(_ notebook: Notebook, row: UInt64, part: UInt64 = 0) -> Threefry {
    Threefry(seed: notebook.seed, stream: part == 0 ? 200 + row : 20_000 + 100 * row + part)
  }
}
