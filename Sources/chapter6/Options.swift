import Foundation
import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

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
    help: "images a training step (default 100)")
  static let learningRate = Option.number(
    "learning-rate", in: Experiment.Limits.learningRate, default: 1e-3,
    help: "Adam's step size (default 0.001)")
  static let beta = Option.number(
    "beta", in: Experiment.Limits.beta, default: 1,
    help: "weight of the KL while training (default 1)")
  static let heldOut = Option.integer(
    "held-out", in: 1...1_000_000, default: Digits.heldOut.count,
    help: "how many images are held out (default: 297 digits, or the whole t10k file)")

  static let data = Option.path(
    "data", "DIR", help: "train on the IDX files in DIR, named as MNIST ships them, .gz or not")
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
      epochs, batch, learningRate, beta, data, heldOut, load, save, history, generated, plain,
    ]

  static func dataset(for notebook: Notebook) throws(Failure) -> Dataset {
    let count = notebook.isGiven(heldOut) ? notebook[heldOut] : nil
    guard let folder = notebook[data] else { return try .digits(heldOut: count ?? 297) }
    return try .folder(folder, heldOut: count)
  }

  /// The model to start from, if one is named; what it fixes cannot be asked for beside it.
  static func loaded(for notebook: Notebook) throws(Failure) -> ModelFile? {
    guard let path = notebook[load] else { return nil }
    for option in architecture where notebook.isGiven(option) {
      throw Failure(
        .wrongCommandLine,
        "--\(option.name) is fixed by the model that --load names: leave it out")
    }
    return try ModelFile(contentsOf: path)
  }

  /// The experiment of the command line; one that its images or its model make impossible is refused.
  static func experiment(
    for notebook: Notebook, images: Dataset, from start: ModelFile?
  ) throws(Failure) -> Experiment {
    if let start, (start.rows, start.columns) != (images.rows, images.columns) {
      throw Failure(
        .inputIsNotWhatItClaims,
        "the model is for images of \(start.rows) × \(start.columns) pixels, not of \(images.rows) × "
          + "\(images.columns): give its own images with --data")
    }
    if let start, !start.encoding.takes(images.brightest) {
      throw Failure(
        .inputIsNotWhatItClaims,
        "the model is for grey levels up to \(start.encoding.brightest), but the images reach "
          + "\(images.brightest): give its own images with --data")
    }
    let experiment = settings(for: notebook, from: start)
    let count = images.training.levels.count
    guard experiment.batchSize <= count || experiment.epochs == 0 else {
      throw Failure(
        .wrongCommandLine,
        "--batch \(experiment.batchSize) is more than the \(count) images to train on: choose at "
          + "most \(count)")
    }
    try requireMemory(
      for: experiment, on: images,
      encoding: start?.encoding
        ?? PixelEncoding(experiment.likelihood, brightest: images.brightest))
    return experiment
  }

  /// A loaded model keeps what it was trained with, where the command line does not say otherwise.
  private static func settings(for notebook: Notebook, from start: ModelFile?) -> Experiment {
    var experiment =
      start?.experiment
      ?? Experiment(
        likelihood: PixelEncoding.Kind(rawValue: notebook[likelihood]) ?? .bernoulli,
        latent: notebook[latent], hidden: notebook[hidden],
        activation: Activation(rawValue: notebook[activation]) ?? .softplus)
    func isAsked(_ option: some AnyOption) -> Bool { start == nil || notebook.isGiven(option) }
    experiment.epochs = isAsked(epochs) ? notebook[epochs] : 0
    if isAsked(batch) { experiment.batchSize = notebook[batch] }
    if isAsked(learningRate) { experiment.learningRate = notebook[learningRate] }
    if isAsked(beta) { experiment.beta = notebook[beta] }
    experiment.seed = notebook.seed
    return experiment
  }

  /// Where results would go is tried before hours are spent on them.
  static func prepareOutputs(for notebook: Notebook) throws(Failure) {
    var users: [String: String] = [:]
    for option in [save, history, generated] {
      guard let path = notebook[option] else { continue }
      try prepareFile(path)
      let file = URL(fileURLWithPath: path).standardizedFileURL.path
      if let other = users.updateValue(option.name, forKey: file) {
        throw Failure(
          .wrongCommandLine,
          "--\(other) and --\(option.name) name one file, \(path): choose two")
      }
    }
    if let path = notebook[generated] { try IDX.requirePlainName(path) }
  }
}
