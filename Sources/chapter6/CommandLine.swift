import Foundation
import ImageModels
import Notebook
import TinyNetworks

/// What the command line asks for, or why it cannot be had.
extension Chapter6 {
  static func dataset(for notebook: Notebook) throws(Failure) -> Dataset {
    let count = notebook.isGiven(heldOut) ? notebook[heldOut] : nil
    guard let folder = notebook[data] else {
      return try .digits(heldOut: count ?? Digits.heldOut.count)
    }
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
}
