import Figures
import Notebook
import TinyNumerics

extension Chapter5 {
  // MARK: 5.5

  static func showVariances(in notebook: Notebook) throws {
    notebook.section("5.5", "How much the two gradients scatter")
    notebook.text(
      """
      f = z², ∂_µ E f = 2µ: the variance of one draw, in closed form. Pathwise 4σ²; score function \
      µ⁴/σ² + 14µ² + 15σ²; with a baseline b = E f, 8µ² + 10σ²; with the best constant b* = µ² + \
      3σ², 8µ² + 6σ². The score function blows up as σ → 0, which is where a guide goes when the \
      data speak clearly.
      """)
    showVarianceTable(in: notebook)
    try notebook.figure("chapter5-spread") { spreadFigure(seed: notebook.seed) }
    for estimator in MeanGradientEstimator.allCases {
      notebook.check(
        .worst(
          "5.5", "variance of \(estimator.rawValue), closed form = Gauss–Hermite",
          of: varianceCases(estimator)))
    }
    checkVariances(in: notebook)
    showDimensions(in: notebook)
  }

  static func varianceCases(_ estimator: MeanGradientEstimator) -> [Comparison] {
    guideGrid.map { q in
      let moments = Moments { estimator(under: q, noise: $0) }
      // The draws' squares are summed, as large as the variance and the mean's square together.
      let magnitude = moments.variance + square(moments.mean)
      return (
        estimator.variance(under: q), moments.variance, allowance: rounding(magnitude)
      )
    }
  }

  private static func showVarianceTable(in notebook: Notebook) {
    let guides = [(0.0, 1.0), (1, 1), (1, 0.5), (1, 0.1), (3, 0.5)].map {
      Normal(mean: $0.0, standardDeviation: $0.1)
    }
    notebook.table(
      ["µ, σ"] + MeanGradientEstimator.allCases.map(\.rawValue) + ["score / pathwise"],
      guides.map { q in
        let variances = MeanGradientEstimator.allCases.map { $0.variance(under: q) }
        return ["\(q.mean.significant(3)), \(q.standardDeviation.significant(3))"]
          + variances.map { $0.significant(4) } + [(variances[1] / variances[0]).significant(3)]
      })
  }

  static func checkVariances(in notebook: Notebook) {
    notebook.gap()
    notebook.text(
      """
      Sampled: plain means of (draw − 2µ)², so that their z-scores are honest; at µ = 1, σ = ½, \
      and over the whole grid of \(guideGrid.count) guides, each divided by the variance it should \
      have. A square has long tails, and 5% is enough to tell the four apart.
      """)
    let q = Normal(mean: 1, standardDeviation: 0.5)
    for (part, estimator) in MeanGradientEstimator.allCases.enumerated() {
      var generator = Threefry(seed: notebook.seed, row: 5, part: part)
      notebook.checkMean(
        "5.5", "mean of (draw − 2µ)², \(estimator.rawValue)", exact: estimator.variance(under: q),
        promise: 0.05, margin: 3, using: &generator
      ) { noise in square(estimator(under: q, noise: noise) - 2 * q.mean) }
    }
    for (part, estimator) in MeanGradientEstimator.allCases.enumerated() {
      var generator = Threefry(seed: notebook.seed, row: 5, part: 10 + part)
      sampleGrid(estimator, using: &generator, in: notebook)
    }
  }

  /// One round takes a draw at every guide; its variance is Σ (kurtosis − 1)/G².
  private static func sampleGrid(
    _ estimator: MeanGradientEstimator, using generator: inout Threefry, in notebook: Notebook
  ) {
    let count = Double(guideGrid.count)
    let relativeVariance = guideGrid.reduce(0) { sum, q in
      sum + (Moments { estimator(under: q, noise: $0) }.kurtosis - 1) / square(count)
    }
    let rounds = notebook.samples(
      default: drawsNeeded(relativeVariance: relativeVariance, promise: 0.05, margin: 3))
    let variances = guideGrid.map { estimator.variance(under: $0) }
    let estimate = Estimate(draws: rounds) {
      zip(guideGrid, variances).reduce(0) { sum, pair in
        let draw = estimator(under: pair.0, noise: generator.normal())
        return sum + square(draw - 2 * pair.0.mean) / pair.1
      } / count
    }
    notebook.check(
      .monteCarlo(
        "5.5", "\(estimator.rawValue): mean over the grid of (draw − 2µ)² / variance", estimate,
        exact: 1, promise: 0.05))
  }

