import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

extension Study {
  /// What leaves the package: the model, the history of its training and images from the prior,
  /// each where the command line names a file.
  func save(_ trained: Trained, from start: ModelFile?, in notebook: Notebook) throws {
    if let path = notebook[Chapter6.save] {
      // Without a step of training the settings stay those of the training there was.
      var settings = experiment.epochs == 0 ? start?.experiment ?? experiment : experiment
      settings.epochs = trained.history.training.count + (start?.experiment.epochs ?? 0)
      try ModelFile(
        model: VariationalAutoencoder(trained.model), experiment: settings, rows: dataset.rows,
        columns: dataset.columns, encoding: encoding,
        record: record(after: start)
      ).write(to: path)
      notebook.text("model: \(path)")
    }
    if let path = notebook[Chapter6.history] {
      try table(of: trained.history).write(to: path)
      notebook.text("history: \(path)")
    }
    if let path = notebook[Chapter6.generated] {
      let plane = LatentPlane(model: trained.model, encoding: encoding)
      let images = plane.decoded(plane.priorDraws(100, seed: experiment.seed))
      try IDX(images: images.flatMap { $0 }, rows: dataset.rows, columns: dataset.columns)
        .write(to: path)
      notebook.text("generated: \(path)")
    }
  }

  /// Of all the training that the weights have seen, where that is known.
  private func record(after start: ModelFile?) -> TrainingRecord? {
    guard experiment.epochs > 0 else { return start?.record }
    if let start, start.record == nil { return nil }
    return TrainingRecord(dataset).following(start?.record)
  }

  /// One row an epoch, in nats an image.
  private func table(of history: History) -> CSV {
    var table = CSV([
      "epoch", "train_reconstruction", "train_kl", "train_elbo", "held_out_reconstruction",
      "held_out_kl", "held_out_elbo",
    ])
    for (epoch, (a, b)) in zip(history.training, history.heldOut).enumerated() {
      table.append([
        Double(epoch + 1), a.reconstruction, a.divergence, a.elbo, b.reconstruction, b.divergence,
        b.elbo,
      ])
    }
    return table
  }
}
