import Figures
import Notebook
import TinyNumerics

extension Chapter7 {
  static let shift = Option.number(
    "m", in: 0.1...6, default: 0.5, help: "a mean of the generator, beside the others")

  static func showGeneratorSlopes(in notebook: Notebook) throws {
    let steepest = steepestShift
    notebook.text(
      """
      p = N(0, 1), generator x = m + ε, the best discriminator held fixed. The slope of E log(1 − \
      D) in m is m E D* = 2 dJS/dm: largest at m = \(steepest.decimals(6)), and gone like \
      e^{−m²/8} where the generator is bad and needs it most. The slope of −E log D is m (1 − E \
      D*). It is not that of any JS: it is that of D(q‖p) − 2 JS.
      """)
    let shifts = [notebook[shift], 1, steepest, 2, 4, 8]
    notebook.table(
      ["m", "E_q D*", "of E log(1 − D)", "of −E log D", "JS"],
      shifts.map { m in
        let contest = Contest.shifted(by: m)
        return [
          m.significant(4), meanDiscriminator(shift: m).value.decimals(9),
          contest.slopes(of: .saturating).mean.value.decimals(12),
          contest.slopes(of: .nonSaturating).mean.value.decimals(9),
          contest.jensenShannon.value.decimals(6),
        ]
      })
    for check in shiftChecks(shifts) { notebook.check(check) }
    for check in steepestChecks(steepest) { notebook.check(check) }
    notebook.gap()
    try notebook.figure("chapter7-slopes") { slopesFigure(steepest) }
  }

  private static func shiftChecks(_ shifts: [Double]) -> [Check] {
    let cases = shifts.map { m in
      let contest = Contest.shifted(by: m)
      let (saturating, other) = (
        contest.slopes(of: .saturating), contest.slopes(of: .nonSaturating)
      )
      let mean = meanDiscriminator(shift: m)
      return [
        Check.exact(
          "7.9", "slope of E log(1 − D) = m e^{−m²/8} ∫ φ(y)/(2 cosh(my/2)) dy",
          saturating.mean.value, m * mean.value,
          allowance: saturating.mean.error + m * mean.error + rounding(m * mean.value)),
        .exact(
          "7.9", "slope of −E log D = m (1 − E_q D*)", other.mean.value, m * (1 - mean.value),
          allowance: other.mean.error + m * mean.error + rounding(m)),
      ]
    }
    let both = (Contest.examples.map(\.contest) + [.shifted(by: shifts[0])]).flatMap { contest in
      let js = contest.jensenShannonSlopes
      let (saturating, other) = (
        contest.slopes(of: .saturating), contest.slopes(of: .nonSaturating)
      )
      let reverse = contest.reverseSlopes
      return [
        (saturating.mean, other.mean, js.mean, reverse.mean),
        (saturating.logDeviation, other.logDeviation, js.logDeviation, reverse.logDeviation),
      ]
    }
    let saturating = both.map { saturating, _, js, _ in
      Check.exact(
        "7.9", "∇E log(1 − D*) = 2 ∇JS, in µ and log σ, by score instead of path", saturating.value,
        2 * js.value, allowance: saturating.error + 2 * js.error + rounding(4))
    }
    let nonSaturating = both.map { _, other, js, reverse in
      Check.exact(
        "7.9", "−∇E log D* = ∇[D(q‖p) − 2 JS], in µ and log σ", other.value,
        reverse - 2 * js.value, allowance: other.error + 2 * js.error + rounding(4 + reverse))
    }
    return [
      .worst(of: cases.map { $0[0] }), .worst(of: cases.map { $0[1] }), .worst(of: saturating),
      .worst(of: nonSaturating),
    ]
  }

  private static func steepestChecks(_ steepest: Double) -> [Check] {
    let slope = slopeOfSaturatingSlope(shift: steepest)
    let tails = [8.0, 14, 20].map { m in
      let exact = Contest.shifted(by: m).slopes(of: .saturating).mean.value
      let tail = saturatingTail(shift: m)
      return [
        Check.bound(
          "7.9", "m = 8, 14, 20: (1 − π²/2m²) ≤ slope/(√(π/2) e^{−m²/8})",
          lower: tail.lower / exact,
          upper: 1),
        .bound(
          "7.9", "and ≤ 1 − π²/2m² + 5π⁴/8m⁴", lower: 1, upper: tail.upper / exact),
      ]
    }
    return [
      .exact(
        "7.9", "at m = \(steepest.decimals(6)) the slope is steepest: E_q[D* + m(x − m) D*²] = 0",
        slope.value, 0, allowance: slope.error + rounding(2)),
      .worst(of: tails.map { $0[0] }), .worst(of: tails.map { $0[1] }),
    ]
  }

  private static func slopesFigure(_ steepest: Double) -> Figure {
    let shifts = (0...60).map { 0.01 + 0.1 * Double($0) }
    func curve(_ f: (Contest) -> Double) -> [(Double, Double)] {
      shifts.map { ($0, f(.shifted(by: $0))) }
    }
    return Figure(
      "How much a bad generator is told to move",
      description: """
        Left: the Jensen–Shannon divergence of N(0, 1) and N(m, 1) rises with m and levels off at \
        log 2. Right: the slope of E log(1 − D) rises to 0.47 at m = 1.64 and falls to zero; that \
        of −E log D grows like m.
        """,
      width: 800, height: 320,
      panels: [
        Panel(
          title: "JS levels off", x: Axis("m"), y: Axis("nats"),
          marks: [
            .line(curve { $0.jensenShannon.value }, label: "JS", colour: .third),
            .horizontal(at: log(2), label: "log 2"),
          ]),
        Panel(
          title: "and its slope is gone", x: Axis("m"), y: Axis("slope in m", range: 0...3),
          marks: [
            .line(
              curve { $0.slopes(of: .saturating).mean.value }, label: "of E log(1 − D)",
              colour: .first),
            .line(
              curve { $0.slopes(of: .nonSaturating).mean.value }, label: "of −E log D",
              colour: .second),
            .vertical(at: steepest, label: steepest.decimals(2)),
          ]),
      ])
  }
}
