import Figures
import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

/// How training went, epoch by epoch.
extension Study {
  func showHistory(_ history: History, in notebook: Notebook) throws {
    let epochs = history.training.count
    guard epochs > 0 else { return }
    let shown = [1, 2, 5, 10, 20, 50, 100, 200, 300, 500, 1000, epochs]
    let rows = Set(shown.filter { $0 <= epochs }).sorted().map { epoch in
      let (a, b) = (history.training[epoch - 1], history.heldOut[epoch - 1])
      return ["\(epoch)"]
        + [a.reconstruction, a.divergence, a.elbo, b.reconstruction, b.divergence, b.elbo].map {
          $0.decimals(2)
        }
    }
    notebook.table(
      ["epoch", "train: E log p", "KL", "ELBO", "held out: E log p", "KL", "ELBO"],
      rows)
    try notebook.figure("chapter6-training") { figure(of: history) }
    let curve = history.heldOut.map(\.elbo)
    let words = "held-out ELBO by epoch  "
    let bars = max(10, min(60, notebook.width - words.count - 2))
    let sampled = (0..<min(bars, curve.count)).map {
      curve[$0 * curve.count / min(bars, curve.count)]
    }
    notebook.verbatim(words + sparkline(sampled))
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
}
