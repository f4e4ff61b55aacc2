import Notebook

@main
struct Chapter1: Chapter {
  static let number = 1
  static let title = "KL divergence"
  static let summary = """
    Shows with numbers what the derivation of the VAE takes for granted about D(q‖p): that it is \
    never negative, not symmetric, adds up over independent dimensions and does not depend on \
    units; what it is for Gaussians; how to estimate it; and what minimising it in either \
    direction does.
    """

  static func run(in notebook: Notebook) throws {
    showDefinition(in: notebook)  // 1.1
    showNonNegativity(in: notebook)  // 1.2
    showAsymmetry(in: notebook)  // 1.3
    showSupport(in: notebook)  // 1.4
    showChainRule(in: notebook)  // 1.5
    showCoarseGraining(in: notebook)  // 1.6
    showChangeOfVariables(in: notebook)  // 1.7
    showGaussians(in: notebook)  // 1.8
    showRegulariser(in: notebook)  // 1.9
    showEstimators(in: notebook)  // 1.10
    try showTwoPeaks(in: notebook)  // 1.11
    showPinsker(in: notebook)  // 1.12
    showMaximumLikelihood(in: notebook)  // 1.13
    showMistakes(in: notebook)  // 1.T
  }
}
