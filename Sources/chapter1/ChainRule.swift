import Foundation
import Notebook
import TinyNumerics

/// A joint distribution of two discrete variables; row x, column y: P(x, y).
struct Joint {
  let columns: Int
  /// Row after row.
  let flattened: Discrete

  init(weights: [[Double]]) {
    columns = weights[0].count
    flattened = Discrete(weights: weights.flatMap { $0 })
  }

  /// P(x, y) = P(x) P(y).
  init(independent first: Discrete, _ second: Discrete) {
    self.init(
      weights: first.probabilities.map { a in second.probabilities.map { b in a * b } })
  }

  private func row(_ x: Int) -> ArraySlice<Double> {
    flattened.probabilities[x * columns..<(x + 1) * columns]
  }

  /// P(x).
  var marginal: Discrete {
    Discrete(weights: (0..<flattened.count / columns).map { row($0).reduce(0, +) })
  }

  /// P(y | x).
  ///
  /// - Requires: P(x) > 0.
  func conditional(on x: Int) -> Discrete { Discrete(weights: Array(row(x))) }
}

/// Eq. 1.5, in nats, exact: D(P(x, y) ‖ Q(x, y)) = D(P(x) ‖ Q(x)) + E_P[D(P(y|x) ‖ Q(y|x))].
///
/// The logarithm of P(x) P(y|x) / Q(x) Q(y|x) is a sum. What Q does at an x that P excludes does
/// not count; an x that only Q excludes costs +∞ already in the first part.
func divergenceByChainRule(_ p: Joint, relativeTo q: Joint) -> (
  marginal: Double, conditional: Double
) {
  let (px, qx) = (p.marginal, q.marginal)
  let conditional = (0..<px.count).filter { px.probabilities[$0] > 0 && qx.probabilities[$0] > 0 }
    .reduce(0) { sum, x in
      sum + px.probabilities[x]
        * klDivergence(p.conditional(on: x), relativeTo: q.conditional(on: x))
    }
  return (klDivergence(px, relativeTo: qx), conditional)
}

/// Eq. 1.5 for Gaussians with full covariance, in nats: x the first coordinate, y the others.
///
/// E_q by Gauss–Hermite quadrature, exact: D(q(y|x) ‖ p(y|x)) is a quadratic function of x.
///
/// - Parameter divergence: D(q(y|x) ‖ p(y|x)) at one x.
func divergenceByChainRule(
  _ q: Gaussian, relativeTo p: Gaussian,
  divergence: (Gaussian, Gaussian) -> Double = { klDivergence($0, relativeTo: $1) }
) -> (marginal: Double, conditional: Double) {
  let (qx, px) = (normal(q), normal(p))
  let conditional = GaussHermite(nodes: 4).expectation(under: qx) { x in
    divergence(q.conditional(on: [0], equalTo: [x]), p.conditional(on: [0], equalTo: [x]))
  }
  return (klDivergence(qx, relativeTo: px), conditional)
}

/// The first coordinate's own distribution.
private func normal(_ q: Gaussian) -> Normal {
  Normal(mean: q.mean[0], variance: q.covariance[0, 0])
}

