import Figures
import Foundation
import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

/// The main experiment: what is trained, on which images, and the sections that look at it.
struct Study: Sendable {
  let experiment: Experiment
  let dataset: Dataset
  let encoding: PixelEncoding
  /// The held-out images that are examined, as entries x of the likelihood, a row each.
  let examined: Rows<Double>

  /// - Parameter encoding: how pixels become entries; made for the images' own grey levels if none is given.
  init(_ experiment: Experiment, dataset: Dataset, encoding: PixelEncoding? = nil) {
    self.experiment = experiment
    self.dataset = dataset
    self.encoding =
      encoding ?? PixelEncoding(experiment.likelihood, brightest: dataset.brightest)
    var noise = Threefry(seed: experiment.seed, row: 2)
    examined = self.encoding.entries(
      dataset.heldOut.levels.prefix(dataset.examinedCount), using: &noise)
  }

  // MARK: 6.1

  /// Trains from scratch, or from a saved model; with no epochs to train, only says what was loaded.
  func showTraining(from start: ModelFile?, in notebook: Notebook) throws -> Trained {
    notebook.section("6.1", "Training on real images")
    if let start {
      notebook.text(
        "Loaded: a model that was trained for \(start.experiment.epochs) epochs. \(architectureWords)"
      )
      if experiment.epochs == 0 {
        return Trained(model: try usable(start, name: notebook[Chapter6.load] ?? "the model"))
      }
    }
    notebook.text(
      """
      \(dataset.training.levels.count) \(imageWords) train, \(dataset.heldOut.levels.count) are \
      held out. \(architectureWords) Each step takes one draw z = µ + σε an image, and Adam goes up the \
      \(experiment.beta == 1 ? "ELBO" : "ELBO with β = \(experiment.beta) before the KL"). All \
      numbers are nats an image.
      """)
    let first = start?.model ?? untrained(experiment, encoding: encoding, pixels: dataset.pixels)
    let batches = (dataset.training.levels.count - 1) / experiment.batchSize + 1
    let progress = notebook.progress("training", total: experiment.epochs * batches)
    let interruption = Interruption()
    var (done, note) = (0, "")
    progress.update(0)
    let trained: Trained
    do {
      trained = try train(
        experiment, on: dataset, encoding: encoding, from: first,
        isInterrupted: {
          done += 1
          progress.update(done, note: note)
          return interruption.isRequested
        },
        eachEpoch: { epoch, history in
          note = "epoch \(epoch), held-out ELBO \(history.heldOut[epoch - 1].elbo.decimals(2))"
        })
      try requireUsable(trained.model, for: examined, learningRate: experiment.learningRate)
    } catch {
      progress.clear()
      throw error
    }
    progress.finish()
    if trained.wasInterrupted {
      notebook.isInterrupted = true
      notebook.text(
        """
        Interrupted in epoch \(trained.history.training.count): what follows is about what was \
        learned until then.
        """)
    }
    try showHistory(trained.history, in: notebook)
    return trained
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
          + "held-out images", loss, minusELBO, allowance: 1e-12 * magnitude))
  }

  private var imageWords: String {
    let size = "\(dataset.rows) × \(dataset.columns) \(dataset.name)"
    return encoding.likelihood == .bernoulli ? "binarised \(size)" : size
  }

  private var examinedWords: String {
    dataset.examinedCount == dataset.heldOut.levels.count
      ? "held-out image" : "of the first \(dataset.examinedCount) held-out images"
  }

  private var architectureWords: String {
    "Encoder \(encoderWords), decoder \(decoderWords), \(experiment.activation.rawValue), "
      + "\(pixelWords)."
  }

  private var encoderWords: String {
    let hidden = experiment.hidden.map { "\($0)–" }.joined()
    return "\(dataset.pixels)–\(hidden)(\(experiment.latent), \(experiment.latent))"
  }

  private var decoderWords: String {
    let hidden = experiment.hidden.reversed().map { "\($0)–" }.joined()
    let outputs = encoding.likelihood.outputsPerEntry
    return "\(experiment.latent)–\(hidden)\(dataset.pixels)" + (outputs == 1 ? "" : " × \(outputs)")
  }

  private var pixelWords: String {
    switch encoding.likelihood {
    case .bernoulli: "Bernoulli pixels"
    case .categorical(let levels): "categorical pixels of \(levels) grey levels"
    case .gaussian:
      "Gaussian pixels with a learned variance, dequantised: their log-densities may be positive"
    }
  }

  private func showHistory(_ history: History, in notebook: Notebook) throws {
    let epochs = history.training.count
    let shown = [1, 2, 5, 10, 20, 50, 100, 200, 300, 500, 1000, epochs]
    let rows = Set(shown.filter { $0 <= epochs }).sorted().map { epoch in
      let (a, b) = (history.training[epoch - 1], history.heldOut[epoch - 1])
      return ["\(epoch)"]
        + [a.reconstruction, a.divergence, a.elbo, b.reconstruction, b.divergence, b.elbo].map {
          $0.decimals(2)
        }
    }
    notebook.table(
      ["epoch", "train: E_q log p(x|z)", "KL", "ELBO", "held out: E_q log p(x|z)", "KL", "ELBO"],
      rows)
    try notebook.figure("chapter6-training") { figure(of: history) }
    let curve = history.heldOut.map(\.elbo)
    let bars = 60
    let sampled = (0..<min(bars, curve.count)).map {
      curve[$0 * curve.count / min(bars, curve.count)]
    }
    notebook.verbatim("held-out ELBO by epoch  " + sparkline(sampled))
  }

  private func figure(of history: History) -> Figure {
    func curve(_ terms: [ELBOTerms], _ value: (ELBOTerms) -> Double) -> [(Double, Double)] {
      terms.enumerated().map { (Double($0.offset + 1), value($0.element)) }
    }
    let epochs = Axis("epoch", scale: .log10)
    return Figure(
      "Training: the ELBO rises, and the KL with it", width: 760, height: 340,
      panels: [
        Panel(
          title: "ELBO, nats an image", x: epochs, y: Axis(),
          marks: [
            .line(curve(history.training, \.elbo), label: "train"),
            .line(curve(history.heldOut, \.elbo), label: "held out", colour: .second),
          ]),
        Panel(
          title: "its parts, held out", x: epochs, y: Axis(),
          marks: [
            .line(
              curve(history.heldOut) { -$0.reconstruction }, label: "−E_q log p(x|z)",
              colour: .third),
            .line(curve(history.heldOut, \.divergence), label: "KL", colour: .fourth),
          ]),
      ])
  }

  // MARK: 6.2

  func showIdentity(
    of model: VariationalAutoencoder<Double>, _ evidence: Evidence, in notebook: Notebook
  ) -> Identity {
    notebook.section("6.2", "log p(x) = ELBO + D(q‖p(z|x)), for every held-out image")
    let identity = notebook.working("ELBO and D", steps: 2 * dataset.examinedCount) {
      Identity(of: model, images: examined, evidence: evidence, eachHalf: $0)
    }
    let cells = evidence.grid.count
    let isPlane = experiment.latent == 2
    notebook.text(
      """
      The latent is a \(isPlane ? "plane" : "line"), so nothing about the trained network is out of \
      reach. For each \(examinedWords): log p(x) by a \(isPlane ? "\(cells) × \(cells)" : "\(cells)-point") \
      grid over |z| ≤ \(Int(evidence.grid.bounds.upperBound)); the ELBO by Gauss–Hermite quadrature (where its nodes are too few, by a grid in the guide's \
      coordinates) and the closed-form KL; D(q‖p(z|x)) by a second grid, its posterior normalised by the half-shifted \
      evidence grid. Three computations that share only the networks.
      """)
    notebook.table(
      ["held-out image", "log p(x)", "ELBO", "D(q‖p(z|x))", "log p(x) − ELBO − D", "allowed"],
      identity.exemplars.map { name, i in
        [
          "#\(i) (\(name))", identity.logEvidence[i].decimals(6), identity.elbo[i].decimals(6),
          identity.divergence[i].decimals(6), identity.residual(i).scientific,
          identity.allowance(i).scientific,
        ]
      } + [
        [
          "mean of all \(identity.count)", mean(identity.logEvidence).decimals(6),
          mean(identity.elbo).decimals(6), mean(identity.divergence).decimals(6), "", "",
        ]
      ])
    for check in identity.checks { notebook.check(check) }
    return identity
  }
}
