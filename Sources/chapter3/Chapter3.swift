import Notebook

@main
struct Chapter3: Chapter {
  static let number = 3
  static let title = "The ELBO"
  static let summary = """
    Follows the derivation of log p(x) = ELBO + D(q‖p(z|x)) line by line on three models whose evidence \
    is known, and then asks of the bound everything that a VAE relies on.
    """

  static func run(in notebook: Notebook) throws {
    showDerivation(in: notebook)
    showFourFaces(in: notebook)
    showBound(in: notebook)
    showJensen(in: notebook)
    try showAscent(in: notebook)
    try showMeanField(in: notebook)
    showFisher(in: notebook)
    try showEM(in: notebook)
    showLoss(in: notebook)
    try showMoreSamples(in: notebook)
    showSandwich(in: notebook)
    showSurgery(in: notebook)
    showExactBound(in: notebook)
    showSquaredError(in: notebook)
    showTraps(in: notebook)
  }
}