extension Chapter1 {
  static func showChainRule(in notebook: Notebook) {
    notebook.section("1.5", "Chain rule: a joint divergence is a sum")
    notebook.text(
      """
      The divergence of a joint distribution, summed over all pairs (x, y), against that of x plus \
      the average divergence of y given x. For independent coordinates the second part does not \
      depend on x and divergences simply add up: that is why the VAE's regulariser is a sum over \
      latent dimensions.
      """)
    let p = Joint(weights: [[0.40, 0.10], [0.05, 0.45]])
    let q = Joint(weights: [[0.30, 0.30], [0.20, 0.20]])
    let parts = divergenceByChainRule(p, relativeTo: q)
    notebook.table(
      ["weather x (dry, rain), umbrella y (no, yes)", "nats"],
      [
        ["D(P(x)‖Q(x))", parts.marginal.decimals(6)],
        ["E_P D(P(y|x)‖Q(y|x))", parts.conditional.decimals(6)],
        ["sum", (parts.marginal + parts.conditional).decimals(6)],
        [
          "D(P(x,y)‖Q(x,y))", klDivergence(p.flattened, relativeTo: q.flattened).decimals(6),
        ],
      ])
    notebook.check(
      .worst(
        "1.5",
        "the weather's parts: −½ log(4 · 0.4 · 0.6) by 1.4, and the rest of the joint D",
        of: [
          (parts.marginal, divergenceFromNearlyCertain(0.4)),
          (
            parts.conditional,
            divergenceByDefinition(p.flattened, relativeTo: q.flattened)
              - divergenceFromNearlyCertain(0.4)
          ),
        ].map { ($0, $1, roundingOfDivergence(p.flattened, relativeTo: q.flattened)) }))
    var generator = Threefry(seed: notebook.seed, row: 5)
    notebook.check(.worst(of: (0..<500).map { _ in chainRuleCheck(using: &generator) }))
    notebook.check(.worst(of: (0..<500).map { _ in independenceCheck(using: &generator) }))
    notebook.check(gaussianChainRuleCheck)
  }

  private static func chainRuleCheck(using generator: inout some RandomNumberGenerator) -> Check {
    let shape = (0..<2).map { _ in Int.random(in: 2...8, using: &generator) }
    let (p, q) = (randomJoint(shape, using: &generator), randomJoint(shape, using: &generator))
    let parts = divergenceByChainRule(p, relativeTo: q)
    return .exact(
      "1.5", "D(P(x,y)‖Q(x,y)) = D(P(x)‖Q(x)) + E_P D(P(y|x)‖Q(y|x))",
      divergenceByDefinition(p.flattened, relativeTo: q.flattened),
      parts.marginal + parts.conditional,
      allowance: roundingOfDivergence(p.flattened, relativeTo: q.flattened))
  }

  private static func randomJoint(
    _ shape: [Int], using generator: inout some RandomNumberGenerator
  ) -> Joint {
    Joint(weights: (0..<shape[0]).map { _ in randomWeights(shape[1], using: &generator) })
  }

  private static func independenceCheck(using generator: inout some RandomNumberGenerator) -> Check
  {
    let counts = (0..<2).map { _ in Int.random(in: 2...8, using: &generator) }
    let p = counts.map { Discrete(weights: randomWeights($0, using: &generator)) }
    let q = counts.map { Discrete(weights: randomWeights($0, using: &generator)) }
    let joint = (Joint(independent: p[0], p[1]).flattened, Joint(independent: q[0], q[1]).flattened)
    return .exact(
      "1.5", "independent factors: D adds up", divergenceByDefinition(joint.0, relativeTo: joint.1),
      klDivergence(p[0], relativeTo: q[0]) + klDivergence(p[1], relativeTo: q[1]),
      allowance: roundingOfDivergence(joint.0, relativeTo: joint.1))
  }

  /// Whole: closed form in three dimensions. Parts: closed form on the line, quadrature in the
  /// plane.
  private static var gaussianChainRuleCheck: Check {
    let (q, p) = (GaussianPair.example.q, GaussianPair.example.p)
    let divergence = klDivergence(q, relativeTo: p)
    var allowance = rounding(divergence)
    let parts = divergenceByChainRule(q, relativeTo: p) { q, p in
      let integral = divergenceByQuadrature(q, relativeTo: p)
      // An average of the integrals is off by no more than the worst of them.
      allowance = max(allowance, integral.allowance(magnitude: 1 + integral.value))
      return integral.value
    }
    return .exact(
      "1.5", "the same for two Gaussians in three dimensions, y of two, its part by quadrature",
      divergence, parts.marginal + parts.conditional, allowance: allowance)
  }
}
