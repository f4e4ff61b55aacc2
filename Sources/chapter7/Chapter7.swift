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

  static let epochs = Option.integer(
    "epochs", in: 1...10_000, default: Course.standard,
    help: "passes over the training images, for every network (default 200)")
  static let choosing = Option.flag(
    "choosing",
    help: "train on the first 1,200 images and hold out the next 300, as settings were chosen")
  static let options: [any AnyOption] = [epochs, choosing]

  static let rows: [Row<DigitStudy>] = [
    Row("7.1", "The chain rule as a model: log p(x) = Σ log p(x_j|x_<j)", .main, show: showChain),
    Row("7.3", "Hidden units behind masks", .main, show: DigitStudy.showNetwork),
    Row("7.4", "The price of a sample: J passes, one after the other", .main, show: showSampling),
    Row("7.5", "The best discriminator: D* = p/(p + q)", .main, show: showDiscriminator),
    Row(
      "7.6", "What it is worth: V(D*) = 2 JS(p‖q) − log 4", .main, set: [mean],
      show: showJensenShannon),
    Row("7.7", "A bound at the other end", .main, show: showLowerBounds),
    Row("7.10", "A generator without noise has no density", .main, show: showNoiselessGenerator),
    Row("7.11", "A GAN on the digits", .main, show: DigitStudy.showGAN),
    Row(
      "7.2", "Learning it: a divergence that is a sum over pixels", .further,
      show: DigitStudy.showLearning),
    Row(
      "7.8", "One Gaussian, two peaks, three objectives", .further, set: [halfDistance],
      show: showObjectives),
    Row(
      "7.9", "The gradient that vanishes, and the one that does not", .further, set: [shift],
      show: showGeneratorSlopes),
    Row(
      "7.12", "Telling samples from data: accuracy = ½ + ½ TV", .further,
      show: DigitStudy.showTelling),
    Row(
      "7.T", "Traps: numbers that do not say what they seem to", .further,
      show: DigitStudy.showTraps),
  ]

  static func prepare(in notebook: Notebook) throws -> DigitStudy { try DigitStudy(in: notebook) }
}
