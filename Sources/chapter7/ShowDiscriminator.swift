import Notebook
import TinyNumerics

extension Chapter7 {
  static func showDiscriminator(in notebook: Notebook) {
    notebook.text(
      """
      Half of the x are real, from p = N(0, 1), half from a generator q. The best guess at "real" \
      is Bayes' rule. Three ways to it: by calculus, by climbing p log D + q log(1 − D) at each x, \
      and by logistic regression, which for two Gaussians has log p/q in its family.
      """)
    let points = [-2, -1, 0, 0.5, 1, 2, 3.0]
    notebook.table(
      ["q, x ="] + points.map { $0.significant(2) },
      Contest.examples.map { name, contest in
        [name] + points.map { contest.bestDiscriminator($0).decimals(4) }
      })
    notebook.check(
      .worst(
        of: Contest.examples.flatMap { _, contest in
          points.map { x in
            let climbed = contest.climbedDiscriminator(x)
            return .exact(
              "7.5", "D* = p/(p + q) = the end of a climb",
              contest.bestDiscriminator(x), climbed.value,
              allowance: climbed.error + rounding(1 + abs(contest.logRatio(x))))
          }
        }))
    showRegressed(in: notebook)
    showShares(in: notebook)
  }

  private static func showRegressed(in notebook: Notebook) {
    let regressed = Contest.examples.map { name, contest in
      (contest, contest.regression(degree: contest.logRatioCoefficients[2] == 0 ? 1 : 2))
    }
    notebook.check(
      .worst(
        of: regressed.flatMap { contest, regression in
          zip(regression.weights, contest.logRatioCoefficients).map {
            .exact(
              "7.5", "regression finds the coefficients of log p/q", $0, $1,
              allowance: regression.error + rounding(1 + abs($1)))
          }
        }))
    notebook.check(
      .worst(
        of: [1.0, 2, 4].map { m in
          .exact(
            "7.5", "of equal variances: log p/q = −mx + m²/2", Contest.shifted(by: m).logRatio(0.3),
            -m * 0.3 + m * m / 2, allowance: rounding(1 + m * m))
        }))
  }

  /// log (π p / (1 − π) q) = log p/q + log π/(1 − π).
  private static func showShares(in notebook: Notebook) {
    let contest = Contest.shifted(by: 1)
    let equal = contest.regression(degree: 1)
    notebook.check(
      .worst(
        of: [0.2, 0.9].flatMap { share in
          let other = contest.regression(degree: 1, share: share)
          let allowance = equal.error + other.error + rounding(4)
          return [
            Check.exact(
              "7.5", "shares π, 1 − π move the intercept by log π/(1 − π)",
              other.intercept - equal.intercept, log(share) - log1p(-share), allowance: allowance),
            .exact(
              "7.5", "shares π, 1 − π move the intercept by log π/(1 − π)",
              other.slopes[0], equal.slopes[0], allowance: allowance),
          ]
        }))
  }
}
