import Foundation
import Notebook
import TinyNumerics
import ToyModels

extension Chapter3 {
  static func showSurgery(in notebook: Notebook) {
    notebook.section("3.17", "ELBO surgery")
    notebook.text(
      """
      Eight x of the neural model, each with the normal guide that has its posterior's mean and variance; the \
      same guides four times as wide; and guides that have all become the prior (posterior collapse). The mean \
      regulariser is closed-form KL, its two parts are quadratures.
      """)
    var generator = Threefry(seed: notebook.seed, stream: 31_700)
    let guides = momentMatchedGuides(count: 8, using: &generator)
    let wide = guides.map {
      Normal(mean: $0.mean, standardDeviation: 4 * $0.standardDeviation)
    }
    let cases: [(name: String, surgery: Surgery)] = [
      ("posterior moments", Surgery(guides: guides, prior: .standard)),
      ("four times as wide", Surgery(guides: wide, prior: .standard)),
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
    notebook.check(
      .bound(
        "3.17", "I_q ≤ log N: posterior moments",
        lower: cases[0].surgery.mutualInformation.value, upper: log(8)))
  }
}

/// Guides with the posterior's mean and variance, for x drawn from the neural model.
func momentMatchedGuides(
  count: Int, using generator: inout some RandomNumberGenerator
) -> [Normal] {
  (0..<count).map { _ in
    let posterior = Example.neural.posterior(given: Example.neural.sample(using: &generator).x)
    let mean = posterior.expectation { $0 }.value
    return Normal(mean: mean, variance: posterior.expectation { ($0 - mean) * ($0 - mean) }.value)
  }
}
