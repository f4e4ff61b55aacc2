import Notebook
import TinyNumerics
import ToyModels

extension Chapter7 {
  static func showNoiselessGenerator(in notebook: Notebook) throws {
    let plane = RibbonPlane()
    let entropy = plane.expectation { -log($1) }
    let best = plane.bestNoise
    let noises = [0.25, best, 0.5, 1]
    let scores = noises.map { plane.score(noise: $0) }
    notebook.text(
      """
      x = f(z) with z on a line draws a curve in the plane: almost no x lies on it, so log p(x) is \
      −∞ for almost every one. Noise N(0, σ²) on both coordinates lends it a density p_σ. Data: \
      the ribbon of chapter 2 with its own noise, whose entropy is \(entropy.value.decimals(6)). \
      The best single σ is \(best.decimals(6)), and still D(p‖p_σ) = \
      \((-entropy.value - scores[1].value.value).decimals(6)).
      """)
    notebook.table(
      ["σ", "E_p log p_σ", "D(p‖p_σ)", "slope in log σ"],
      zip(noises, scores).map { noise, score in
        [
          noise.decimals(6), score.value.value.decimals(9),
          (-entropy.value - score.value.value).decimals(9), score.slope.value.decimals(6),
        ]
      })
    for check in tableChecks(plane) { notebook.check(check) }
    for check in slopeChecks(plane, best) { notebook.check(check) }
    showDraws(entropy.value, scores[1].value.value, best, in: notebook)
    showVanishingNoise(plane, in: notebook)
    try notebook.figure("chapter7-ribbon") { ribbonFigure(plane, best) }
  }

  /// Both densities at a few points by sums of logarithms, the truth's by the model's own rule as
  /// well; the plane's expectation by its mass and by E x = E f(z).
  private static func tableChecks(_ plane: RibbonPlane) -> [Check] {
    let model = NeuralModel.example
    let points = [
      SIMD2(-0.6, 0.2), SIMD2(0.48, 0.3), SIMD2(1.5, -0.9), SIMD2(-1, -1.1), SIMD2(1, 2.5),
    ]
    func table(_ curve: NoisyCurve, _ x: SIMD2<Double>) -> Double {
      log(curve.density(first: [x.x], second: [x.y])[0])
    }
    let (own, half) = (
      NoisyCurve(model, nodes: 400), NoisyCurve(model, nodes: 400, noise: 0.5)
    )
    let mass = plane.expectation { _, _ in 1 }
    let moments = plane.expectation { x, _ in x.x * x.x + 3 * x.y }
    let exact = expectation(under: .standard) { z in
      let (mean, logVariance) = model.decode(z)
      return mean.x * mean.x + exp(logVariance.x) + 3 * mean.y
    }
    return [
      .worst(
        of: points.map { x in
          let evidence = model.logEvidence(of: x)
          return .exact(
            "7.10", "log p(x) by a matrix product = the model's evidence", table(own, x),
            evidence.value, allowance: evidence.error + rounding(1 + evidence.value, terms: 400))
        }),
      .worst(
        of: points.map { x in
          .exact(
            "7.10", "log p_σ(x), σ = ½, by it = by a sum of logarithms",
            table(half, x),
            half.logDensity(x), allowance: rounding(10, terms: 400))
        }),
      .worst(
        of: points.map { x in
          .exact(
            "7.10", "the same from the nearest point of the curve",
            half.small(0.5, x).logDensity, half.logDensity(x),
            // left out is e⁻⁴⁰ a term, of a sum that is e⁻⁸ or more
            allowance: exp(-32) + rounding(10, terms: 400))
        }),
      .exact(
        "7.10", "∬ p dx = 1", mass.value, 1,
        allowance: mass.error + rounding(1, terms: 11_000)),
      .exact(
        "7.10", "E[x_1² + 3x_2] over the plane = over z, by total expectation", moments.value,
        exact.value, allowance: moments.error + exact.error + rounding(4, terms: 11_000)),
    ]
  }

