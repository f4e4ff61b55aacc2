import Notebook

@main
struct Chapter3: Chapter {
  static let number = 3
  static let title = "The ELBO"
  static let summary = """
    Follows the derivation of log p(x) = ELBO + D(q‖p(z|x)) line by line on three models whose \
    evidence is known, and then asks of the bound everything that a VAE relies on.
    """

  static func run(in notebook: Notebook) throws {
    showDerivation(in: notebook)  // 3.1, 3.2, 3.3, 3.4, 3.5, 3.6
    showFourFaces(in: notebook)  // 3.7
    showBound(in: notebook)  // 3.8
    showJensen(in: notebook)  // 3.9
    try showAscent(in: notebook)  // 3.10
    try showMeanField(in: notebook)  // 3.11
    showFisher(in: notebook)  // 3.12
    try showEM(in: notebook)  // 3.13
    showLoss(in: notebook)  // 3.14
    try showMoreSamples(in: notebook)  // 3.15
    showSandwich(in: notebook)  // 3.16
    showSurgery(in: notebook)  // 3.17
    showExactBound(in: notebook)  // 3.18
    showSquaredError(in: notebook)  // 3.19
    try showJointView(in: notebook)  // 3.20
    showGibbs(in: notebook)  // 3.21
    showTraps(in: notebook)  // 3.T
  }
}
