import Notebook
import TinyNumerics
import ToyModels

// Eq. 5.10, continued: full covariances.

extension Chapter5 {
  static let plane = Gaussian(
    mean: [0.7, -0.4], covariance: Matrix([[1.0, 0.5], [0.5, 0.8]]))

  static func showCholesky(in notebook: Notebook) {
    notebook.gap()
    notebook.text(
      """
      z = µ + Lε with Σ = LLᵀ reaches every covariance: ∂E f/∂L_ij = E[∂_i f(z) ε_j]. The closed \
      form E f(µ, LLᵀ) is differenced in L_ij (five points); the expectation is a product of \
      Gauss–Hermite rules, then a sample, to 5%.
      """)
    for f in [PlaneIntegrand.exponential, .product] {
      notebook.check(
        .worst(
          "5.10", "closed form of E f = product of rules, f = \(f.name)",
          of: planes.map { planeCase(f, $0) }))
      notebook.check(
        .worst(
          "5.10", "E[∂_i f ε_j] = ∂E f/∂L_ij, f = \(f.name)",
          of: planes.flatMap { q in choleskyEntries.indices.map { choleskyCase(f, q, entry: $0) } })
      )
    }
    sampleCholesky(in: notebook)
  }

  static func sampleCholesky(in notebook: Notebook) {
    for (part, f) in [PlaneIntegrand.exponential, .product].enumerated() {
      sampleCholesky(f, part: 2 + part, in: notebook)
    }
  }

  static let planes = [
    plane, Gaussian(mean: [-1, 0.3], covariance: Matrix([[0.3, -0.2], [-0.2, 0.5]])),
    Gaussian(mean: [0, 0], covariance: Matrix([[2, 0], [0, 0.1]])),
  ]

  static func choleskyCase(_ f: PlaneIntegrand, _ q: Gaussian, entry k: Int) -> Comparison {
    let (i, j) = choleskyEntries[k]
    let standard = Gaussian(.standard(dimension: 2))
    let byPath = standard.expectation { choleskyGradient(of: f, under: q, noise: $0)[k] }
    let slope = fivePointDerivative { h in
      var factor = q.cholesky.factor
      factor[i, j] += h
      return expectation(of: f, mean: q.mean, factor: factor)
    }
    return (byPath.value, slope.value, allowance: byPath.error + slope.error)
  }

  private static func sampleCholesky(_ f: PlaneIntegrand, part: Int, in notebook: Notebook) {
    let standard = Gaussian(.standard(dimension: 2))
    let exact = choleskyEntries.indices.map { choleskyCase(f, plane, entry: $0).rhs }
    let relativeVariances = exact.enumerated().map { k, exact in
      standard.expectation {
        square(choleskyGradient(of: f, under: plane, noise: $0)[k] - exact)
      }.value / square(exact)
    }
    let draws = notebook.samples(
      default: drawsNeeded(relativeVariance: relativeVariances.max()!, promise: 0.05))
    var generator = Threefry(seed: notebook.seed, row: 10, part: part)
    var estimates = exact.map { _ in Estimate() }
    for _ in 0..<draws {
      let noise = [generator.normal(), generator.normal()]
      let gradient = choleskyGradient(of: f, under: plane, noise: noise)
      for k in estimates.indices { estimates[k].add(gradient[k]) }
    }
    for (k, (i, j)) in choleskyEntries.enumerated() {
      notebook.check(
        .monteCarlo(
          "5.10", "mean of ∂_\(i + 1) f(µ + Lε) ε_\(j + 1), f = \(f.name)", estimates[k],
          exact: exact[k], promise: 0.05 * abs(exact[k])))
    }
  }

