import Foundation
import Notebook
import TinyNumerics

/// The main experiment and its three sections: train, check the identity, look.
struct Study {
  let experiment: Experiment
  let images: ImageSet
  let training: [Double]
  let heldOut: [Double]

  init(_ experiment: Experiment, digits: ImageSet) {
    self.experiment = experiment
    images = digits
    training = digits.binarised(Digits.training, threshold: Digits.threshold)
    heldOut = digits.binarised(Digits.heldOut, threshold: Digits.threshold)
  }

  // MARK: 6.1

  func showTraining(in notebook: Notebook) throws -> VariationalAutoencoder<Double> {
    notebook.section("6.1", "Training on real images")
    notebook.text(
      """
      \(Digits.training.count) binarised 8 × 8 digits train, \(Digits.heldOut.count) are held out. \
      Encoder 64–\(experiment.hidden)–(2, 2), decoder 2–\(experiment.hidden)–64, softplus, Bernoulli \
      pixels; each step takes one draw z = µ + σε an image, and Adam goes up the ELBO. All numbers \
      are nats an image.
      """)
    let progress = notebook.progress("training", total: experiment.epochs)
    let (model, history) = train(
      experiment, on: training, heldOut: heldOut, width: images.pixels
    ) { epoch, history in
      let elbo = history.heldOut[epoch - 1].elbo.decimals(2)
      progress.update(epoch, note: "epoch \(epoch), held-out ELBO \(elbo)")
    }
    progress.finish()
    try requireUsable(model, for: heldOut, learningRate: experiment.learningRate)
    try showHistory(history, in: notebook)
    let (loss, minusELBO) = lossAndMinusELBO(of: model, images: heldOut, seed: experiment.seed)
    notebook.check(
      .exact(
        "6.1", "reconstruction loss + KL = −ELBO, same draws, summed over the held-out images",
        loss, minusELBO, allowance: 1e-12 * abs(minusELBO)))
    return model
  }

  private func showHistory(_ history: History, in notebook: Notebook) throws {
    let shown = [1, 2, 5, 10, 20, 50, 100, 200, 300, 500, 1000, experiment.epochs]
    let rows = Set(shown.filter { $0 <= experiment.epochs }).sorted().map { epoch in
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
    of model: VariationalAutoencoder<Double>, in notebook: Notebook
  ) -> Identity {
    notebook.section("6.2", "log p(x) = ELBO + D(q‖p(z|x)), for every held-out image")
    let identity = Identity(of: model, images: heldOut)
    let cells = identity.evidence.grid.count
    notebook.text(
      """
      The latent is a plane, so nothing about the trained network is out of reach. For each held-out \
      image: log p(x) by a \(cells) × \(cells) grid over |z| ≤ 8; the ELBO by Gauss–Hermite quadrature \
      and the closed-form KL; D(q‖p(z|x)) by a second grid, its posterior normalised by the half-shifted \
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

func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
