import Figures
import Foundation
import Notebook
import TinyNumerics

// The narration of row 1.11.

extension Chapter1 {
  static func showTwoPeaks(in notebook: Notebook) throws {
    notebook.section("1.11", "One Gaussian fitted to two peaks")
    notebook.text(
      """
      p = 0.6 N(s, 1) + 0.4 N(−s, 1), and one Gaussian q. argmin D(p‖q) must have mass wherever p \
      has some: it takes p's mean and variance. argmin D(q‖p) must have none where p has none: \
      with the peaks far apart it settles on the heavier one and pays −log 0.6 for ignoring the \
      other. Both are found by climbing on quadrature, the second from several starts. Here s = 3.
      """)
    let peaks = TwoPeaks(halfDistance: 3)
    let forward = forwardFit(to: peaks.density, from: .standard)
    let reverse = peaks.reverseFits
    notebook.table(
      ["minimised, start", "µ", "σ", "D"],
      [row("D(p‖q), from N(0, 1)", forward)]
        + reverse.map { row("D(q‖p), from \($0.name)", $0.fit) })
    for check in momentChecks(of: forward, peaks) { notebook.check(check) }
    notebook.check(.worst(of: reverse.map { valueCheck($0.fit, peaks) }))
    notebook.check(.worst(of: reverse.map { minimumCheck($0.fit, peaks) }))
    if let best = reverse.map(\.fit).min(by: { $0.divergence < $1.divergence }) {
      for check in heavierPeakChecks(best, peaks) { notebook.check(check) }
    }
    notebook.check(farApartCheck)
    notebook.gap()
    try showSwitch(in: notebook)
  }

  private static func row(_ name: String, _ fit: GaussianFit) -> [String] {
    [name] + cells(fit)
  }

  private static func cells(_ fit: GaussianFit) -> [String] {
    [fit.q.mean.decimals(4), fit.q.standardDeviation.decimals(4), fit.divergence.decimals(6)]
  }

  /// Where the gradient is g, the mean is off by σ²g and log σ by g/2: D(p ‖ q) has the curvatures
  /// 1/σ² and 2.
  private static func momentChecks(of fit: GaussianFit, _ peaks: TwoPeaks) -> [Check] {
    let variance = peaks.density.variance
    let allowance = 2 * variance * GaussianFit.tolerance + rounding(1 + variance, terms: 1600)
    let entropy = peaks.entropy
    return [
      .exact(
        "1.11", "mean of argmin D(p‖q) = mean of p", fit.q.mean, peaks.density.mean,
        allowance: allowance),
      .exact(
        "1.11", "variance of argmin D(p‖q) = variance of p", fit.q.variance, variance,
        allowance: allowance),
      .exact(
        "1.11", "min D(p‖q) = ½ log 2πeV − H(p)", fit.divergence,
        peaks.momentMatched.entropy - entropy.value,
        allowance: entropy.allowance(magnitude: 1 + entropy.value)
          + rounding(1 + 2 * peaks.momentMatched.entropy, terms: 1600)),
    ]
  }

  private static func valueCheck(_ fit: GaussianFit, _ peaks: TwoPeaks) -> Check {
    let divergence = peaks.divergence(of: fit.q)
    return .exact(
      "1.11", "each D(q‖p) of the table by another quadrature", fit.divergence, divergence.value,
      allowance: divergence.allowance(magnitude: 1 + divergence.value) + fit.rounding)
  }

  /// With a curvature of c a step h raises D by ½ c h²: what an error of ½ h in µ or log σ would
  /// undo.
  private static func minimumCheck(_ fit: GaussianFit, _ peaks: TwoPeaks) -> Check {
    .bound(
      "1.11", "each is a minimum: D rises with µ or log σ moved by 0.0001 either way",
      lower: peaks.divergence(of: fit.q).value,
      upper: peaks.divergenceBeside(fit.q, step: 1e-4).value)
  }

  /// What ½ (µ − s)² ≤ D(q ‖ heavier peak) amounts to follows from the first two: D(q ‖ p) ≤ −log w
  /// leaves at most E_q[log(1 + ρ)] for it.
  private static func heavierPeakChecks(_ best: GaussianFit, _ peaks: TwoPeaks) -> [Check] {
    let divergence = peaks.divergence(of: best.q)
    let share = peaks.shareOfLighter(under: best.q)
    let cost = -log(peaks.heavierWeight)
    return [
      .exact(
        "1.11", "D(q‖p) = −log 0.6 + D(q‖heavier peak) − E_q log(1 + ρ)", divergence.value,
        cost + klDivergence(best.q, relativeTo: peaks.heavier) - share.value,
        allowance: divergence.allowance(magnitude: 1 + cost) + share.allowance(magnitude: 1)
          + rounding(cost)),
      .bound(
        "1.11", "it sits on the heavier peak: |µ − 3| ≤ √(2 E_q log(1 + ρ))",
        lower: abs(best.q.mean - peaks.halfDistance), upper: (2 * share.value).squareRoot()),
      .bound("1.11", "and D(q‖p) ≤ −log 0.6", lower: divergence.value, upper: cost),
    ]
  }

  /// Peaks sixteen standard deviations apart: E_q[log(1 + ρ)] ≤ √(0.4/0.6) e^{−32} there, since
  /// log(1 + ρ) ≤ √ρ.
  private static var farApartCheck: Check {
    let peaks = TwoPeaks(halfDistance: 8)
    let fit = peaks.heavierFit
    return .exact(
      "1.11", "far apart (s = 8), D(q‖p) = −log 0.6", fit.divergence, -log(peaks.heavierWeight),
      allowance: exp(-32) + fit.rounding)
  }
}