  private static func showDimensions(in notebook: Notebook) {
    notebook.gap()
    notebook.text(
      """
      And it grows with the latent's dimension. For f = Σ_d z_d² the pathwise ∂_µ₁ sees z₁ alone; \
      the score of z₁ is multiplied with all of f. Variances at µ = σ = 1:
      """)
    let q = Normal(mean: 1, standardDeviation: 1)
    let dimensions = [1, 2, 10, 50, 1000]
    notebook.table(
      ["dimensions", "pathwise", "score"],
      dimensions.map { d in
        [
          "\(d)", MeanGradientEstimator.pathwise.variance(under: q).significant(4),
          scoreVariance(under: q, dimensions: d).significant(6),
        ]
      })
    notebook.check(
      .worst(
        "5.5", "score variance in two dimensions = product Gauss–Hermite",
        of: guideGrid.map { q in
          let byRule = scoreVarianceInThePlane(under: q)
          let formula = scoreVariance(under: q, dimensions: 2)
          return (formula, byRule, allowance: rounding(formula, square(2 * q.mean)))
        }))
    notebook.check(
      .worst(
        "5.5", "score variance in the table's dimensions = by moments of single coordinates",
        of: (guideGrid + [q]).flatMap { q in
          dimensions.map { d in
            let byMoments = scoreVarianceByMoments(under: q, dimensions: d)
            let formula = scoreVariance(under: q, dimensions: d)
            return (formula, byMoments, allowance: rounding(formula, square(2 * q.mean)))
          }
        }))
  }

  /// The same variance by a product of two rules, 12 nodes each: exact for these polynomials.
  static func scoreVarianceInThePlane(under q: Normal) -> Double {
    let rule = GaussHermite(nodes: 12)
    return rule.expectation(under: .standard, .standard) { first, second in
      let (z1, z2) = (NormalPath(to: q)(first), NormalPath(to: q)(second))
      return square((z1 * z1 + z2 * z2) * score(of: q, at: z1).mean - 2 * q.mean)
    }
  }

  /// And in any dimension: the mean and the variance of each z_d² by a rule, the rest's added up,
  /// then E[(z₁² + S)² ∂²] with ∂ = ∂_µ₁ log q, S's mean and variance put in under the rule for z₁.
  static func scoreVarianceByMoments(under q: Normal, dimensions: Int) -> Double {
    let coordinate = Moments { square(NormalPath(to: q)($0)) }
    let others = Double(dimensions - 1)
    let second = GaussHermite.forty.expectation { noise in
      let z = NormalPath(to: q)(noise)
      let all = z * z + others * coordinate.mean
      return (square(all) + others * coordinate.variance) * square(score(of: q, at: z).mean)
    }
    return second - square(2 * q.mean)
  }

  // MARK: Figure

  /// Left: histograms of averages of 16 draws. Right: standard deviations as the guide narrows.
  static func spreadFigure(seed: UInt64) -> Figure {
    let q = Normal(mean: 1, standardDeviation: 0.5)
    let shown: [(MeanGradientEstimator, Mark.Colour)] = [
      (.score, .second), (.scoreMinusBest, .third), (.pathwise, .first),
    ]
    var generator = Threefry(seed: seed, row: 5, part: 90)
    let averages = shown.map { estimator, _ in
      (0..<20_000).map { _ in
        (0..<16).reduce(0) { sum, _ in sum + estimator(under: q, noise: generator.normal()) } / 16
      }
    }
    let histograms = zip(shown, averages).map { estimator, averages in
      Mark.histogram(
        of: averages, over: -2...7, bins: 90, label: estimator.0.rawValue, colour: estimator.1)
    }
    let curves = MeanGradientEstimator.allCases.map { estimator in
      let colour: Mark.Colour =
        shown.first { $0.0 == estimator }?.1 ?? .fourth
      return Mark.line(
        logarithmic(from: 0.03, to: 3).map { sigma in
          let q = Normal(mean: 1, standardDeviation: sigma)
          return (sigma, estimator.variance(under: q).squareRoot())
        }, label: estimator.rawValue, colour: colour)
    }
    return Figure(
      "Four estimators of ∂E z²/∂µ = 2µ", width: 860, height: 360,
      panels: [
        Panel(
          title: "averages of 16 draws, q = N(1, ½²)", x: Axis("estimate"), y: Axis("density"),
          marks: histograms + [.vertical(at: 2, label: "truth")]),
        Panel(
          title: "as the guide narrows, µ = 1", x: Axis("σ", scale: .log10),
          y: Axis("standard deviation of one draw", scale: .log10), labels: .atEnds,
          marks: curves),
      ])
  }

  private static func logarithmic(from low: Double, to high: Double) -> [Double] {
    (0...60).map { low * pow(high / low, Double($0) / 60) }
  }
}
