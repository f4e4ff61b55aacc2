import Figures
import Notebook
import TinyNumerics

extension Chapter5 {
  // MARK: 5.9

  static func showDiscreteLatent(in notebook: Notebook) throws {
    notebook.section("5.9", "A discrete z has no path")
    let guide = DiscreteGuide.example
    notebook.text(
      """
      The mixture model at x = \(guide.x), a guide q(z) = softmax(η) over its three classes, at \
      even odds; the ELBO is a finite sum, and so is its gradient, which the score function \
      reaches without a slope of z:
      """)
    showDiscreteGradient(guide, in: notebook)
    try notebook.figure("chapter5-no-path") { noPathFigure(seed: notebook.seed) }
    checkDiscreteGradient(in: notebook)
    let excess = guide.q.expectation { square(guide.integrand($0) - guide.elbo) }.value
    notebook.check(
      .worst(
        "5.9", "at even odds, b = ELBO: the variance of a draw = ⅑ E(f − ELBO)²",
        of: (0..<3).map { k in
          let variance = scoreVariance(guide, k, baseline: guide.elbo)
          let error = elboSlope(guide, k).error * abs(elboSlope(guide, k).value)
          return (variance, excess / 9, allowance: 2 * error + rounding(excess))
        }))
    showStaircase(guide, in: notebook)
    sampleDiscreteScore(guide, in: notebook)
  }

  private static func showDiscreteGradient(_ guide: DiscreteGuide, in notebook: Notebook) {
    let elbo = guide.elbo
    func deviation(_ k: Int, baseline: Double) -> Double {
      scoreVariance(guide, k, baseline: baseline).squareRoot()
    }
    notebook.table(
      ["class k", "∂ELBO/∂η_k", "score function", "sd of a draw", "with b = ELBO"],
      (0..<3).map { k in
        [
          "\(k)", elboSlope(guide, k).value.decimals(8),
          guide.q.expectation { guide.scoreGradient($0, k) }.value.decimals(8),
          deviation(k, baseline: 0).decimals(3), deviation(k, baseline: elbo).decimals(3),
        ]
      })
  }

  private static func checkDiscreteGradient(in notebook: Notebook) {
    notebook.check(
      .worst(
        "5.9", "Σ_z q(z) f(z) ∂ log q(z) = slope of the ELBO's finite sum",
        of: discreteGuides.flatMap { guide in
          (0..<3).map { k in discreteGradientCase(guide, k) }
        }))
  }

  static func discreteGradientCase(_ guide: DiscreteGuide, _ k: Int) -> Comparison {
    let slope = elboSlope(guide, k)
    return (
      guide.q.expectation { guide.scoreGradient($0, k) }.value, slope.value, allowance: slope.error
    )
  }

  /// Differences of the finite sum.
  static func elboSlope(_ guide: DiscreteGuide, _ k: Int) -> Integral {
    fivePointDerivative { h in
      var moved = guide
      moved.logits[k] += h
      return moved.elbo
    }
  }

  static var discreteGuides: [DiscreteGuide] {
    [-3, -0.4, 0.9, 2.5].flatMap { x in
      [[0, 0, 0], [1, -0.5, 0.3], [-1, 0, 2]].map {
        DiscreteGuide(model: .example, x: x, logits: $0)
      }
    }
  }

  private static func showStaircase(_ guide: DiscreteGuide, in notebook: Notebook) {
    notebook.gap()
    notebook.text(
      """
      A draw of z from uniform noise u is a staircase in η. Its difference quotient at a fixed \
      step h, for ∂/∂η_0, f frozen: nearly every u sees a slope of 0, a few see a jump divided by \
      2h. The mean tends to the gradient; the scatter grows as h falls, and at h = 0 nothing is \
      left to average.
      """)
    let steps = [0.5, 0.1, 0.02, 0.004]
    notebook.table(
      ["h", "mean of the quotient", "sd of a draw", "sd · √2h", "share of u with slope 0"],
      steps.map { h in
        let moments = StaircaseQuotient(guide, 0, step: h).moments
        let deviation = (moments.square - square(moments.mean)).squareRoot()
        return [
          h.significant(2), moments.mean.decimals(6), deviation.decimals(3),
          (deviation * (2 * h).squareRoot()).decimals(4), moments.zero.decimals(6),
        ]
      })
    notebook.check(
      .worst(
        "5.9", "the table's shares = 1 − Σ_j |P(z ≤ j) at η_0 + h − P(z ≤ j) at η_0 − h|",
        of: steps.map { h in
          let quotient = StaircaseQuotient(guide, 0, step: h)
          let moves = zip(quotient.up.edges, quotient.down.edges).map { abs($0 - $1) }
          return (quotient.moments.zero, 1 - moves.reduce(0, +), allowance: rounding(1))
        }))
    let cases = discreteGuides.flatMap { guide in
      (0..<3).flatMap { k in steps.map { (guide, k, $0) } }
    }
    notebook.check(
      .worst(
        "5.9", "mean over u = (E f at η_k + h − E f at η_k − h)/2h", of: cases.map(quotientMeanCase)
      ))
    notebook.check(
      .worst("5.9", "as h → 0 it tends to ∂ELBO/∂η_k", of: cases.map(quotientLimitCase)))
    notebook.check(
      .worst(
        "5.9", "2h · mean square tends to Σ_j |∂P(z ≤ j)/∂η_k| (f(j + 1) − f(j))²",
        of: cases.map(quotientSquareCase)))
    sampleStaircase(guide, in: notebook)
  }