  /// The slope against differences of the values, with twice the step for an error estimate; at the
  /// best σ its neighbours are worse.
  private static func slopeChecks(_ plane: RibbonPlane, _ best: Double) -> [Check] {
    func quotient(_ step: Double) -> Double {
      (plane.score(noise: 0.5 * exp(step)).value.value
        - plane.score(noise: 0.5 * exp(-step)).value.value) / (2 * step)
    }
    let (fine, coarse) = (quotient(0.002), quotient(0.004))
    let slope = plane.score(noise: 0.5).slope
    let top = plane.score(noise: best).value.value
    return [
      .exact(
        "7.10", "slope of E_p log p_σ in log σ at ½ = its difference quotient", slope.value,
        fine, allowance: abs(fine - coarse) + slope.error + rounding(3, terms: 11_000) / 0.002),
      .worst(
        of: [-0.002, 0.002].map { step in
          .bound(
            "7.10", "the best σ is a maximum: σ ± 0.2% are worse",
            lower: plane.score(noise: best * exp(step)).value.value, upper: top)
        }),
    ]
  }

  private static func showDraws(
    _ entropy: Double, _ score: Double, _ best: Double, in notebook: Notebook
  ) {
    let model = NeuralModel.example
    let (own, pooled) = (
      NoisyCurve(model, nodes: 400), NoisyCurve(model, nodes: 400, noise: best)
    )
    var generator = Threefry(seed: notebook.seed, row: 10)
    var (surprise, loss) = (Estimate(), Estimate())
    let draws = notebook.samples(default: 6_000)
    for _ in 0..<draws {
      let x = model.sample(using: &generator).x
      let logDensity = own.logDensity(x)
      surprise.add(-logDensity)
      loss.add(logDensity - pooled.logDensity(x))
    }
    notebook.check(
      .monteCarlo(
        "7.10", "H(p) = mean of −log p(x), \(draws) draws", estimate: surprise.mean,
        standardError: surprise.standardError, exact: entropy, promise: 0.1))
    notebook.check(
      .monteCarlo(
        "7.10", "D(p‖p_σ) at the best σ = mean of log p(x) − log p_σ(x)", estimate: loss.mean,
        standardError: loss.standardError, exact: -entropy - score, promise: 0.03))
    notebook.gap()
  }

  /// Of the sum over z the largest term alone is a lower bound, with every z given the largest an
  /// upper one:
  ///   −d²/2σ² + log h p(z*) ≤ log p_σ(x) + log 2πσ² ≤ −d²/2σ².
  private static func showVanishingNoise(_ plane: RibbonPlane, in notebook: Notebook) {
    let noises = [0.05, 0.02]
    let rows = noises.map { ($0, plane.smallNoise($0)) }
    notebook.text(
      """
      As σ → 0, E_p log p_σ falls to −∞ like −½ E d²/σ², with d the distance of an x to the curve: \
      the whole score is one misfit, divided by a number of our choice.
      """)
    notebook.table(
      ["σ", "E_p log p_σ", "σ² E_p log p_σ", "−½ E d²"],
      rows.map { noise, mean in
        [
          noise.significant(2), mean.score.value.decimals(2),
          (noise * noise * mean.score.value).decimals(5),
          (-0.5 * mean.squaredDistance.value).decimals(5),
        ]
      })
    func scaled(_ noise: Double, _ score: Integral) -> Double {
      noise * noise * (score.value + log(2 * .pi * noise * noise))
    }
    let upper = rows.map { noise, mean in
      Check.bound(
        "7.10", "σ² (E_p log p_σ + log 2πσ²) ≤ −½ E d²", lower: scaled(noise, mean.score),
        upper: -0.5 * mean.squaredDistance.value)
    }
    let lower = rows.map { noise, mean in
      Check.bound(
        "7.10", "and ≥ −½ E d² + σ² E log h p(z*), nearest z alone",
        lower: -0.5 * mean.squaredDistance.value + noise * noise * mean.logWeight.value,
        upper: scaled(noise, mean.score))
    }
    notebook.check(.worst(of: upper))
    notebook.check(.worst(of: lower))
  }
}
