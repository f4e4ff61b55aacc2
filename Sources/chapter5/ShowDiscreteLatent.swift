import Figures
import Foundation
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
      even odds; the ELBO is a finite sum, and so is its gradient. A draw of z from uniform noise \
      u is a staircase in η: its slope is 0 wherever it has one, and the expectation's slope hides \
      in the jumps, which a derivative inside the expectation never sees. The score function needs \
      no slope of z.
      """)
    showDiscreteGradient(guide, in: notebook)
    try notebook.figure("chapter5-no-path") { noPathFigure(seed: notebook.seed) }
    checkDiscreteGradient(in: notebook)
    checkNoPath(guide, in: notebook)
    sampleDiscreteScore(guide, in: notebook)
  }

  private static func showDiscreteGradient(_ guide: DiscreteGuide, in notebook: Notebook) {
    let elbo = guide.elbo
    func deviation(_ k: Int, baseline: Double) -> Double {
      scoreVariance(guide, k, baseline: baseline).squareRoot()
    }
    notebook.table(
      ["class k", "∂ELBO/∂η_k", "pathwise", "score function", "sd of a draw", "with b = ELBO"],
      (0..<3).map { k in
        [
          "\(k)", elboSlope(guide, k).decimals(8), "0",
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

  /// Differences of a finite sum; h⁴/30 times a fifth derivative of a few nats leaves under 1e-9.
  static func discreteGradientCase(_ guide: DiscreteGuide, _ k: Int) -> Comparison {
    (
      guide.q.expectation { guide.scoreGradient($0, k) }.value, elboSlope(guide, k),
      allowance: 1e-10 * (1 + abs(guide.elbo))
    )
  }

  static func elboSlope(_ guide: DiscreteGuide, _ k: Int) -> Double {
    fivePointDerivative(step: 1e-3) { h in
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

  private static func checkNoPath(_ guide: DiscreteGuide, in notebook: Notebook) {
    var generator = notebook.generator(row: 9)
    let slopes = (0..<3_000).flatMap { _ in
      let u = generator.uniform()
      return (0..<3).map { k in abs(guide.pathSlope(atNoise: u, k)) }
    }
    notebook.check(
      .exact(
        "5.9", "|∂z/∂η_k| with u held fixed, largest of 3,000 draws and 3 classes", slopes.max()!,
        0, allowance: 0
      ))
  }

  static func sampleDiscreteScore(_ guide: DiscreteGuide, in notebook: Notebook) {
    let (q, elbo) = (guide.q, guide.elbo)
    for k in 0..<3 {
      let exact = elboSlope(guide, k)
      let relativeVariance = scoreVariance(guide, k, baseline: elbo) / square(exact)
      let draws = notebook.samples(
        default: drawsNeeded(relativeVariance: relativeVariance, promise: 0.01))
      var generator = notebook.generator(row: 9, part: 1 + k)
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
    let mean = elboSlope(guide, k)
    return guide.q.expectation {
      square(guide.scoreGradient($0, k, baseline: baseline) - mean)
    }.value
  }

  // MARK: Figure

  /// Averages over the same few draws, frozen: for a continuous z smooth, with a slope near the
  /// truth's; for a discrete z a staircase, whose slope is 0.
  static func noPathFigure(seed: UInt64) -> Figure {
    var generator = Threefry(seed: seed, stream: 50_990)
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
