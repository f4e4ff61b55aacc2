import Figures
import Notebook
import TinyNumerics
import ToyModels

// 4.10: the gap that 4.3 leaves belongs to the family, and a wider family closes it.

extension Study {
  /// x = 1.5 z₁ + 1.4 z₂ + noise: the narrow ridge of eq. 3.11.
  static let ridge = (
    model: LinearGaussianModel(
      weights: Matrix([[1.5, 1.4]]), offset: [0], noiseCovariance: Matrix([[0.4]])), x: [2.0]
  )

  func showFullCovariance(in notebook: Notebook) throws {
    notebook.section("4.10", "A guide with full covariance: z = µ + Lε")
    notebook.text(
      """
      The gap that 4.3's diagonal guide keeps is an approximation gap: no network closes it, a \
      wider family does. N(µ, LLᵀ) has D(D + 3)/2 numbers instead of 2D. Two latents: the 50 draws \
      of 4.3 with guides affine in x (means), and the ridge of 3.11, one x, optimised alone.
      """)
    let plane = FullFit(LinearFit(.plane, seed: seed, part: 1))
    let ridge = RidgeFit(Study.ridge.model, at: Study.ridge.x)
    notebook.table(
      ["model", "guide", "numbers", "log p(x)", "ELBO", "what is missing"],
      [
        row("4.3, means", "diagonal", 4, plane.fit.evidence, plane.fit.linear.ascent.value),
        row("", "full", 5, plane.fit.evidence, plane.full.ascent.value),
        row("ridge", "diagonal", ridge.diagonal.point.count, ridge.evidence, ridge.diagonal.value),
        row("", "full", ridge.full.point.count, ridge.evidence, ridge.full.value),
      ])
    plane.check(seed: seed, in: notebook)
    ridge.check(in: notebook)
    notebook.gap()
    try notebook.figure("chapter4-full-covariance") { fullCovarianceFigure(plane, ridge) }
  }

  private func row(
    _ model: String, _ guide: String, _ numbers: Int, _ evidence: Double, _ elbo: Double
  ) -> [String] {
    [
      model, guide, "\(numbers)", evidence.decimals(6), elbo.decimals(6),
      (evidence - elbo).decimals(6),
    ]
  }

  private func fullCovarianceFigure(_ plane: FullFit, _ ridge: RidgeFit) -> Figure {
    let x = plane.fit.data[0]
    let lambda = plane.fit.linear.guide.network(x, rows: 1)
    let diagonal = DiagonalGaussian(
      mean: Array(lambda.prefix(2)), logVariance: Array(lambda.suffix(2)))
    let full = FullGuide(plane.full.guide.network(x, rows: 1), dimension: 2).gaussian
    return Figure(
      "What independent coordinates miss", width: 860, height: 430,
      panels: [
        panel("4.3's model", plane.fit.model.posterior(given: x), Gaussian(diagonal), full),
        panel(
          "the ridge of 3.11", ridge.model.posterior(given: ridge.x),
          Gaussian(ridge.diagonalGuide), FullGuide(ridge.full.point, dimension: 2).gaussian),
      ])
  }

  private func panel(
    _ title: String, _ posterior: Gaussian, _ diagonal: Gaussian, _ full: Gaussian
  ) -> Panel {
    func ellipse(
      _ q: Gaussian, _ label: String, _ colour: Mark.Colour, fill: Double = 0,
      _ style: Mark.LineStyle = .solid
    ) -> Mark {
      .ellipse(
        centre: (q.mean[0], q.mean[1]),
        covariance: (xx: q.covariance[0, 0], xy: q.covariance[1, 0], yy: q.covariance[1, 1]),
        radius: 2, label: label, colour: colour, style: style, fill: fill)
    }
    return Panel(
      title: title, x: Axis("z₁"), y: Axis("z₂"), equalAspect: true,
      marks: [
        ellipse(posterior, "posterior, 2 sd", .first, fill: 0.15),
        ellipse(diagonal, "diagonal guide", .second, fill: 0.12),
        ellipse(full, "full covariance", .third, .dashed),
      ])
  }
}

