import Foundation
import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

extension Study {
  /// What leaves the package: the model, the history of its training and images from the prior,
  /// each where the command line names a file.
  ///
  /// All are written that can be, whatever happens to the others.
  func save(_ trained: Trained, from start: ModelFile?, in notebook: Notebook) throws {
    let results = [
      Result { try saveModel(trained, from: start, in: notebook) },
      Result { try saveHistory(trained.history, in: notebook) },
      Result { try saveGenerated(trained.model, in: notebook) },
    ]
    for result in results { try result.get() }
  }

  private func saveModel(
    _ trained: Trained, from start: ModelFile?, in notebook: Notebook
  ) throws {
    if let path = notebook[Chapter6.save] {
      // Without a step of training the settings stay those of the training there was.
      var settings = experiment.epochs == 0 ? start?.experiment ?? experiment : experiment
      settings.epochs = trained.history.training.count + (start?.experiment.epochs ?? 0)
      let file = ModelFile(
        model: VariationalAutoencoder(trained.model), experiment: settings, rows: dataset.rows,
        columns: dataset.columns, encoding: encoding,
        record: record(after: start))
      try write(file, to: path)
      notebook.text("model: \(path)")
    }
  }

  /// A disk may have become full in the hours of a training: there may be another.
  private func write(_ file: ModelFile, to path: String) throws(Failure) {
    do {
      try file.write(to: path)
    } catch {
      let name = "\(UUID().uuidString).safetensors"
      let other = FileManager.default.temporaryDirectory.appending(path: name).path
      guard (try? file.write(to: other)) != nil else { throw error }
      throw Failure(error.status, "\(error.message); the model is in \(other)")
    }
  }

  private func saveHistory(_ history: History, in notebook: Notebook) throws {
    if let path = notebook[Chapter6.history] {
      try table(of: history).write(to: path)
      notebook.text("history: \(path)")
    }
  }

  private func saveGenerated(
    _ model: VariationalAutoencoder<Double>, in notebook: Notebook
  ) throws {
    if let path = notebook[Chapter6.generated] {
      let plane = LatentPlane(model: model, encoding: encoding)
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
