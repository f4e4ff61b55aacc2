import Figures
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
  /// k times the loss of a single draw, for both, at k = 2, 4, …, 4096.
  let singles: [[Integral]]
  /// E[(w/p(x))²] of the wide guide, and of the narrow one within 8 and within 12 standard
  /// deviations.
  let secondMoment: Integral
  let growing: [Integral]

  init(wide: LineGuide, narrow: LineGuide) {
    let bounds = [wide, narrow].map { KSampleBound(under: $0.q, logWeight: $0.logWeight) }
    self.wide = counts.map { bounds[0]($0) }
    self.narrow = counts.map { bounds[1]($0) }
    logEvidence = wide.logEvidence
    relativeVariance = wide.relativeVariance
    secondMoment = wide.secondMoment(within: 12)
    growing = [8, 12].map { narrow.secondMoment(within: $0) }
    let several = counts.dropFirst()
    singles = [wide, narrow].map { guide in several.map { guide.lossOfSingles(among: $0) } }
  }

  private func scaledGaps(_ bounds: [Integral]) -> [Double] {
    zip(counts, gaps(bounds)).map { Double($0) * $1 }
  }

  /// The limit of k · gap_k by extrapolation: the next term of its expansion is of order 1/k and
  /// goes when 2 G_2k − G_k is formed. The one after it is of order 1/k², so that a third of the
  /// last change is left.
  var limit: Integral {
    let g = scaledGaps(wide)
    let extrapolated = zip(g, g.dropFirst()).map { 2 * $1 - $0 }
    let change = abs(extrapolated[11] - extrapolated[10])
    // 2 · 4096 L_4096 − 2048 L_2048, each of them off by its own error
    let noise = Double(2 * counts[12] + counts[11]) * (wide[12].error + rounding(logEvidence))
    return Integral(value: extrapolated[11], error: change / 3 + noise, evaluations: 0)
  }

  /// The local exponent e of gap ∝ k^{−e} between 2048 and 4096 draws.
  func exponent(_ gaps: [Double]) -> Double { log2(gaps[gaps.count - 2] / gaps[gaps.count - 1]) }

  func gaps(_ bounds: [Integral]) -> [Double] { bounds.map { logEvidence - $0.value } }

  var checks: [Check] {
    let steps = [wide, narrow].flatMap { bounds in
      zip(bounds, bounds.dropFirst()).map { $1.value - $0.value }
    }
    let (wideGaps, narrowGaps) = (gaps(wide), gaps(narrow))
    let singleGaps = singles.map { $0.map(\.value) }
    let excesses = zip([wideGaps, narrowGaps], singleGaps).flatMap {
      zip($0.dropFirst(), $1).map(-)
    }
    return [
      .bound(
        "3.15", "L_k ≤ L_2k, smallest rise of 24 doublings", lower: 0, upper: steps.min()!),
      .bound(
        "3.15", "L_4096 ≤ log p(x), wide q", lower: wide[12].value, upper: logEvidence),
      .exact(
        "3.15", "k · gap → Var_q(w)/(2p²), wide q (extrapolated from k = 1024, 2048, 4096)",
        limit.value, relativeVariance / 2, allowance: limit.error),
      .exact(
        "3.15", "Var_q(w)/p² = its integral, wide q", relativeVariance, secondMoment.value - 1,
        allowance: secondMoment.error + rounding(1, relativeVariance)),
      .bound(
        "3.15", "narrow q: E[w²] within 12 standard deviations is a million times that within 8",
        lower: 1e6 * growing[0].value, upper: growing[1].value),
      .bound(
        "3.15", "−k E log(1 + (w/p(x) − 1)/k) ≤ log p(x) − L_k: smallest excess, k = 2 … 4096",
        lower: 0, upper: excesses.min()!),
      .exact(
        "3.15",
        "narrow q: exponent e between 2048 and 4096 = that of the left side, to first order",
        exponent(narrowGaps), exponent(singleGaps[1]), allowance: narrowGaps[11]),
    ]
  }

  var figure: Figure {
    func curve(_ bounds: [Integral]) -> [(Double, Double)] {
      zip(counts, bounds).map { (Double($0), $1.value) }
    }
    func points(_ gaps: [Double]) -> [(Double, Double)] {
      zip(counts, gaps).map { (Double($0), $1) }
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
            .line(points(gaps(wide)), label: "wide q"), .points(points(gaps(wide))),
            .line(points(gaps(narrow)), label: "narrow q", colour: .second),
            .points(points(gaps(narrow)), colour: .second),
          ]),
      ])
  }
}
