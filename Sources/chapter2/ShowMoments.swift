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
    let neural = totalMoments(Examples.neural.model.decode)
    checkMoments(Examples.mixture.model, mixture, part: 1, in: notebook) { [$0] }
    checkMoments(Examples.line.model, line, part: 2, in: notebook) { $0 }
    checkMoments(Examples.neural.model, neural, part: 3, in: notebook) { [$0.x, $0.y] }
  }

  private static func checkMoments<Model: LatentVariableModel>(
    _ model: Model, _ exact: Moments, part: Int, in notebook: Notebook,
    coordinates: (Model.Observation) -> [Double]
  ) {
    var generator = Threefry(seed: notebook.seed, row: 9, part: part)
    let sampled = SampledMoments(
      of: model, around: exact.mean, draws: notebook.samples(default: 300_000), using: &generator,
      coordinates: coordinates)
    func symbol(_ i: Int) -> String { exact.mean.count == 1 ? "x" : ["x₁", "x₂"][i] }
    for i in exact.mean.indices {
      notebook.check(
        .monteCarlo(
          "2.9", "\(model.name): E[\(symbol(i))]", estimate: sampled.mean[i].mean,
          standardError: sampled.mean[i].standardError, exact: exact.mean[i],
          promise: 0.01 * exact.covariance[i, i].squareRoot()))
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
    let exact = totalMoments(model.decode)
    let density = PlaneDensity(
      marginalOf: model.decode, first: NeuralModel.plane.first, second: NeuralModel.plane.second)
    let gaussian = Gaussian(mean: exact.mean, covariance: exact.covariance)
    let divergence = density.divergence(from: gaussian)
    checkDensity(density, of: model, moments: exact, in: notebook)
    checkDivergence(divergence, density, gaussian, in: notebook)
    notebook.gap()
    showCauses(divergence, in: notebook)
    checkDivergenceBySampling(divergence, gaussian, in: notebook)
    try notebook.figure("chapter2-marginal") { marginalFigure(model, gaussian, divergence.value) }
  }

  private static func checkDensity(
    _ density: PlaneDensity, of model: NeuralModel, moments exact: Moments, in notebook: Notebook
  ) {
    let mass = density.mass
    notebook.check(
      .exact(
        "2.10", "∬ p(x) dx over the plane", mass.value, 1, allowance: mass.allowance(magnitude: 1)))
    let (i, j) = (density.first.count / 2, density.second.count / 2)
    let x = SIMD2(density.first.node(i), density.second.node(j))
    let evidence = model.logEvidence(of: x)
    notebook.check(
      .exact(
        "2.10", "log p(x) in the middle of it: matrix product = double exponential rule",
        log(density.value(i, j)), evidence.value,
        allowance: evidence.allowance(magnitude: 1 + abs(evidence.value))))
    let moments = density.moments
    let pairs = [0, 1].flatMap { i in
      [(moments.mean[i], exact.mean[i])]
        + [0, 1].map { (moments.covariance[i, $0], exact.covariance[i, $0]) }
    }
    // No term's size exceeds x₁² + x₂², on average 3.
    notebook.check(
      .worst(
        "2.10", "E[x] and Cov[x] of the density on the plane = those of eq. 2.9, every entry",
        of: pairs.map { ($0, $1, rounding(3, terms: mass.evaluations)) }))
  }

  /// p(x) when the decoder loses what makes it a ribbon: the curve, the noise that depends on z, or
  /// both.
  private static func showCauses(_ divergence: Integral, in notebook: Notebook) {
    let decoders = [
      ("the same f, constant noise", Straightened(.example, mean: false, noise: true).decode),
      ("a linear mean, the same noise", Straightened(.example, mean: true, noise: false).decode),
      ("a linear mean, constant noise", Straightened(.example, mean: true, noise: true).decode),
    ].map { name, decode in
      let plane = PlaneDensity(
        marginalOf: decode, first: NeuralModel.plane.first, second: NeuralModel.plane.second)
      let moments = totalMoments(decode)
      let gaussian = Gaussian(mean: moments.mean, covariance: moments.covariance)
      return (
        name: name, gaussian: gaussian, entropy: plane.entropy,
        divergence: plane.divergence(from: gaussian)
      )
    }
    notebook.text(
      """
      What makes p complicated? Take from the decoder its curve (the mean becomes the line that \
      fits f best), the noise's dependence on z (the variances become their means), or both:
      """)
    notebook.table(
      ["decoder", "D(p‖g)"],
      [["neural", divergence.value.decimals(4)]]
        + decoders.map { [$0.name, $0.divergence.value.decimals(4)] })
    notebook.check(
      .worst(
        of: decoders.map { _, gaussian, entropy, divergence in
          .exact(
            "2.10", "each D(p‖g) = H(g) − H(p)", divergence.value, gaussian.entropy - entropy.value,
            allowance: entropy.allowance(magnitude: 3) + divergence.allowance(magnitude: 3))
        }))
    notebook.check(
      .exact(
        "2.10", "with both gone p is a Gaussian: D(p‖g) = 0", decoders[2].divergence.value, 0,
        allowance: decoders[2].divergence.allowance(magnitude: 3)))
    notebook.gap()
  }

  private static func checkDivergence(
    _ divergence: Integral, _ density: PlaneDensity, _ gaussian: Gaussian, in notebook: Notebook
  ) {
    let entropy = density.entropy
    notebook.check(
      .exact(
        "2.10", "D(p‖g) = H(g) − H(p), because g has p's moments", divergence.value,
        gaussian.entropy - entropy.value,
        // E|log p| and E|log g| are below 3.
        allowance: divergence.allowance(magnitude: 6) + entropy.allowance(magnitude: 3)))
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
        allowance: controlEntropy.allowance(magnitude: line.entropy)))
  }

  static func checkDivergenceBySampling(
    _ divergence: Integral, _ gaussian: Gaussian, in notebook: Notebook
  ) {
    notebook.text(
      """
      And by sampling, to 5%, because each draw of log p(x) − log g(x) costs an integral over z:
      """)
    var generator = Threefry(seed: notebook.seed, row: 10)
    let sampled = Examples.neural.model.divergenceEstimate(
      from: gaussian, draws: notebook.samples(default: 45_000), using: &generator)
    notebook.check(
      .monteCarlo(
        "2.10", "mean of log p(x) − log g(x), x ~ p", estimate: sampled.mean,
        standardError: sampled.standardError, exact: divergence.value,
        promise: 0.05 * divergence.value))
  }
}
