import Notebook

@main
struct Chapter7: Chapter {
  static let number = 7
  static let title = "The neighbours without a bound: autoregressive models and GANs"
  static let summary = """
    Two families beside the VAE, with numbers. An autoregressive model has the exact log p(x) and \
    pays with one pass a pixel for a sample. A GAN makes a sample in one pass and gives up the \
    density: what its discriminator computes instead, what that value bounds, and from which side.
    """

  static func run(in notebook: Notebook) throws {
    showChain(in: notebook)  // 7.1
    showRegressions(in: notebook)  // 7.2
    showSampling(in: notebook)  // 7.4
    showDiscriminator(in: notebook)  // 7.5
    showJensenShannon(in: notebook)  // 7.6
    showLowerBounds(in: notebook)  // 7.7
    try showObjectives(in: notebook)  // 7.8
    try showGeneratorSlopes(in: notebook)  // 7.9
    try showNoiselessGenerator(in: notebook)  // 7.10
    showTelling(in: notebook)  // 7.12
    showTraps(in: notebook)  // 7.T
  }
}
