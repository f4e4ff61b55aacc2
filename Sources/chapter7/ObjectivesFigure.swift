import Figures
import TinyNumerics

extension Chapter7 {
  static func objectivesFigure(tie: Double) -> Figure {
    Figure(
      "Three objectives, one Gaussian: who covers, and for how long",
      description: """
        Left: a density with peaks at ±3 and the Gaussians that minimise D(p‖q) and JS, both \
        broad, and D(q‖p), narrow on the heavier peak. Middle: the same with peaks at ±4, where JS \
        too is narrow. Right: JS of the broad and of the narrow minimum against the distance; they \
        cross near 3.45.
        """,
      width: 960, height: 340, panels: [fitsPanel(3), fitsPanel(4), tiePanel(tie)])
  }

  private static func fitsPanel(_ s: Double) -> Panel {
    let peaks = TwoPeakFit(halfDistance: s)
    let names = ["argmin D(p‖q)", "argmin D(q‖p)", "argmin JS"]
    let styles: [Mark.LineStyle] = [.solid, .solid, .dashed]
    return Panel(
      title: "Peaks at ±\(s.significant(2))", x: Axis("x"),
      y: Axis(s < 4 ? "density" : "", range: 0...0.42),
      marks: [.area(over: -9...9, label: "p", colour: .muted) { peaks.density.density($0) }]
        + Objective.allCases.enumerated().map { i, objective in
          let q = best(peaks, objective).q
          return .line(over: -9...9, label: names[i], colour: .series(i), style: styles[i]) {
            q.density($0)
          }
        })
  }

  private static func tiePanel(_ tie: Double) -> Panel {
    func curve(
      from start: Double, _ fit: (TwoPeakFit) -> ObjectiveFit
    ) -> [(Double, Double)] {
      (0...28).map { i in
        let s = start + (4.5 - start) * Double(i) / 28
        return (s, fit(TwoPeakFit(halfDistance: s)).value)
      }
    }
    return Panel(
      title: "JS of its two best minima", x: Axis("peaks at ±s"), y: Axis("nats"),
      marks: [
        .line(curve(from: 1.6) { $0.broad(.jensenShannon) }, label: "broad", colour: .fourth),
        .line(
          curve(from: 2.65) { $0.narrow(.jensenShannon) }, label: "on the heavier peak",
          colour: .third),
        .vertical(at: tie, label: "tie at \(tie.decimals(2))"),
      ])
  }
}