  /// f is frozen, so on the right it is a table under two distributions.
  static func quotientMeanCase(_ guide: DiscreteGuide, _ k: Int, step h: Double) -> Comparison {
    let quotient = StaircaseQuotient(guide, k, step: h)
    let means = [quotient.up, quotient.down].map { $0.q.expectation(of: guide.integrand).value }
    let size = guide.q.expectation { abs(guide.integrand($0)) }.value
    return (
      quotient.moments.mean, (means[0] - means[1]) / (2 * h),
      allowance: rounding(size, means[0], means[1]) / h
    )
  }

  /// The quotient's error is of order h²: at most what twice the step changes.
  static func quotientLimitCase(_ guide: DiscreteGuide, _ k: Int, step h: Double) -> Comparison {
    let (fine, coarse) = (
      StaircaseQuotient(guide, k, step: h / 4).moments.mean,
      StaircaseQuotient(guide, k, step: h / 2).moments.mean
    )
    let exact = guide.q.expectation { guide.scoreGradient($0, k) }.value
    let size = guide.q.expectation { abs(guide.integrand($0)) }.value
    return (fine, exact, allowance: abs(fine - coarse) + rounding(size) / h)
  }

  /// Here too, as long as the edges stay apart.
  static func quotientSquareCase(_ guide: DiscreteGuide, _ k: Int, step h: Double) -> Comparison {
    func scaled(_ h: Double) -> Double {
      2 * h * StaircaseQuotient(guide, k, step: h).moments.square
    }
    let (fine, coarse) = (scaled(h / 8), scaled(h / 4))
    return (fine, jumpRate(guide, k), allowance: abs(fine - coarse) + rounding(coarse) / h)
  }

  static func sampleStaircase(_ guide: DiscreteGuide, in notebook: Notebook) {
    let quotient = StaircaseQuotient(guide, 0, step: 0.1)
    let exact = quotient.moments
    // a draw is 0 or a jump: the kurtosis of its square is that of a coin with few heads
    let draws = notebook.samples(
      default: drawsNeeded(relativeVariance: exact.square / square(exact.mean), promise: 0.05))
    var generator = Threefry(seed: notebook.seed, row: 9)
    var (mean, meanSquare) = (Estimate(), Estimate())
    for _ in 0..<draws {
      let value = quotient(generator.uniform())
      mean.add(value)
      meanSquare.add(value * value)
    }
    notebook.check(
      .monteCarlo(
        "5.9", "mean of the quotient's draws, h = 0.1 (to 5%)", mean, exact: exact.mean,
        promise: 0.05 * abs(exact.mean)))
    notebook.check(
      .monteCarlo(
        "5.9", "mean of their squares, h = 0.1 (to 5%)", meanSquare, exact: exact.square,
        promise: 0.05 * exact.square))
  }

  static func sampleDiscreteScore(_ guide: DiscreteGuide, in notebook: Notebook) {
    let (q, elbo) = (guide.q, guide.elbo)
    for k in 0..<3 {
      let exact = elboSlope(guide, k).value
      let relativeVariance = scoreVariance(guide, k, baseline: elbo) / square(exact)
      let draws = notebook.samples(
        default: drawsNeeded(relativeVariance: relativeVariance, promise: 0.01))
      var generator = Threefry(seed: notebook.seed, row: 9, part: 1 + k)
      // A draw takes one of three values.
      let values = (0..<3).map { guide.scoreGradient($0, k, baseline: elbo) }
      let estimate = Estimate(draws: draws) { values[q.sample(using: &generator)] }
      notebook.check(
        .monteCarlo(
          "5.9", "mean of (f − b) ∂ log q/∂η_\(k), b = ELBO", estimate, exact: exact,
          promise: 0.01 * abs(exact)))
    }
  }

  /// The variance of one draw, a finite sum.
  private static func scoreVariance(_ guide: DiscreteGuide, _ k: Int, baseline: Double) -> Double {
    let mean = elboSlope(guide, k).value
    return guide.q.expectation {
      square(guide.scoreGradient($0, k, baseline: baseline) - mean)
    }.value
  }

  // MARK: Figure

  /// Averages over the same few draws, frozen: for a continuous z smooth, with a slope near the
  /// truth's; for a discrete z a staircase, whose slope is 0.
  static func noPathFigure(seed: UInt64) -> Figure {
    var generator = Threefry(seed: seed, row: 9, part: 90)
    let noise = (0..<32).map { _ in generator.normal() }
    let uniforms = (0..<32).map { _ in generator.uniform() }
    let frozen = FrozenAverage(f: .sine, noise: noise)
    return Figure(
      "The average of 32 frozen draws, as its parameter moves", width: 860, height: 350,
      panels: [
        Panel(
          title: "continuous: f = sin z, z = µ + ε", x: Axis("µ"), y: Axis("average of f"),
          marks: [
            .line(over: -3...3, label: "expectation", colour: .muted, style: .dashed) { mean in
              Integrand.sine.expectation(Normal(mean: mean, standardDeviation: 1))
            },
            .line(over: -3...3, label: "32 draws, ε frozen", colour: .first) { frozen($0, 1) },
          ]),
        Panel(
          title: "discrete: f = z, z = 1 where u < sigmoid(η)", x: Axis("η"),
          y: Axis("average of f"),
          marks: [
            .line(
              over: -4...4, label: "expectation", colour: .muted, style: .dashed, sigmoid),
            .line(over: -4...4, samples: 4000, label: "32 draws, u frozen", colour: .second) {
              logit in
              Double(uniforms.count { $0 < sigmoid(logit) }) / 32
            },
          ]),
      ])
  }
}
