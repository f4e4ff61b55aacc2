import Notebook
import TinyNumerics

// The experiment is the user's: what the command line can change about it.

extension Chapter6 {
  static let likelihood = Option.choice(
    "likelihood", "NAME", of: PixelEncoding.names, default: "bernoulli",
    help: "how pixels are modelled: bernoulli (binarised at half), categorical or gaussian "
      + "(default bernoulli)")
  static let latent = Option.integer(
    "latent", "D", in: 1...256, default: 2,
    help: "latent dimensions; above 2 the evidence is estimated (default 2)")
  static let hidden = Option.integers(
    "hidden", "N,N", in: 1...4096, atMost: 8, default: [128],
    help: "widths of the encoder's hidden layers, mirrored in the decoder (default 128)")
  static let activation = Option.choice(
    "activation", "NAME", of: Activation.allCases.map(\.rawValue), default: "softplus",
    help: "of the hidden layers: tanh, relu or softplus (default softplus)")
  static let epochs = Option.integer(
    "epochs", in: 1...100_000, default: 300, help: "passes over the training images (default 300)")
  static let batch = Option.integer(
    "batch", in: 1...100_000, default: 100, help: "images a training step (default 100)")
  static let learningRate = Option.number(
    "learning-rate", in: 1e-8...1, default: 1e-3, help: "Adam's step size (default 0.001)")
  static let beta = Option.number(
    "beta", in: 0...1000, default: 1, help: "weight of the KL while training (default 1)")
  static let heldOut = Option.integer(
    "held-out", in: 1...1_000_000, default: Digits.heldOut.count,
    help: "how many images are held out (default: 297 digits, or the whole t10k file)")

  static let options: [any AnyOption] = [
    likelihood, latent, hidden, activation, epochs, batch, learningRate, beta, heldOut,
  ]

  /// The experiment of the command line; one that its images make impossible is refused.
  static func experiment(
    for notebook: Notebook, images: Dataset
  ) throws(Failure) -> Experiment {
    let count = images.training.levels.count
    guard notebook[batch] <= count else {
      throw Failure(
        .wrongCommandLine,
        "--batch \(notebook[batch]) is more than the \(count) images to train on: choose at most "
          + "\(count)")
    }
    return Experiment(
      likelihood: notebook[likelihood], latent: notebook[latent], hidden: notebook[hidden],
      activation: Activation(rawValue: notebook[activation]) ?? .softplus,
      epochs: notebook[epochs], batchSize: notebook[batch],
      learningRate: notebook[learningRate], beta: notebook[beta], seed: notebook.seed)
  }

  static func dataset(for notebook: Notebook) throws(Failure) -> Dataset {
    try .digits(heldOut: notebook[heldOut])
  }
}
