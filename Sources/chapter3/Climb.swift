import Figures
import Foundation
import Notebook
import TinyNumerics
import ToyModels

/// L_k of a wide and of a narrow guide at k = 1, 2, 4, …, 4096.
struct Climb {
  let counts = (0...12).map { 1 << $0 }
  let wide: [Integral]
  let narrow: [Integral]
  let logEvidence: Double
  let relativeVariance: Double

  init(wide: LineGuide, narrow: LineGuide) {
    let bounds = [wide, narrow].map { KSampleBound(under: $0.q, logWeight: $0.logWeight) }
    self.wide = counts.map { bounds[0]($0) }
    self.narrow = counts.map { bounds[1]($0) }
    logEvidence = wide.logEvidence
    relativeVariance = wide.relativeVariance
  }

  private func scaledGaps(_ bounds: [Integral]) -> [Double] {
    zip(counts, bounds).map { Double($0) * (logEvidence - $1.value) }
  }

  /// The limit of k · gap_k by extrapolation: the next term of its expansion is of order 1/k and goes when
  /// 2 G_2k − G_k is formed. Its last change is the error estimate.
  var limit: Integral {
    let g = scaledGaps(wide)
    let extrapolated = zip(g, g.dropFirst()).map { 2 * $1 - $0 }
    let change = abs(extrapolated[11] - extrapolated[10])
    let noise = 4 * 4096 * (wide[12].error + 8 * .ulpOfOne * abs(logEvidence))
    return Integral(value: extrapolated[11], error: change + noise, evaluations: 0)
  }

  /// The local exponent e of gap ∝ k^{−e} between 2048 and 4096 draws.
  func exponent(_ bounds: [Integral]) -> Double {
    log2((logEvidence - bounds[11].value) / (logEvidence - bounds[12].value))
  }

  var checks: [Check] {
    let steps = [wide, narrow].flatMap { bounds in
      zip(bounds, bounds.dropFirst()).map { $1.value - $0.value }
    }
    return [
      .bound(
        "3.15", "L_k ≤ L_2k, smallest rise of 24 doublings", lower: 0, upper: steps.min()!),
      .bound(
        "3.15", "L_4096 ≤ log p(x), wide q", lower: wide[12].value, upper: logEvidence),
      .exact(
        "3.15", "k · gap → Var_q(w)/(2p²), wide q (extrapolated from k = 1024, 2048, 4096)",
        limit.value, relativeVariance / 2, allowance: limit.error),
      .bound(
        "3.15", "narrow q: the gap falls like k^−e with e < 1 between 2048 and 4096",
        lower: exponent(narrow), upper: 1),
    ]
  }

  var figure: Figure {
    func curve(_ bounds: [Integral]) -> [(Double, Double)] {
      zip(counts, bounds).map { (Double($0), $1.value) }
    }
    func gaps(_ bounds: [Integral]) -> [(Double, Double)] {
      zip(counts, bounds).map { (Double($0), logEvidence - $1.value) }
    }
    return Figure(
      "More samples, tighter bound", width: 760, height: 360,
      panels: [
        Panel(
          title: "Lₖ climbs to the evidence", x: Axis("k", scale: .log10), y: Axis("nats"),
          marks: [
            .horizontal(at: logEvidence, colour: .ink),
            .text("log p(x)", at: (1.2, logEvidence + 0.012), align: .leading),
            .line(curve(wide), label: "wide q"), .points(curve(wide)),
            .line(curve(narrow), label: "narrow q", colour: .second),
            .points(curve(narrow), colour: .second),
          ]),
        Panel(
          title: "What is missing", x: Axis("k", scale: .log10),
          y: Axis("log p(x) − Lₖ", scale: .log10),
          marks: [
            .line(
              over: 1...4096, label: "Var(w)/(2k p²)", colour: .muted, style: .dashed
            ) { relativeVariance / 2 / $0 },
            .line(gaps(wide), label: "wide q"), .points(gaps(wide)),
            .line(gaps(narrow), label: "narrow q", colour: .second),
            .points(gaps(narrow), colour: .second),
          ]),
      ])
  }
}
