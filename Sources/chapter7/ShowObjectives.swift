import Notebook
import TinyNumerics

extension Chapter7 {
  static let halfDistance = Option.number(
    "s", in: 2.7...4.5, default: 3, help: "the peaks stand at s and −s")

  static func showObjectives(in notebook: Notebook) throws {
    let ties = (
      reverse: TwoPeakFit.tie(.reverse, near: 2.5),
      jensenShannon: TwoPeakFit.tie(.jensenShannon, near: 3.4)
    )
    notebook.text(
      """
      p = 0.6 N(s, 1) + 0.4 N(−s, 1) again (1.11). Maximum likelihood, argmin D(p‖q), covers both \
      peaks at every s. D(q‖p) lets go of the lighter one at s = \(ties.reverse.decimals(6)), JS \
      only at s = \(ties.jensenShannon.decimals(6)): in between a GAN with a perfect discriminator \
      still covers what a guide would drop. (Where a GAN drops peaks earlier than this, the \
      objective is not to blame.)
      """)
    let s = notebook[halfDistance]
    let places = [2.4, s, ties.jensenShannon, 4]
    notebook.table(
      ["s", "argmin D(p‖q): µ", "σ", "D(q‖p): µ", "σ", "JS: µ", "σ", "JS"],
      places.map { s in
        let peaks = TwoPeakFit(halfDistance: s)
        let fits = Objective.allCases.map { best(peaks, $0) }
        return [s.decimals(4)]
          + fits.flatMap { [$0.q.mean.decimals(4), $0.q.standardDeviation.decimals(4)] }
          + [fits[2].value.decimals(6)]
      })
    for check in tieChecks(ties.reverse, ties.jensenShannon) { notebook.check(check) }
    notebook.check(slopeCheck)
    for check in minimumChecks(s) { notebook.check(check) }
    for check in narrowChecks { notebook.check(check) }
    notebook.gap()
    try notebook.figure("chapter7-objectives") { objectivesFigure(tie: ties.jensenShannon) }
  }

  /// The better of the two minima.
  static func best(
    _ peaks: TwoPeakFit, _ objective: Objective
  ) -> ObjectiveFit {
    let (broad, narrow) = (peaks.broad(objective), peaks.narrow(objective))
    return broad.value <= narrow.value ? broad : narrow
  }

  private static func tieChecks(_ reverse: Double, _ jensenShannon: Double) -> [Check] {
    [(Objective.reverse, "D(q‖p)", reverse), (.jensenShannon, "JS", jensenShannon)].map {
      objective, name, s in
      let peaks = TwoPeakFit(halfDistance: s)
      let values = [peaks.broad(objective), peaks.narrow(objective)].map {
        peaks.value(objective, at: $0.q)
      }
      return .exact(
        "7.8", "s = \(s.decimals(6)): broad and narrow fit have one \(name), by another rule",
        values[0].value, values[1].value,
        allowance: values[0].error + values[1].error + rounding(4))
    }
  }

  /// ∂f/∂log q against a difference quotient, with that of twice the step for its error.
  private static var slopeCheck: Check {
    let step = 1e-3
    let places = [(-1.0, -3.0), (-2, -1.5), (-4, -0.5)]
    return .worst(
      of: places.flatMap { logP, logQ in
        Objective.allCases.map { objective in
          func quotient(_ h: Double) -> Double {
            (objective.integrand(logP, logQ + h).value - objective.integrand(logP, logQ - h).value)
              / (2 * h)
          }
          let fine = quotient(step)
          return .exact(
            "7.8", "∂f/∂log q of the three objectives = its difference quotient",
            objective.integrand(logP, logQ).slope, fine,
            allowance: abs(fine - quotient(2 * step)) + 16 * .ulpOfOne / step)
        }
      })
  }

  /// The fits' values by another rule, and that no neighbour is better; D(p‖q)'s is p's mean and
  /// variance.
  private static func minimumChecks(_ reader: Double) -> [Check] {
    let fits = [2.4, reader, 4].flatMap { s in
      Objective.allCases.flatMap { objective in
        let peaks = TwoPeakFit(halfDistance: s)
        return [peaks.broad(objective), peaks.narrow(objective)].map { (peaks, objective, $0) }
      }
    }
    let values = fits.map { peaks, objective, fit in
      let other = peaks.value(objective, at: fit.q)
      return Check.exact(
        "7.8", "a fit's divergence, by another rule", fit.value, other.value,
        allowance: other.error + peaks.gridError + rounding(4, terms: 800))
    }
    let neighbours = fits.flatMap { peaks, objective, fit in
      [(1e-3, 0.0), (-1e-3, 0), (0, 1e-3), (0, -1e-3)].map { shift, stretch in
        Check.bound(
          "7.8", "a fit is a minimum: µ ± 0.001 and log σ ± 0.001 are worse",
          lower: peaks.value(objective, at: fit.q).value,
          upper: peaks.value(
            objective,
            at: Normal(
              mean: fit.q.mean + shift,
              standardDeviation: fit.q.standardDeviation * exp(stretch))
          ).value)
      }
    }
    // D(p ‖ q) has the curvatures 1/σ² in µ and 2 in log σ
    let forward = fits.filter { $0.1 == .forward }.flatMap { peaks, _, fit -> [Check] in
      let allowance = 2 * peaks.density.variance * (fit.gradientNorm + rounding(1, terms: 800))
      return [
        .exact(
          "7.8", "argmin D(p‖q) has p's mean and variance, from either start", fit.q.mean,
          peaks.density.mean, allowance: allowance),
        .exact(
          "7.8", "argmin D(p‖q) has p's mean and variance, from either start", fit.q.variance,
          peaks.density.variance, allowance: allowance),
      ]
    }
    return [.worst(of: forward), .worst(of: values), .worst(of: neighbours)]
  }

  /// JS's minimum on the heavier peak: not yet at s = 2.6, at 2.65 it is there; far apart its
  /// value.
  private static var narrowChecks: [Check] {
    let before = TwoPeakFit(halfDistance: 2.6)
    let after = TwoPeakFit(halfDistance: 2.65)
    let far = TwoPeakFit(halfDistance: 10)
    let (slid, broad) = (before.narrow(.jensenShannon), before.broad(.jensenShannon))
    // the curvature in log σ is above 0.01, or 0.001 in log σ would not cost the neighbours 5e-9
    let slopes = slid.gradientNorm + broad.gradientNorm + rounding(1, terms: 800)
    return [
      .exact(
        "7.8", "JS at s = 2.6: from the heavier peak one slides to the broad fit",
        slid.q.standardDeviation, broad.q.standardDeviation,
        allowance: 100 * broad.q.standardDeviation * slopes),
      .bound(
        "7.8", "JS at s = 2.65: from the heavier peak one stays there, σ below half the broad σ",
        lower: after.narrow(.jensenShannon).q.standardDeviation,
        upper: 0.5 * after.broad(.jensenShannon).q.standardDeviation),
      .exact(
        "7.8", "far apart (s = 10): JS = ½ (0.6 log ¾ + 0.4 log 2) + ½ log 1¼",
        far.value(.jensenShannon, at: far.narrow(.jensenShannon).q).value,
        TwoPeakFit.farApart(heavierWeight: 0.6), allowance: exp(-49) + rounding(4)),
    ]
  }
}