/// An affine guide with full covariance for the data of a `LinearFit`.
struct FullFit {
  let fit: LinearFit
  let full: (guide: Guide, ascent: Ascent)

  init(_ fit: LinearFit) {
    self.fit = fit
    let numbers = FullGuide.numberCount(dimension: fit.model.latentDimension)
    full = trainedLinearGuide(outputs: numbers, on: fit.data) {
      fullELBO($0, at: $1, model: fit.model)
    }
  }

  func check(seed: UInt64, in notebook: Notebook) {
    var generator = Threefry(seed: seed, row: 10)
    let cases = fit.data.prefix(5).map { x in
      (x, (0..<FullGuide.numberCount(dimension: 2)).map { _ in 0.7 * generator.normal() })
    }
    notebook.check(
      .worst(
        "4.10", "closed-form ELBO = E_q[log p(x|z)] − D(q‖p(z)), random µ and L",
        of: cases.map { x, numbers in
          let q = FullGuide(numbers, dimension: 2).gaussian
          let likelihood = q.expectation { fit.model.logLikelihood(x, given: $0) }
          let divergence = klDivergence(q, relativeTo: fit.model.prior)
          return (
            fullELBO(numbers, at: x, model: fit.model).value, likelihood.value - divergence,
            allowance: likelihood.error + rounding(1, likelihood.value, divergence)
          )
        }))
    notebook.check(
      .worst(
        "4.10", "its gradient = E[∂_i log p(x, z) ε_j] along z = µ + Lε, and the entropy's",
        of: cases.flatMap { x, numbers in
          let closed = fullELBO(numbers, at: x, model: fit.model).gradient
          return zip(closed, pathwiseFullGradient(numbers, at: x, model: fit.model)).map {
            ($0, $1.value, allowance: $1.error + rounding(1, $0))
          }
        }))
    notebook.check(
      .exact(
        "4.10", "4.3's model: mean ELBO of the full guide = mean log p(x)", full.ascent.value,
        fit.evidence, allowance: fit.allowance))
    notebook.check(
      .exact(
        "4.10", "what it gains on the diagonal guide = ½ (Σ log Λ_ii − log |Λ|)",
        full.ascent.value - fit.linear.ascent.value,
        meanFieldGap(precision: posteriorPrecision(of: fit.model)), allowance: 2 * fit.allowance))
  }
}

/// The ridge's one x under its best guides, diagonal and full.
struct RidgeFit {
  let model: LinearGaussianModel
  let x: [Double]
  let evidence: Double
  let diagonal: Ascent
  let full: Ascent

  init(_ model: LinearGaussianModel, at x: [Double]) {
    self.model = model
    self.x = x
    evidence = model.logEvidence(of: x).value
    diagonal = localOptimum(of: x, model: model)
    full = fullOptimum(of: x, model: model)
  }

  var diagonalGuide: DiagonalGaussian {
    DiagonalGaussian(
      mean: Array(diagonal.point.prefix(2)), logVariance: Array(diagonal.point.suffix(2)))
  }

  func check(in notebook: Notebook) {
    let allowance = rounding(1, evidence, diagonal.value)
    notebook.check(
      .exact(
        "4.10", "the ridge: ELBO of the full guide = log p(x)", full.value, evidence,
        allowance: allowance))
    notebook.check(
      .exact(
        "4.10", "the ridge: what the diagonal guide misses = ½ (Σ log Λ_ii − log |Λ|)",
        evidence - diagonal.value, meanFieldGap(precision: posteriorPrecision(of: model)),
        allowance: allowance))
    // log p(x) − ELBO = D, and D bounds how far the covariance is off
    let q = FullGuide(full.point, dimension: 2).gaussian
    let posterior = model.posterior(given: x)
    notebook.check(
      .exact(
        "4.10", "the ridge: D(q‖p(z|x)) of the full guide, closed form",
        klDivergence(q, relativeTo: posterior), 0, allowance: allowance))
  }
}
