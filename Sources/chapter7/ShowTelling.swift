import Notebook
import TinyNumerics

extension Chapter7 {
  static func showTelling(in notebook: Notebook) {
    notebook.text(
      """
      The best discriminator says "real" where p is the larger. It is right with probability ½ + ½ \
      TV(p, q), so that any classifier's accuracy a on fresh x shows that TV ≥ 2a − 1: a lower \
      bound again.
      """)
    notebook.table(
      ["p = N(0, 1), q =", "p = q at", "TV", "best accuracy"],
      Contest.examples.map { name, contest in
        [
          name, contest.crossings.map { $0.decimals(4) }.joined(separator: ", "),
          contest.totalVariation.decimals(9), contest.bestAccuracy.value.decimals(9),
        ]
      })
    for check in tellingChecks { notebook.check(check) }
    let draws = notebook.samples(default: 80_000)
    var generator = Threefry(seed: notebook.seed, row: 12)
    for (name, contest) in [Contest.examples[0], Contest.examples[3]] {
      let accuracy = contest.sampledAccuracy(draws: draws, using: &generator)
      notebook.check(
        .monteCarlo(
          "7.12", "q = \(name): D* right about \(draws) fresh x = ½ + ½ TV",
          estimate: accuracy.mean, standardError: accuracy.standardError,
          exact: 0.5 + 0.5 * contest.totalVariation, promise: 0.01))
    }
    notebook.gap()
    showBlindProbe(in: notebook)
  }

  private static var tellingChecks: [Check] {
    let accuracies = Contest.examples.map { _, contest in
      let accuracy = contest.bestAccuracy
      return Check.exact(
        "7.12", "E max(D*, 1 − D*) = ½ + ½ TV", accuracy.value, 0.5 + 0.5 * contest.totalVariation,
        allowance: accuracy.error + rounding(1))
    }
    let shifts = [1.0, 2, 4].map { m in
      Check.exact(
        "7.12", "N(0, 1) against N(m, 1): accuracy Φ(m/2)",
        Contest.shifted(by: m).bestAccuracy.value,
        Normal.standard.cdf(m / 2),
        allowance: Contest.shifted(by: m).bestAccuracy.error + rounding(1))
    }
    let roots = Contest.examples.flatMap { _, contest in
      contest.crossings.map {
        Check.exact(
          "7.12", "where p = q, log p/q = 0", contest.logRatio($0), 0, allowance: rounding(4))
      }
    }
    let bounds = [-2, -0.5, 0, 0.5, 1, 3].map { t in
      Check.bound(
        "7.12", "real where x < t: 2a − 1 ≤ TV, q = N(1, 4)",
        lower: 2 * Contest.wide.accuracy(ofThreshold: t) - 1, upper: Contest.wide.totalVariation)
    }
    return [
      .worst(of: accuracies), .worst(of: shifts), .worst(of: roots), .worst(of: bounds),
    ]
  }

  /// A classifier sees what its family can: a linear one compares means.
  private static func showBlindProbe(in notebook: Notebook) {
    let contest = Contest(p: .standard, q: Normal(mean: 0, standardDeviation: 2))
    let linear = contest.regression(degree: 1)
    notebook.text(
      """
      A classifier sees what its family can see. N(0, 1) and N(0, 4) have one mean: logistic \
      regression on x finds nothing, though TV is \(contest.totalVariation.decimals(4)); with x² \
      it finds log p/q.
      """)
    notebook.check(
      .worst(
        of: linear.weights.map { weight in
          .exact(
            "7.12", "N(0, 1), N(0, 4): logistic regression on x has weights 0", weight, 0,
            allowance: linear.error)
        }))
    let quadratic = contest.regression(degree: 2)
    notebook.check(
      .exact(
        "7.12", "on x and x² it has −⅜ for x²", quadratic.slopes[1], -0.375,
        allowance: quadratic.error + rounding(1)))
    notebook.gap()
  }
}
