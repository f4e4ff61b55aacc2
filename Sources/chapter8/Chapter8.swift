import Notebook

@main
struct Chapter8: Chapter {
  static let number = 8
  static let title = "The DDPM, a VAE with a fixed guide"
  static let summary = """
    Takes a denoising diffusion model apart with the tools of chapters 1 to 5: its guide is fixed \
    and known, its bound is a sum of divergences between normals, and on data with a known density \
    every part is a number.
    """

  static func run(in notebook: Notebook) throws {
    try showGuide(in: notebook)  // 8.1
    showBound(in: notebook)  // 8.2
    showGap(in: notebook)  // 8.3
    try showPredictions(in: notebook)  // 8.4
    showWeights(in: notebook)  // 8.5
    try showSteps(in: notebook)  // 8.6
    try showArea(in: notebook)  // 8.7
    try showFlow(in: notebook)  // 8.8
    showIndependentPixels(in: notebook)  // 8.9
    showTraps(in: notebook)  // 8.T
  }
}
