import Foundation
import Notebook
import TinyNumerics

@main
struct Chapter6: Chapter {
  static let number = 6
  static let title = "The full VAE"
  static let summary = """
    Trains a variational autoencoder on handwritten digits, and then checks on the trained network, \
    for every image held out, that log p(x) = ELBO + D(q(z|x) ‖ p(z|x)).
    """

  static let epochs = Option.integer(
    "epochs", in: 1...100_000, default: 300, help: "passes over the training images (default 300)")
  static let hidden = Option.integer(
    "hidden", in: 1...4096, default: 128, help: "width of the hidden layers (default 128)")
  static let batch = Option.integer(
    "batch", in: 1...1500, default: 100, help: "images a training step (default 100)")
  static let learningRate = Option.number(
    "learning-rate", in: 1e-8...1, default: 1e-3, help: "Adam's step size (default 0.001)")
  static let options: [any AnyOption] = [epochs, hidden, batch, learningRate]

  static func run(in notebook: Notebook) throws {
    let digits = try Digits.load()
    let study = Study(
      Experiment(
        hidden: notebook[hidden], epochs: notebook[epochs], batchSize: notebook[batch],
        learningRate: notebook[learningRate], seed: notebook.seed),
      digits: digits)
    let trained = try study.showTraining(in: notebook)
    study.showIdentity(of: trained, in: notebook)
    study.showPictures(of: trained, in: notebook)
  }
}