// MARK: The switch

extension Chapter1 {
  private static func showSwitch(in notebook: Notebook) throws {
    let tie = TwoPeaks.switchPoint(heavierWeight: 0.6)
    let others = [0.5, 0.55].map { w in
      TwoPeaks(halfDistance: TwoPeaks.switchPoint(heavierWeight: w), heavierWeight: w)
    }
    let ties = others.map { $0.halfDistance.decimals(2) }
    notebook.text(
      """
      The way there is no glide but a switch. D(q‖p) has a broad minimum that covers both peaks \
      and one on each peak; as the peaks move apart the broad one gets worse and the others do \
      not. Here is where the broad minimum and the one on the heavier peak tie. (With weights 0.55 \
      and 0.45 they tie at s = \(ties[1]), with equal weights at s = \(ties[0]).)
      """)
    let rows = [2.4, 2.5, tie, 2.75, 3].map { s in
      let peaks = TwoPeaks(halfDistance: s)
      return (peaks: peaks, broad: peaks.broadFit, heavier: peaks.heavierFit)
    }
    notebook.table(
      ["s", "broad: µ", "σ", "D", "on the heavier peak: µ", "σ", "D"],
      rows.map { [$0.peaks.halfDistance.decimals(4)] + cells($0.broad) + cells($0.heavier) })
    let fits = rows.flatMap { [($0.broad, $0.peaks), ($0.heavier, $0.peaks)] }
    notebook.check(.worst(of: fits.map(valueCheck)))
    notebook.check(.worst(of: fits.map(minimumCheck)))
    let (near, at, far) = (rows[1].peaks, rows[2].peaks, rows[4].peaks)
    notebook.check(
      .bound(
        "1.11", "s = 2.5: the broad fit is better",
        lower: near.divergence(of: near.broadFit.q).value,
        upper: near.divergence(of: near.heavierFit.q).value))
    notebook.check(
      .worst(
        of: ([at] + others).map {
          tieCheck($0, "s = \(tie.decimals(6)) (\(ties[1]), \(ties[0]))")
        })
    )
    notebook.check(
      .bound(
        "1.11", "s = 3: the heavier peak is better",
        lower: far.divergence(of: far.heavierFit.q).value,
        upper: far.divergence(of: far.broadFit.q).value))
    notebook.gap()
    try notebook.figure("chapter1-two-peaks") { twoPeaksFigure(tie: tie) }
  }

  private static func tieCheck(_ peaks: TwoPeaks, _ where: String) -> Check {
    let (broad, narrow) = (peaks.broadFit, peaks.heavierFit)
    let (a, b) = (peaks.divergence(of: broad.q), peaks.divergence(of: narrow.q))
    return .exact(
      "1.11", "\(`where`): they tie, by another quadrature", a.value, b.value,
      allowance: a.allowance(magnitude: 1 + a.value) + b.allowance(magnitude: 1 + b.value)
        + broad.rounding + narrow.rounding)
  }

  private static func twoPeaksFigure(tie: Double) -> Figure {
    Figure(
      "One Gaussian for two peaks, and where the reverse fit lets go of one",
      description: """
        Left and middle: a density with two peaks, the broad Gaussian that minimises D(p‖q), and \
        the Gaussian that minimises D(q‖p): broad with the peaks at ±2.4, narrow and on the \
        heavier peak at ±3. Right: D(q‖p) of the broad and of the narrow minimum against the \
        peaks' distance; they cross near 2.5.
        """,
      width: 960, height: 340,
      panels: [fitsPanel(2.4, \.broadFit), fitsPanel(3, \.heavierFit), switchPanel(tie: tie)])
  }

  private static func fitsPanel(_ s: Double, _ best: (TwoPeaks) -> GaussianFit) -> Panel {
    let peaks = TwoPeaks(halfDistance: s)
    let forward = forwardFit(to: peaks.density, from: .standard).q
    let reverse = best(peaks).q
    return Panel(
      title: "Peaks at ±\(s.significant(2))", x: Axis("z"),
      y: Axis(s < 3 ? "density" : "", range: 0...0.42),
      marks: [
        .area(over: -8...8, label: "p", colour: .muted) { peaks.density.density($0) },
        .line(over: -8...8, label: "argmin D(p‖q)", colour: .first) { forward.density($0) },
        .line(over: -8...8, label: "argmin D(q‖p)", colour: .second) { reverse.density($0) },
      ])
  }

  private static func switchPanel(tie: Double) -> Panel {
    func curve(from start: Double, _ fit: (TwoPeaks) -> GaussianFit) -> [(Double, Double)] {
      (0...32).map { i in
        let s = start + (3.2 - start) * Double(i) / 32
        return (s, fit(TwoPeaks(halfDistance: s)).divergence)
      }
    }
    return Panel(
      title: "D(q‖p) of its two best minima", x: Axis("peaks at ±s"), y: Axis("nats"),
      marks: [
        .line(curve(from: 1.6, \.broadFit), label: "broad", colour: .third),
        .line(curve(from: 2.4, \.heavierFit), label: "on the heavier peak", colour: .second),
        .horizontal(at: -log(0.6), label: "−log 0.6"),
        .vertical(at: tie, label: "tie at \(tie.decimals(2))"),
      ])
  }
}
