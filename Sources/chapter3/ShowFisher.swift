import Notebook
import TinyNumerics
import ToyModels

extension Chapter3 {
  static func showFisher(in notebook: Notebook) {
    notebook.section("3.12", "Fisher's identity: the bound touches with the evidence's slope")
    notebook.text(
      """
      ∇_θ log p(x) = E_{p(z|x)}[∇_θ log p(x,z)]. The left side is a formula for the \
      linear-Gaussian model and the evidence differenced for the other two (Richardson's \
      extrapolation, its error estimated); the right side is a posterior expectation. The ELBO \
      with q held fixed at the posterior has the same slope; held at another q, it misses the \
      slope of D(q‖p(z|x)).
      """)
    let mixture = mixtureFisher(
      Example.mixture, at: Example.number, anotherGuide: Example.discreteGuides[1].q)
    let gaussian = gaussianFisher(
      Example.plane, at: Example.triple, anotherGuide: Example.gaussianGuides[1].q)
    let neural = neuralFisher(
      Example.neural, at: Example.crossing, anotherGuide: Example.normalGuides[1].q)
    let shown = [0, 4, 8].map { mixture[$0] } + [0, 3].map { gaussian[$0] } + neural.prefix(2)
    notebook.table(
      [
        "parameter θ", "∂ log p(x)", "E_p(z|x)[∂ log p(x,z)]", "∂ ELBO, q = p(z|x)",
        "∂ ELBO, another q",
      ],
      shown.map { row in
        ["\(row.model), \(row.parameter)"]
          + [
            row.slopeOfEvidence, row.posteriorMeanOfScore, row.slopeOfBound,
            row.slopeOfAnotherBound,
          ].map { $0.value.decimals(9) }
      })
    for rows in [mixture, gaussian, neural] {
      notebook.check(
        .worst(
          of: rows.map {
            fisherCheck(
              "∇ log p(x) = E[∇ log p(x,z)], \($0.model) \($0.parameter)",
              $0.slopeOfEvidence, $0.posteriorMeanOfScore)
          }))
      notebook.check(
        .worst(
          of: rows.map {
            fisherCheck(
              "∇ ELBO at q = p(z|x) = ∇ log p(x), \($0.model) \($0.parameter)", $0.slopeOfBound,
              $0.slopeOfEvidence)
          }))
      notebook.check(
        .worst(
          of: rows.map {
            fisherCheck(
              "∇ log p(x) − ∇ ELBO at another q = ∇D, \($0.model) \($0.parameter)",
              $0.slopeOfEvidence - $0.slopeOfAnotherBound, $0.slopeOfGap)
          }))
    }
  }

  private static func fisherCheck(_ identity: String, _ a: Integral, _ b: Integral) -> Check {
    .exact(
      "3.12", identity, a.value, b.value,
      allowance: a.error + b.error + rounding(1, a.value, b.value))
  }
}
