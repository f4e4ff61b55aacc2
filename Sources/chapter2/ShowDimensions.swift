import Foundation
import Notebook
import TinyNumerics
import ToyModels

extension Chapter2 {
  static func showDimensions(in notebook: Notebook) throws {
    notebook.section("2.8", "\"Intractable\", measured")
    notebook.text(
      """
      A chain of linear-Gaussian models, D latents and D data dimensions, whose evidence is known \
      for every D. A grid with n nodes a dimension needs n^D of them. Prior samples need no grid, \
      but their relative variance grows exponentially too; 1 + relvar = |I+A| |I+2A|^(−½) \
      exp(hᵀ[2(I+2A)⁻¹ − (I+A)⁻¹]h) with A = WᵀΣ⁻¹W, h = WᵀΣ⁻¹(x−b).
      """)
    let (nodes, dimensions) = (16, [1, 2, 3, 4, 8, 12, 16])
    notebook.table(
      ["D", "grid nodes", "grid's error (nats)", "1 + relvar", "draws for 1% s.e.", "ESS of 10⁶"],
      dimensions.map { dimension in
        let model = LinearGaussianModel.chain(dimension)
        let x = model.unremarkableObservation
        let moment = relativeMoment(2, of: model, at: x)
        let error =
          dimension <= 3
          ? abs(
            logEvidenceOnGrid(of: model, at: x, nodes: nodes) - model.logEvidence(of: x).value
          ).scientific : "—"
        return [
          "\(dimension)", pow(Double(nodes), Double(dimension)).significant(4), error,
          moment.significant(6), (10_000 * (moment - 1)).significant(3),
          (1e6 / moment).significant(3),
        ]
      })
    checkGrid(nodes: nodes, in: notebook)
    notebook.check(.worst(of: dimensions.map(momentCheck)))
    checkPriorDraws(in: notebook)
    notebook.gap()
    checkGrowth(in: notebook)
    try notebook.figure("chapter2-intractable") { intractableFigure(nodes: nodes) }
  }

  private static func checkGrid(nodes: Int, in notebook: Notebook) {
    notebook.check(
      .worst(
        of: [1, 2, 3].map { dimension in
          let model = LinearGaussianModel.chain(dimension)
          let x = model.unremarkableObservation
          let evidence = model.logEvidence(of: x).value
          let error = logEvidenceOnGrid(of: model, at: x, nodes: nodes) - evidence
          let terms = (0..<dimension).reduce(1) { product, _ in product * nodes }
          return .exact(
            "2.8", "the grid's error for D = 1, 2, 3, by Poisson's summation formula", error,
            gridError(of: model.posterior(given: x), nodes: nodes),
            allowance: rounding(evidence, terms: terms))
        }))
  }

  /// The definition's integral is that of a Gaussian with precision I + 2A: the guide of eq. 2.5 is
  /// the prior.
  private static func momentCheck(dimension: Int) -> Check {
    let model = LinearGaussianModel.chain(dimension)
    let x = model.unremarkableObservation
    let moment = relativeMoment(2, of: model, at: x)
    // No eigenvalue of A exceeds 6, so that neither exponent has a term above 3 D nats; there are
    // four.
    return .exact(
      "2.8", "1 + relvar = ∫ p(z|x)²/p(z) dz, eq. 2.5 with q = p(z), all D of the table", moment,
      secondMomentOfWeights(posterior: model.posterior(given: x), guide: model.prior),
      allowance: roundingOfExponential(moment, exponent: 12 * Double(dimension)))
  }

  /// By its definition: the mean square of prior draws.
  static func checkPriorDraws(in notebook: Notebook) {
    let model = LinearGaussianModel.chain(2)
    let x = model.unremarkableObservation
    let exact = relativeMoment(2, of: model, at: x)
    var generator = Threefry(seed: notebook.seed, row: 8, part: 20)
    let draws = notebook.samples(default: 70_000)
    let sampled = secondMomentEstimateFromPrior(of: model, at: x, draws: draws, using: &generator)
    notebook.check(
      .monteCarlo(
        "2.8", "D = 2: 1 + relvar from \(draws) prior draws", estimate: sampled.mean,
        standardError: sampled.standardError, exact: exact, promise: 0.05 * exact))
  }

  /// The closed form against sampling, by posterior draws (eq. 2.12): squares of prior draws would
  /// have the relative variance M₄/M₂² − 1, 690,000 at D = 16.
  static func checkGrowth(in notebook: Notebook) {
    notebook.text(
      """
      Sampled by eq. 2.12, as the mean of p(x|z)/p(x) over posterior draws; to 5%, because at D = \
      16 even that has a relative variance of 6.
      """)
    for dimension in [1, 2, 4, 8, 16] {
      let model = LinearGaussianModel.chain(dimension)
      let x = model.unremarkableObservation
      let exact = relativeMoment(2, of: model, at: x)
      var generator = Threefry(seed: notebook.seed, row: 8, part: dimension)
      let draws = notebook.samples(default: drawsForGrowth(dimension))
      let sampled = secondMomentEstimate(of: model, at: x, draws: draws, using: &generator)
      notebook.check(
        .monteCarlo(
          "2.8", "D = \(dimension): 1 + relvar from \(draws) posterior draws",
          estimate: sampled.mean, standardError: sampled.standardError, exact: exact,
          promise: 0.05 * exact))
    }
  }

  /// 10,000 draws for each unit of relative variance, M₃/M₂² − 1, notice an error of 5%; half as
  /// many again, and at least 5,000.
  static func drawsForGrowth(_ dimension: Int) -> Int {
    let model = LinearGaussianModel.chain(dimension)
    let x = model.unremarkableObservation
    let second = relativeMoment(2, of: model, at: x)
    let variance = relativeMoment(3, of: model, at: x) / (second * second) - 1
    return max(5_000, Int(15_000 * variance))
  }
}
