import Notebook

@main
struct Chapter5: Chapter {
  static let number = 5
  static let title = "Reparameterization"
  static let summary = """
    The trick that makes a VAE trainable, z = µ + σε: what it is, the gradients it gives, how much \
    less they scatter than the score function's, where there is no such path, and whether \
    back-propagation computes them.
    """

  static func run(in notebook: Notebook) throws {
    showPath(in: notebook)
    showExpectation(in: notebook)
    showPathwiseGradient(in: notebook)
    showScoreFunction(in: notebook)
    try showVariances(in: notebook)
    showCommonNoise(in: notebook)
    showThreeGradients(in: notebook)
    showBackpropagation(in: notebook)
    try showDiscreteLatent(in: notebook)
    showOtherPaths(in: notebook)
    showTraps(in: notebook)
  }
}
