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
    showBayesRule(in: notebook)  // 2.1
    showPosteriorMass(in: notebook)  // 2.2
    showEvidenceByQuadrature(in: notebook)  // 2.3
    showPriorSampling(in: notebook)  // 2.4
    showImportanceSampling(in: notebook)  // 2.5
    showPosteriorMoments(in: notebook)  // 2.6
    showFactorisation(in: notebook)  // 2.7
    try showDimensions(in: notebook)  // 2.8
    showAncestralSampling(in: notebook)  // 2.9
    try showMarginal(in: notebook)  // 2.10
    showCalibration(in: notebook)  // 2.11
    showPriceOfPriorSampling(in: notebook)  // 2.12
    showInformation(in: notebook)  // 2.13
    showTraps(in: notebook)  // 2.T
  }
}
