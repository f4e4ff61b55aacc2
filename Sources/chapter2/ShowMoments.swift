import Foundation
import Notebook
import TinyNumerics
import ToyModels

extension Chapter2 {
  static func showAncestralSampling(in notebook: Notebook) {
    notebook.section("2.9", "Ancestral sampling: z ~ p(z), then x ~ p(x|z)")
    notebook.text(
      """
      The moments of such x, against total expectation E[x] = E[E[x|z]] and total variance Cov[x] \
      = E[Cov[x|z]] + Cov[E[x|z]]: sums over classes, Σ + WWᵀ, integrals over z. Means to 1% of a \
      standard deviation, second moments to 1.5% of the variances.
      """)
    let (mixture, line) = (totalMoments(of: Examples.mixture.model), totalMoments(of: .line))
    let neural = totalMoments(of: Examples.neural.model)
    checkMoments(Examples.mixture.model, mixture, part: 1, in: notebook) { [$0] }
    checkMoments(Examples.line.model, line, part: 2, in: notebook) { $0 }
    checkMoments(Examples.neural.model, neural, part: 3, in: notebook) { [$0.x, $0.y] }
  }

  private static func checkMoments<Model: LatentVariableModel>(
    _ model: Model, _ exact: Moments, part: UInt64, in notebook: Notebook,
    coordinates: (Model.Observation) -> [Double]
  ) {
    var generator = generator(notebook, row: 9, part: part)
    let sampled = SampledMoments(
      of: model, around: exact.mean, draws: notebook.samples(default: 300_000), using: &generator,
      coordinates: coordinates)
    let last = exact.mean.count - 1
    func symbol(_ i: Int) -> String { last == 0 ? "x" : ["x₁", "x₂"][i] }
    let deviation = exact.covariance[last, last].squareRoot()
    notebook.check(
      .monteCarlo(
        "2.9", "\(model.name): E[\(symbol(last))]", estimate: sampled.mean[last].mean,
        standardError: sampled.mean[last].standardError, exact: exact.mean[last],
        promise: 0.01 * deviation))
    for i in exact.mean.indices {
      for j in 0...i {
        let scale = (exact.covariance[i, i] * exact.covariance[j, j]).squareRoot()
        let product = sampled.products[i][j]
        let name = i == j ? "Var[\(symbol(i))]" : "Cov[\(symbol(j)), \(symbol(i))]"
        notebook.check(
          .monteCarlo(
            "2.9", "\(model.name): \(name)", estimate: product.mean,
            standardError: product.standardError, exact: exact.covariance[i, j],
            promise: 0.015 * scale))
      }
    }
  }

  // MARK: 2.10

  static func showMarginal(in notebook: Notebook) throws {
    notebook.section(
      "2.10", "The marginal of x is complicated although both conditionals are Gaussian")
    notebook.text(
      """
      p(z) is Gaussian and every p(x|z) is, but p(x) is not: in the neural model it is a ribbon \
      that crosses itself. Its density on \(NeuralModel.plane.first.count)² points of the plane \
      (each an integral over z) is compared with g, the Gaussian of the same mean and covariance \
      (eq. 2.9).
      """)
    let model = Examples.neural.model
    let exact = totalMoments(of: model)
    let density = PlaneDensity(
      marginalOf: model, first: NeuralModel.plane.first, second: NeuralModel.plane.second)
    let gaussian = Gaussian(mean: exact.mean, covariance: exact.covariance)
    let divergence = density.divergence(from: gaussian)
    checkDensity(density, of: model, moments: exact, in: notebook)
    checkDivergence(divergence, density, gaussian, in: notebook)
    notebook.gap()
    checkDivergenceBySampling(divergence, gaussian, in: notebook)
    try notebook.figure("chapter2-marginal") { marginalFigure(model, gaussian, divergence.value) }
  }

  private static func checkDensity(
    _ density: PlaneDensity, of model: NeuralModel, moments exact: Moments, in notebook: Notebook
  ) {
    let mass = density.mass
    notebook.check(
      .exact(
        "2.10", "∬ p(x) dx over the plane", mass.value, 1, allowance: mass.error + rounding(1)))
    let (i, j) = (density.first.count / 2, density.second.count / 2)
    let x = SIMD2(density.first.node(i), density.second.node(j))
    let evidence = model.logEvidence(of: x)
    notebook.check(
      .exact(
        "2.10", "log p(x) in the middle of it: matrix product = double exponential rule",
        log(density.value(i, j)), evidence.value,
        allowance: evidence.error + rounding(evidence.value, 1)))
    notebook.check(
      .exact(
        "2.10", "Cov[x₁, x₂] of the density on the plane = total covariance (eq. 2.9)",
        density.moments.covariance[1, 0], exact.covariance[1, 0], allowance: rounding(1)))
  }

  private static func checkDivergence(
    _ divergence: Integral, _ density: PlaneDensity, _ gaussian: Gaussian, in notebook: Notebook
  ) {
    let entropy = density.entropy
    notebook.check(
      .exact(
        "2.10", "D(p‖g) = H(g) − H(p), because g has p's moments", divergence.value,
        gaussian.entropy - entropy.value,
        allowance: divergence.error + entropy.error + rounding(gaussian.entropy)))
    notebook.check(
      .bound(
        "2.10", "D(p‖g) is far from 0: more than a tenth of a nat", lower: 0.1,
        upper: divergence.value))
    let line = LinearGaussianModel.line.marginal
    let grids = boxAround(line, halfWidth: 9, nodes: 100)
    let control = PlaneDensity(first: grids[0], second: grids[1]) {
      exp(line.logDensity([$0, $1]))
    }
    let controlEntropy = control.entropy
    notebook.check(
      .exact(
        "2.10", "for comparison the linear-Gaussian marginal: H(p) = ½ log |2πe Cov[x]|, so D = 0",
        controlEntropy.value, line.entropy,
        allowance: controlEntropy.error + rounding(line.entropy)))
  }

  static func checkDivergenceBySampling(
    _ divergence: Integral, _ gaussian: Gaussian, in notebook: Notebook
  ) {
    notebook.text(
      """
      And by sampling, to 5%, because each draw of log p(x) − log g(x) costs an integral over z:
      """)
    var generator = generator(notebook, row: 10)
    let sampled = Examples.neural.model.divergenceEstimate(
      from: gaussian, draws: notebook.samples(default: 45_000), using: &generator)
    notebook.check(
      .monteCarlo(
        "2.10", "mean of log p(x) − log g(x), x ~ p", estimate: sampled.mean,
        standardError: sampled.standardError, exact: divergence.value,
        promise: 0.05 * divergence.value))
  }
}
