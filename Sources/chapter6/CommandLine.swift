import Foundation
import ImageModels
import Notebook
import TinyNetworks

/// What the command line asks for, or why it cannot be had.
extension Chapter6 {
  static func dataset(for notebook: Notebook) throws(Failure) -> Dataset {
    let count = notebook.isGiven(heldOut) ? notebook[heldOut] : nil
    guard let folder = notebook[data] else {
      guard !notebook[transpose] else {
        throw Failure(
          .wrongCommandLine, "--transpose is for images of your own: give them with --data")
      }
      return try .digits(heldOut: count ?? Digits.heldOut.count)
    }
    return try .folder(folder, heldOut: count, isTransposed: notebook[transpose])
  }

  /// The model to start from, if one is named; what it fixes cannot be asked for beside it.
  static func loaded(for notebook: Notebook) throws(Failure) -> ModelFile? {
    guard let path = notebook[load] else { return nil }
    for option in architecture where notebook.isGiven(option) {
      throw Failure(
        .wrongCommandLine,
        "--\(option.name) is fixed by the model that --load names: leave it out")
    }
    let ofTraining: [any AnyOption] = [batch, learningRate, beta, history]
    for option in ofTraining where notebook.isGiven(option) && !notebook.isGiven(epochs) {
      throw Failure(
        .wrongCommandLine,
        "--\(option.name) has no effect beside --load without --epochs, for nothing is trained: "
          + "leave it out, or give --epochs")
    }
    return try ModelFile(contentsOf: path)
  }

  /// The experiment of the command line; one that its images or its model make impossible is
  /// refused.
  static func experiment(
    for notebook: Notebook, images: Dataset, from start: ModelFile?
  ) throws(Failure) -> Experiment {
    if let start, (start.rows, start.columns) != (images.rows, images.columns) {
      throw Failure(
        .inputIsNotWhatItClaims,
        "the model is for images of \(start.rows) × \(start.columns) pixels, not of "
          + "\(images.rows) × \(images.columns): give its own images with --data")
    }
    if let start { try requireLevels(of: start.encoding, images) }
    var experiment = settings(for: notebook, from: start)
    let count = images.training.levels.count
    guard notebook.isGiven(batch) else {
      // The default, or what a model was trained with, is a wish.
      experiment.batchSize = min(experiment.batchSize, count)
      return try affordable(experiment, on: images, from: start)
    }
    guard experiment.batchSize <= count else {
      throw Failure(
        .wrongCommandLine,
        "--batch \(experiment.batchSize) is more than the \(counted(count, "image")) to train on: "
          + "choose at most \(count)")
    }
    return try affordable(experiment, on: images, from: start)
  }

  /// Grey levels mean what the model takes them for: 1 is white where 1 is the brightest, and black
  /// where 255 is.
  private static func requireLevels(
    of encoding: PixelEncoding, _ images: Dataset
  ) throws(Failure) {
    let brightest = max(images.brightest, 1)
    let isDark = 2 * Int(brightest) < Int(encoding.brightest)
    guard encoding.takes(brightest), !isDark else {
      throw Failure(
        .inputIsNotWhatItClaims,
        "the model is for grey levels up to \(encoding.brightest), but the images reach "
          + "\(isDark ? "only " : "")\(brightest): "
          + (isDark
            ? "scale them, or give its own images with --data"
            : "give its own images with --data"))
    }
  }

  private static func affordable(
    _ experiment: Experiment, on images: Dataset, from start: ModelFile?
  ) throws(Failure) -> Experiment {
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
    experiment.warmUp = notebook[warmUp]
    experiment.freeBits = notebook[freeBits]
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

  /// What is read is not written over; but a model that is trained further may be saved in its
  /// place.
  static func protectInputs(_ images: Dataset, for notebook: Notebook) throws(Failure) {
    for option in [save, history, generated] {
      guard let path = notebook[option] else { continue }
      let model = notebook[load].flatMap { option.name == save.name ? nil : $0 }
      for input in images.files + (model.map { [$0] } ?? []) where isSameFile(path, input) {
        throw Failure(
          .wrongCommandLine,
          "--\(option.name) would write over \(input), which is read here: choose another path")
      }
    }
  }
}
