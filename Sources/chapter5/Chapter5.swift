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
    showPath(in: notebook)  // 5.1
    showExpectation(in: notebook)  // 5.2
    showPathwiseGradient(in: notebook)  // 5.3
    showScoreFunction(in: notebook)  // 5.4
    try showVariances(in: notebook)  // 5.5
    showCommonNoise(in: notebook)  // 5.6
    showThreeGradients(in: notebook)  // 5.7
    showBackpropagation(in: notebook)  // 5.8
    try showDiscreteLatent(in: notebook)  // 5.9
    showOtherPaths(in: notebook)  // 5.10
    try showBoundGradients(in: notebook)  // 5.11
    showTraps(in: notebook)  // 5.T
  }
}