  static func showPrice(in notebook: Notebook) {
    notebook.gap()
    notebook.text(
      """
      Stein: E[f(z)(z − µ)] = Σ E[∇f(z)], by parts; it turns the score function's ∂_µ into the \
      path's. Price: the gradient in the covariance itself is an expectation of second \
      derivatives. In one dimension ∂_{σ²} E f = ½ E f″. In several, ½ E f_ii on the diagonal, and \
      E f_ij without the ½ off it, where Σ_ij and Σ_ji move together.
      """)
    notebook.check(
      .worst(
        "5.10", "E[f(z)(z − µ)] = Σ E ∇f, in one dimension and in two",
        of: Integrand.all.flatMap { f in guideGrid.map { steinCase(f, $0) } }
          + [.exponential, .product].flatMap { (f: PlaneIntegrand) in
            planes.flatMap { q in (0..<2).map { steinCase(f, q, $0) } }
          }))
    for f in Integrand.all {
      notebook.check(
        .worst("5.10", "½ E f″ = ∂E f/∂σ², f = \(f.name)", of: guideGrid.map { priceCase(f, $0) }))
    }
    for f in [PlaneIntegrand.exponential, .product] {
      notebook.check(
        .worst(
          "5.10", "½ E f_ii, E f₁₂ = ∂E f/∂Σ, f = \(f.name)",
          of: planes.flatMap { q in
            (choleskyEntries + [(0, 1)]).map { priceCase(f, q, $0, $1) }
          }))
    }
    samplePrice(in: notebook)
  }

  /// E f by the closed form that is differenced above, and by a product of rules.
  static func planeCase(_ f: PlaneIntegrand, _ q: Gaussian) -> Comparison {
    let byRule = q.expectation(of: f.value)
    let closed = f.expectation(q.mean, q.covariance)
    return (closed, byRule.value, allowance: byRule.error + rounding(closed))
  }

  static func samplePrice(in notebook: Notebook) {
    var generator = Threefry(seed: notebook.seed, row: 10, part: 5)
    let f = Integrand.cubic
    notebook.checkMean(
      "5.10", "mean of ½ f″(z), f = \(f.name), at N(0.8, 0.6²)", exact: priceCase(f, guide).rhs,
      using: &generator
    ) { noise in 0.5 * f.curvature(NormalPath(to: guide)(noise)) }
  }

  static func steinCase(_ f: Integrand, _ q: Normal) -> Comparison {
    let rule = GaussHermite.forty
    let magnitude = rule.expectation(under: q) { abs(f.value($0) * ($0 - q.mean)) }
    return (
      rule.expectation(under: q) { f.value($0) * ($0 - q.mean) },
      q.variance * rule.expectation(under: q, of: f.slope), allowance: rounding(magnitude)
    )
  }

  static func steinCase(_ f: PlaneIntegrand, _ q: Gaussian, _ i: Int) -> Comparison {
    let left = q.expectation { f.value($0) * ($0[i] - q.mean[i]) }
    let slopes = (0..<2).map { j in q.expectation { f.gradient($0)[j] } }
    let row = q.covariance.row(i)
    let magnitude = q.expectation { abs(f.value($0) * ($0[i] - q.mean[i])) }.value
    return (
      left.value, dot(row, slopes.map(\.value)),
      allowance: left.error + dot(row.map(abs), slopes.map(\.error)) + rounding(magnitude)
    )
  }

  /// ∂/∂σ² = (1/2σ) ∂/∂σ of the closed form.
  static func priceCase(_ f: Integrand, _ q: Normal) -> Comparison {
    let half = GaussHermite.forty.expectation(under: q) { 0.5 * f.curvature($0) }
    let magnitude = GaussHermite.forty.expectation(under: q) { abs(f.curvature($0)) }
    return (
      half, f.gradient(q).standardDeviation / (2 * q.standardDeviation),
      allowance: rounding(magnitude)
    )
  }

  static func priceCase(_ f: PlaneIntegrand, _ q: Gaussian, _ i: Int, _ j: Int) -> Comparison {
    let price = priceGradient(of: f, under: q, i, j)
    let slope = fivePointDerivative { h in
      var covariance = q.covariance
      covariance[i, j] += h
      covariance[j, i] = covariance[i, j]
      return f.expectation(q.mean, covariance)
    }
    return (price.value, slope.value, allowance: price.error + slope.error)
  }
}
