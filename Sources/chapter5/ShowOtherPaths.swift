import Notebook
import TinyNumerics
import ToyModels

extension Chapter5 {
  // MARK: 5.10

  static func showOtherPaths(in notebook: Notebook) {
    notebook.section(
      "5.10", "Other paths: inverse CDF, Cholesky; and the theorems of Stein and Price")
    showInverseCDF(in: notebook)
    showCholesky(in: notebook)
    showPrice(in: notebook)
  }

  static func showInverseCDF(in notebook: Notebook) {
    notebook.text(
      """
      z = F⁻¹(u), u uniform: exponential z = −log(1 − u)/λ with ∂z/∂λ = −z/λ, logistic z = µ + s \
      log(u/(1 − u)) with ∂z/∂s = (z − µ)/s. Densities by change of variables against the \
      distributions' own; gradients by quadrature over u and by sampling against derivatives of \
      known expectations: E e^{−z} = λ/(1 + λ), E z² = µ² + s²π²/3.
      """)
    notebook.check(
      .worst(
        "5.10", "log p(u) − log dz/du = log p(z), exponential and logistic", of: inverseCDFCases()))
    let (exponential, logistic) = (exponentialGradient(rate: 1.7), logisticGradient(scale: 0.6))
    notebook.check(
      .exact(
        "5.10", "exponential: ∫ f′(z) ∂z/∂λ du = ∂_λ λ/(1 + λ)", exponential.integral.value,
        exponential.exact, allowance: exponential.allowance))
    notebook.check(
      .exact(
        "5.10", "logistic: ∫ f′(z) ∂z/∂s du = ∂_s (µ² + s²π²/3)", logistic.integral.value,
        logistic.exact, allowance: logistic.allowance))
    checkUniformMean(
      "exponential, mean of f′(z) ∂z/∂λ, f = e^{−z}", exponential, part: 0, in: notebook)
    checkUniformMean("logistic, mean of f′(z) ∂z/∂s, f = z²", logistic, part: 1, in: notebook)
  }

  struct UniformGradient {
    /// One draw from uniform noise.
    let draw: (Double) -> Double
    let exact: Double

    var integral: Integral { integrate(over: 0...1, draw) }
    /// The rule's error estimate, and the rounding of its nodes and of the closed form.
    var allowance: Double { integral.error + rounding(exact) }
    var relativeVariance: Double {
      integrate(over: 0...1) { square(draw($0) - exact) }.value / square(exact)
    }
  }

  /// ∂_λ E e^{−z} = 1/(1 + λ)².
  static func exponentialGradient(rate: Double) -> UniformGradient {
    let path = ExponentialPath(rate: rate)
    return UniformGradient(
      draw: { u in
        let z = path(u)
        return -exp(-z) * path.rateSlope(at: z)
      }, exact: 1 / square(1 + rate))
  }

  /// ∂_s E z² = 2sπ²/3, at µ = 0.5.
  static func logisticGradient(scale: Double) -> UniformGradient {
    let path = LogisticPath(location: 0.5, scale: scale)
    return UniformGradient(
      draw: { u in
        let z = path(u)
        return 2 * z * path.scaleSlope(at: z)
      }, exact: 2 * scale * Double.pi * Double.pi / 3)
  }

  private static func checkUniformMean(
    _ identity: String, _ gradient: UniformGradient, part: Int, in notebook: Notebook
  ) {
    var generator = Threefry(seed: notebook.seed, row: 10, part: part)
    let draws = notebook.samples(
      default: drawsNeeded(relativeVariance: gradient.relativeVariance, promise: 0.01))
    let estimate = Estimate(draws: draws) {
      // Between the multiples of 2⁻⁵³ that a uniform draw can be: never 0, whose logarithm is −∞.
      gradient.draw(max(generator.uniform(), 0x1p-54))
    }
    notebook.check(
      .monteCarlo(
        "5.10", identity, estimate, exact: gradient.exact, promise: 0.01 * abs(gradient.exact)))
  }

  /// Rounding of u near 1 is a relative error ulp/(1 − u) of 1 − u, which both densities are made
  /// of.
  static func inverseCDFCases() -> [Comparison] {
    [1e-6, 0.01, 0.3, 0.5, 0.9, 0.999].flatMap { u in
      [0.2, 1, 5].flatMap { scale in
        let exponential = ExponentialPath(rate: 1 / scale)
        let logistic = LogisticPath(location: -1.5, scale: scale)
        let allowance = rounding(2, log(u), 1 / (1 - u), 1 / scale)
        return [
          (exponential.logDensity(atNoise: u), exponential.logDensity(exponential(u)), allowance),
          (logistic.logDensity(atNoise: u), logistic.logDensity(logistic(u)), allowance),
        ]
      }
    }
  }
}
