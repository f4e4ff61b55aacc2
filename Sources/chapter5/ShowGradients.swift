import Notebook
import TinyNumerics

extension Chapter5 {
  /// Where the Monte Carlo checks of 5.2 to 5.4 stand.
  static let guide = Normal(mean: 0.8, standardDeviation: 0.6)

  // MARK: 5.3

  static func showPathwiseGradient(in notebook: Notebook) {
    notebook.section("5.3", "The pathwise gradient: ∂_µ E f = E[f′(z)], ∂_σ E f = E[f′(z) ε]")
    notebook.text(
      """
      Exact: the closed form of E_q f, differentiated by hand, against Gauss–Hermite sums of f′(z) \
      and f′(z) ε, over \(guideGrid.count) guides. Sampled: plain means over fresh ε, with the \
      draws that a promise of 1% costs.
      """)
    notebook.check(
      .worst(
        "5.3", "the hand-made derivatives = differences of the closed forms",
        of: (Integrand.all + [.square]).flatMap { f in
          guideGrid.flatMap { q in Parameter.allCases.map { handMadeCase(f, q, $0) } }
        }))
    showGradients(.pathwise, label: "5.3", row: 3, in: notebook)
  }

  static func handMadeCase(_ f: Integrand, _ q: Normal, _ parameter: Parameter) -> Comparison {
    let slope = fivePointDerivative { h in
      f.expectation(
        parameter == .mean
          ? Normal(mean: q.mean + h, standardDeviation: q.standardDeviation)
          : Normal(mean: q.mean, standardDeviation: q.standardDeviation + h))
    }
    return (f.gradient(q)[parameter], slope.value, allowance: slope.error)
  }

  // MARK: 5.4

  static func showScoreFunction(in notebook: Notebook) {
    notebook.section("5.4", "The score-function gradient: E[f ∂ log q], without a derivative of f")
    notebook.text(
      """
      ∂q = q ∂ log q turns the derivative of an expectation into an expectation, whatever f is. It \
      has the same mean as the pathwise gradient, one integration by parts away (Stein), and a \
      much larger scatter: where 1% would cost more than 2.5 million draws, the checks promise 5%. \
      First its cornerstone, E[∂ log q] = 0, to 0.01/σ.
      """)
    showScore(in: notebook)
    showGradients(.scoreFunction, label: "5.4", row: 4, in: notebook)
    showDeviations(in: notebook)
  }

  private static func showScore(in notebook: Notebook) {
    let sigma = guide.standardDeviation
    let draws = notebook.samples(default: 600_000)  // Var (ε² − 1) = 2: 25 · 2 / 0.01², and a fifth
    var generator = Threefry(seed: notebook.seed, row: 4, part: 9)
    var (mean, standardDeviation) = (Estimate(), Estimate())
    for _ in 0..<draws {
      let score = score(of: guide, at: NormalPath(to: guide)(generator.normal()))
      mean.add(score.mean)
      standardDeviation.add(score.standardDeviation)
    }
    notebook.check(
      .monteCarlo("5.4", "E[∂_µ log q] = 0", mean, exact: 0, promise: 0.01 / sigma))
    notebook.check(
      .monteCarlo("5.4", "E[∂_σ log q] = 0", standardDeviation, exact: 0, promise: 0.01 / sigma))
  }

  // MARK: Both

  private static func showGradients(
    _ estimator: GradientEstimator, label: String, row: Int, in notebook: Notebook
  ) {
    for f in Integrand.all {
      notebook.check(
        .worst(
          label, "f = \(f.name): \(estimator.formula)",
          of: Parameter.allCases.flatMap { gradientCases(estimator, f, $0) }))
    }
    for (part, f) in Integrand.all.enumerated() {
      for parameter in Parameter.allCases {
        var generator = Threefry(
          seed: notebook.seed, row: row, part: 2 * part + (parameter == .mean ? 0 : 1))
        notebook.checkMean(
          label, "mean of \(estimator.draw(f.name, parameter)), at N(0.8, 0.6²)",
          exact: f.gradient(guide)[parameter], using: &generator
        ) { noise in estimator(f, under: guide, noise: noise)[parameter] }
      }
    }
  }

  /// Closed form against Gauss–Hermite over all guides.
  static func gradientCases(
    _ estimator: GradientEstimator, _ f: Integrand, _ parameter: Parameter
  ) -> [Comparison] {
    guideGrid.map { q in
      func draw(_ noise: Double) -> Double {
        estimator(f, under: q, noise: noise)[parameter]
      }
      let magnitude = GaussHermite.forty.expectation { abs(draw($0)) }
      return (
        GaussHermite.forty.expectation(of: draw), f.gradient(q)[parameter],
        allowance: rounding(magnitude)
      )
    }
  }

  private static func showDeviations(in notebook: Notebook) {
    notebook.gap()
    notebook.text("What one draw is worth at N(0.8, 0.6²), exactly:")
    let rows = Integrand.all.flatMap { f in
      Parameter.allCases.map { parameter in
        let deviations = [GradientEstimator.pathwise, .scoreFunction].map { estimator in
          Moments { estimator(f, under: guide, noise: $0)[parameter] }.variance
            .squareRoot()
        }
        return [
          "\(parameter.derivative) E[\(f.name)]",
          f.gradient(guide)[parameter].decimals(4), deviations[0].decimals(3),
          deviations[1].decimals(3), square(deviations[1] / deviations[0]).decimals(1),
        ]
      }
    }
    notebook.table(
      ["gradient", "exact", "sd of pathwise", "sd of score", "draws needed, ratio"], rows)
    notebook.check(
      .worst(
        "5.4", "variances of these draws: Gauss–Hermite = equally spaced nodes",
        of: Integrand.all.flatMap { f in
          Parameter.allCases.flatMap { parameter in
            [GradientEstimator.pathwise, .scoreFunction].map { estimator in
              varianceCase { estimator(f, under: guide, noise: $0)[parameter] }
            }
          }
        }))
  }

  /// Var g(ε) by `Moments` and as E g² − (E g)² by a grid of 480 nodes.
  static func varianceCase(_ g: (Double) -> Double) -> Comparison {
    let mean = expectationOverNoise(of: g, under: .standard)
    let second = expectationOverNoise(of: { square(g($0)) }, under: .standard)
    return (
      Moments(of: g).variance, second.value - square(mean.value),
      allowance: second.error + 2 * abs(mean.value) * mean.error
        + rounding(second.value, terms: 480)
    )
  }
}

enum GradientEstimator {
  /// Eq. 5.3.
  case pathwise
  /// Eq. 5.4.
  case scoreFunction

  func callAsFunction(_ f: Integrand, under q: Normal, noise: Double) -> NormalGradient {
    switch self {
    case .pathwise: pathwiseGradient(ofSlope: f.slope, under: q, noise: noise)
    case .scoreFunction: scoreFunctionGradient(of: f.value, under: q, noise: noise)
    }
  }

  func draw(_ f: String, _ parameter: Parameter) -> String {
    switch self {
    case .pathwise: parameter == .mean ? "f′(z), f = \(f)" : "f′(z) ε, f = \(f)"
    case .scoreFunction: "f(z) \(parameter.derivative) log q(z), f = \(f)"
    }
  }

  var formula: String {
    switch self {
    case .pathwise: "E f′ = ∂_µ E f and E[f′ε] = ∂_σ E f"
    case .scoreFunction: "E[f ∂ log q] = ∂E f, in µ and σ"
    }
  }
}
