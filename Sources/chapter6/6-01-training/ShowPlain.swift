import ImageModels
import Notebook

// `--plain`: the experiment trained by the loops of `PlainVAE`, beside the kernels with the same ε.

extension Chapter6 {
  static let plain = Option.flag(
    "plain", help: "only train, in the loops of PlainVAE.swift, beside the kernels")

  /// Row 6.1 once more, and nothing else: whether it was asked for.
  static func showsPlain(in notebook: Notebook) throws -> Bool {
    guard notebook[plain] else { return false }
    let others: [any AnyOption] = [
      load, save, history, generated, beta, warmUp, freeBits,
    ]
    for option in others where notebook.isGiven(option) {
      throw Failure(
        .wrongCommandLine, "--\(option.name) does not go with --plain: choose one of the two")
    }
    let dataset = try dataset(for: notebook)
    let study = Study(try experiment(for: notebook, images: dataset, from: nil), dataset: dataset)
    study.showPlain(in: notebook)
    return true
  }
}

extension Study {
  func showPlain(in notebook: Notebook) {
    notebook.section("6.1", "The VAE on one page")
    notebook.text(
      """
      PlainVAE trains in ordinary loops, one image at a time. Beside it the kernels train, in \
      double precision too, from the same start, with the same order of the images and the same ε. \
      One draw an image; ELBOs in nats an image.
      """)
    let training = notebook.working("training in plain loops", steps: experiment.epochs) {
      PlainTraining(of: self, eachEpoch: $0)
    }
    let (loops, kernels) = (training.loops, training.kernels)
    let shown = [1, 2, 5, 10, 20, 50, 100, 200, 300, 500, 1000, experiment.epochs]
    notebook.table(
      ["epoch", "loops: train", "held out", "kernels: train", "held out", "difference"],
      Set(shown.filter { $0 <= experiment.epochs }).sorted().map { epoch in
        let (train, heldOut) = (loops.training[epoch - 1].elbo, loops.heldOut[epoch - 1].elbo)
        let fast = (kernels.training[epoch - 1].elbo, kernels.heldOut[epoch - 1].elbo)
        return ["\(epoch)"] + [train, heldOut, fast.0, fast.1].map { $0.decimals(4) }
          + [(heldOut - fast.1).scientific]
      })
    for check in training.checks { notebook.check(check) }
  }
}
