import Notebook
import TinyNumerics
import ToyModels

extension Chapter3 {
  static func showSurgery(in notebook: Notebook) {
    notebook.section("3.17", "ELBO surgery")
    notebook.text(
      """
      Eight x of the neural model, each with the normal guide that has its posterior's mean and \
      variance; the same guides four times as wide; narrow guides far apart; and guides that have \
      all become the prior (posterior collapse). The mean regulariser is closed-form KL, its two \
      parts are quadratures.
      """)
    var generator = Threefry(seed: notebook.seed, row: 17)
    let posteriors = (0..<8).map { _ in
      Example.neural.posterior(given: Example.neural.sample(using: &generator).x)
    }
    let guides = posteriors.map(momentMatchedGuide)
    let apart = (0..<8).map { Normal(mean: 2 * Double($0) - 7, standardDeviation: 0.25) }
    let wide = guides.map {
      Normal(mean: $0.mean, standardDeviation: 4 * $0.standardDeviation)
    }
    let cases: [(name: String, surgery: Surgery)] = [
      ("posterior moments", Surgery(guides: guides, prior: .standard)),
      ("four times as wide", Surgery(guides: wide, prior: .standard)),
      ("far apart", Surgery(guides: apart, prior: .standard)),
      ("collapsed", Surgery(guides: guides.map { _ in .standard }, prior: .standard)),
    ]
    notebook.table(
      ["guides", "mean D(q(z|x)‖p(z))", "I_q(n; z)", "D(q(z)‖p(z))", "sum", "log N"],
      cases.map { name, surgery in
        let (information, rest) = (surgery.mutualInformation, surgery.aggregateDivergence)
        return [name]
          + [
            surgery.meanDivergence, information.value, rest.value, information.value + rest.value,
            log(8),
          ].map { (abs($0) < 1e-12 ? 0 : $0).decimals(9) }
      })
    for (name, surgery) in cases {
      let parts = surgery.mutualInformation + surgery.aggregateDivergence
      notebook.check(
        .exact(
          "3.17", "mean D(q(z|x)‖p(z)) = I_q + D(q(z)‖p(z)): \(name)", surgery.meanDivergence,
          parts.value, allowance: parts.error + rounding(1, parts.value)))
    }
    for check in informationChecks(cases.map(\.surgery)) + momentChecks(guides, posteriors) {
      notebook.check(check)
    }
  }

  private static func informationChecks(_ cases: [Surgery]) -> [Check] {
    let (apart, collapsed) = (cases[2].mutualInformation, cases[3].mutualInformation)
    return [
      .worst(
        of: cases.map { surgery in
          let (information, other) = (surgery.mutualInformation, surgery.informationByEntropies)
          return .exact(
            "3.17", "I_q = H(q(z)) − mean H(q(z|x))", information.value, other.value,
            allowance: information.error + other.error + rounding(1, log(8)))
        }),
      .bound("3.17", "I_q ≤ log N, and nearly equal far apart", lower: apart.value, upper: log(8)),
      .exact(
        "3.17", "I_q = 0 for collapsed guides", collapsed.value, 0,
        allowance: collapsed.error + rounding(1)),
    ]
  }

  /// By another rule, E_{p(z|x)}[z − m] and E_{p(z|x)}[(z − m)²/s² − 1] are zero.
  private static func momentChecks(_ guides: [Normal], _ posteriors: [TabulatedPosterior])
    -> [Check]
  {
    let moments = zip(guides, posteriors).flatMap { q, posterior in
      let scores: [(Double) -> Double] = [{ $0 }, { $0 * $0 - 1 }]
      return scores.map { score in
        func f(_ z: Double) -> Double { score((z - q.mean) / q.standardDeviation) }
        let moment = integrate(over: -8...8) { z in exp(posterior.logDensity(z)) * f(z) }
        // the guide's own moments are sums over the posterior's 1,024 nodes
        let allowance =
          moment.error + posterior.expectation(of: f).error
          + rounding(1, q.mean / q.standardDeviation, terms: 1024)
        return (moment.value, 0.0, allowance)
      }
    }
    return [
      .worst(
        "3.17", "the guides have the posteriors' means and variances: E[u] = E[u² − 1] = 0",
        of: moments)
    ]
  }
}

/// The normal with the mean and the variance of a posterior.
func momentMatchedGuide(_ posterior: TabulatedPosterior) -> Normal {
  let mean = posterior.expectation { $0 }.value
  return Normal(mean: mean, variance: posterior.expectation { ($0 - mean) * ($0 - mean) }.value)
}
