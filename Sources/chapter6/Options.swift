import ImageModels
import Notebook
import TinyNetworks

// The experiment is the user's: what the command line can change about it.

extension Chapter6 {
  static let likelihood = Option.choice(
    "likelihood", "NAME", of: PixelEncoding.Kind.allCases.map(\.rawValue),
    default: "bernoulli",
    help: "how pixels are modelled: bernoulli (binarised at half), categorical or gaussian "
      + "(default bernoulli)")
  static let latent = Option.integer(
    "latent", "D", in: Experiment.Limits.latent, default: 2,
    help: "latent dimensions; above 2 the evidence is estimated (default 2)")
  static let hidden = Option.integers(
    "hidden", "N,N", in: Experiment.Limits.width, atMost: Experiment.Limits.depth, default: [128],
    help: "widths of the encoder's hidden layers, mirrored in the decoder (default 128)")
  static let activation = Option.choice(
    "activation", "NAME", of: Activation.allCases.map(\.rawValue), default: "softplus",
    help: "of the hidden layers: tanh, relu or softplus (default softplus)")
  static let epochs = Option.integer(
    "epochs", in: 1...100_000, default: 300, help: "passes over the training images (default 300)")
  static let batch = Option.integer(
    "batch", in: Experiment.Limits.batchSize, default: 100,
    help: "images a training step, or all if there are fewer (default 100)")
  static let learningRate = Option.number(
    "learning-rate", in: Experiment.Limits.learningRate, default: 1e-3,
    help: "Adam's step size (default 0.001)")
  static let beta = Option.number(
    "beta", in: Experiment.Limits.beta, default: 1,
    help: "weight of the KL while training (default 1)")
  static let warmUp = Option.integer(
    "warm-up", "N", in: Experiment.Limits.warmUp, default: 0,
    help: "epochs over which that weight grows from 0 (default 0)")
  static let freeBits = Option.number(
    "free-bits", in: Experiment.Limits.freeBits, default: 0,
    help: "nats that each latent dimension's KL may have for nothing (default 0)")
  static let heldOut = Option.integer(
    "held-out", in: 1...1_000_000, default: Digits.heldOut.count,
    help: "how many images are held out (default: 297 digits, the t10k file, or else a sixth)")

  static let data = Option.path(
    "data", "DIR", help: "train on the IDX files in DIR, named as MNIST ships them, .gz or not")
  static let transpose = Option.flag(
    "transpose", help: "exchange rows and columns of the images in DIR, as EMNIST needs it")
  static let load = Option.path(
    "load", "FILE", help: "start from a saved model; trains it further if --epochs is given")
  static let save = Option.path(
    "save", "FILE", help: "write the trained model, in the safetensors format")
  static let history = Option.path(
    "history", "FILE", help: "write the ELBO of each epoch, as CSV")
  static let generated = Option.path(
    "generated", "FILE", help: "write 100 images decoded from the prior, as IDX")

  static let architecture: [any AnyOption] = [likelihood, latent, hidden, activation]
  static let options: [any AnyOption] =
    architecture + [
      epochs, batch, learningRate, beta, warmUp, freeBits, data, transpose, heldOut, load, save,
      history, generated, plain,
    ]

  /// What makes the experiment the reader's own: every option but those that say where results go.
  static func isReaders(_ notebook: Notebook) -> Bool {
    let others = [save, history, generated].map(\.name) + [plain.name]
    return options.contains { !others.contains($0.name) && notebook.isGiven($0) }
  }
}
