import ImageModels
import Notebook

@main
struct Chapter8: Chapter {
  static let number = 8
  static let title = "The DDPM, a VAE with a fixed guide"
  static let summary = """
    Takes a denoising diffusion model apart with the tools of chapters 1 to 5: its guide is fixed \
    and known, its bound is a sum of divergences between normals, and on data with a known density \
    every part is a number. Then trains one on digits, beside two VAEs.
    """

  static let epochs = Option.integer(
    "epochs", in: 1...100_000, default: 200,
    help: "passes over the training images, for every network (default 200)")
  static let steps = Option.integer(
    "steps", "T", in: 2...1000, default: 100,
    help: "steps of the DDPM that is compared and drawn from (default 100)")
  static let options: [any AnyOption] = [epochs, steps]

  static let rows: [Row<DigitStudy>] = [
    Row("8.1", "A guide with nothing to learn", .main, set: [betas, x0, xt], show: showGuide),
    Row("8.2", "The ELBO of a chain", .main, show: showBound),
    Row("8.3", "log p(x_0) = ELBO + D", .further, show: showGap),
    Row("8.4", "Noise, data, score: one prediction", .main, show: showPredictions),
    Row("8.5", "Every term is a weighted squared error", .main, show: showWeights),
    Row("8.6", "More steps, tighter bound", .main, show: showSteps),
    Row(
      "8.7", "Entropy is the area under the denoising error", .further,
      set: [probability, belief], show: showArea),
    Row("8.8", "The flow: noise without randomness", .further, show: showFlow),
    Row(
      "8.9", "A DDPM whose log p is known: independent pixels", .further,
      show: DigitStudy.showIndependentPixels),
    Row("8.10", "A DDPM on the digits", .main, show: DigitStudy.showDiffusion),
    Row("8.11", "Models on the same digits", .main, show: DigitStudy.showModels),
    Row("8.12", "What a latent is for", .further, show: DigitStudy.showCodes),
    Row("8.T", "What the mistakes cost", .further, show: DigitStudy.showTraps),
  ]

  static func prepare(in notebook: Notebook) throws -> DigitStudy {
    return DigitStudy(
      try BinaryDigits(), seed: notebook.seed, epochs: notebook[epochs], steps: notebook[steps])
  }
}
