import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

extension Study {
  // MARK: 6.1

  /// Trains from scratch, or from a saved model; with no epochs to train, only says what was
  /// loaded.
  func showTraining(from start: ModelFile?, in notebook: Notebook) throws -> Trained {
    notebook.section("6.1", "Training on real images")
    if let start {
      notebook.text(
        """
        Loaded: a model that was trained for \(counted(start.experiment.epochs, "epoch")). \
        \(architectureWords)\(reunion(with: start.record))
        """
      )
      if experiment.epochs == 0 {
        showImages(in: notebook)
        return Trained(model: try usable(start, name: notebook[Chapter6.load] ?? "the model"))
      }
    }
    notebook.text(
      """
      \(dataset.training.levels.count) \(imageWords) train, \(heldOutWords). \
      \(architectureWords) Each step takes one draw z = µ + σε an image, and Adam goes \
      up the \(experiment.beta == 1 ? "ELBO" : "ELBO with β = \(experiment.beta) before the KL"). \
      All numbers are nats an image; E log p stands for E_q[log p(x|z)].
      """)
    showImages(in: notebook)
    let first = start?.model ?? untrained(experiment, encoding: encoding, pixels: dataset.pixels)
    let trained = try trainShowingProgress(from: first, in: notebook)
    if trained.wasInterrupted {
      notebook.isInterrupted = true
      notebook.text(
        """
        Interrupted in epoch \(trained.history.training.count): what follows is about what was \
        learned until then.
        """)
    }
    return trained
  }

  /// Trains under a line that tells how far it is, until its end or an interruption.
  private func trainShowingProgress(
    from start: VariationalAutoencoder<Float>, in notebook: Notebook
  ) throws -> Trained {
    let batches = (dataset.training.levels.count - 1) / experiment.batchSize + 1
    let progress = notebook.progress("training", total: experiment.epochs * batches)
    let interruption = Interruption()
    var (done, note) = (0, "")
    progress.update(0)
    do {
      let trained = try train(
        experiment, on: dataset, encoding: encoding, from: start,
        isInterrupted: {
          done += 1
          progress.update(done, note: note)
          return interruption.isRequested
        },
        eachEpoch: { epoch, history in
          note = "epoch \(epoch), held-out ELBO \(history.heldOut[epoch - 1].elbo.decimals(2))"
        })
      try requireUsable(trained.model, for: examined, learningRate: experiment.learningRate)
      progress.finish()
      return trained
    } catch {
      progress.clear()
      throw error
    }
  }

  /// A loaded model in double precision, unless its weights make no distributions of the images.
  private func usable(
    _ file: ModelFile, name: String
  ) throws(Failure) -> VariationalAutoencoder<Double> {
    let model = VariationalAutoencoder<Double>(file.model)
    guard isUsable(model, for: examined) else {
      throw Failure(
        .inputIsNotWhatItClaims,
        "\(name) has weights so large that no distribution can be made of what they say: train it "
          + "again with a smaller --learning-rate")
    }
    return model
  }

  /// Loss = −ELBO, on whatever was trained or loaded.
  func showLoss(of model: VariationalAutoencoder<Double>, in notebook: Notebook) {
    let (loss, minusELBO, magnitude) = lossAndMinusELBO(
      of: model, images: examined, seed: experiment.seed)
    notebook.check(
      .exact(
        "6.1",
        "reconstruction loss + KL = −ELBO, same draws, summed over \(dataset.examinedCount) "
          + "held-out images", loss, minusELBO,
        allowance: rounding(magnitude, terms: examined.numbers.count + examined.count)))
  }
}
