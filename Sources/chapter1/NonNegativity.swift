import Foundation
import Notebook
import TinyNumerics

/// Eq. 1.2, in nats: the terms of D(P ‖ Q) = Σ_{P>0} P (t − 1 − log t) + Q(P = 0), with t = Q/P.
///
/// They sum to D because Σ_{P>0} P (t − 1) + Q(P = 0) = Σ Q − Σ P = 0, and none is negative because
/// log t ≤ t − 1, the tangent of the logarithm at t = 1: so D ≥ 0, and D = 0 only where every t is
/// 1.
func tangentTerms(_ p: Discrete, relativeTo q: Discrete) -> [Double] {
  zip(p.probabilities, q.probabilities).map { p, q in
    p == 0 ? q : p * excessOverLogarithm(q / p)
  }
}

/// ½ Σ (Q − P)²/P: what D(P ‖ Q) becomes where P and Q nearly agree, because t − 1 − log t =
/// ½ (t − 1)² − ⅓ (t − 1)³ + …; and how far off it may be, relative to itself.
///
/// With |t − 1| ≤ u the rest of the series is at most (u³/3)(1 + u + u² + …) at each t, so ⅔ u/(1 −
/// u) of the whole; and a t rounded by half a unit moves the sum by no more than 2 units over √Σ (Q
/// − P)²/P (Cauchy and Schwarz).
///
/// - Requires: P > 0 everywhere, and Q within a factor of two of it.
func quadraticDivergence(
  _ p: Discrete, relativeTo q: Discrete
) -> (value: Double, relativeError: Double) {
  var (squares, largest) = (0.0, 0.0)
  for (p, q) in zip(p.probabilities, q.probabilities) {
    squares += (q - p) * (q - p) / p
    largest = max(largest, abs(q - p) / p)
  }
  return (
    0.5 * squares,
    2 * largest / (3 * (1 - largest)) + 2 * .ulpOfOne / squares.squareRoot() + rounding(1)
  )
}

/// P without about a third of its outcomes, never without the first.
func thinned(_ p: Discrete, using generator: inout some RandomNumberGenerator) -> Discrete {
  Discrete(
    weights: p.probabilities.enumerated().map { i, probability in
      i > 0 && generator.uniform() < 1 / 3.0 ? 0 : probability
    })
}

/// D((½, ½) ‖ (½ + δ, ½ − δ)) = −½ log(1 − 4δ²), exact.
func divergenceFromTiltedCoin(_ delta: Double) -> Double { -0.5 * log1p(-4 * delta * delta) }

extension Chapter1 {
  static func showNonNegativity(in notebook: Notebook) {
    notebook.section("1.2", "Non-negativity: D(P‖Q) ≥ 0, and D = 0 only at P = Q")
    notebook.text(
      """
      Because log t ≤ t − 1, no term P (t − 1 − log t), t = Q/P, is negative, and these terms and \
      Q(P = 0) sum to D. That is the proof, and also the way to compute: for pairs that nearly \
      agree the plain sum Σ P log(P/Q) cancels to a few roundings of either sign, the sum of the \
      new terms does not. It is ½ Σ (Q − P)²/P there, small but not 0.
      """)
    var generator = Threefry(seed: notebook.seed, row: 2)
    let trials = PairKind.allCases.map { kind in
      (kind, (0..<5000).map { _ in randomPair(kind, using: &generator) })
    }
    notebook.table(
      ["kind of pair", "pairs", "smallest D", "smallest plain sum"],
      trials.map { kind, pairs in
        let sums = pairs.map { divergenceByDefinition($0.p, relativeTo: $0.q) }
        let divergences = pairs.map { klDivergence($0.p, relativeTo: $0.q) }
        return [
          kind.rawValue, "\(pairs.count)", (divergences.min() ?? .nan).scientific,
          (sums.min() ?? .nan).scientific,
        ]
      })
    let pairs = trials.flatMap(\.1)
    let supported =
      pairs.map { ($0.p, $0.q) }
      + pairs.prefix(5000).map { (thinned($0.p, using: &generator), $0.q) }
    notebook.check(.worst(of: supported.map(sumCheck)))
    notebook.check(.worst(of: trials[1].1.map(quadraticCheck)))
    let plain = trials[1].1.map { divergenceByDefinition($0.p, relativeTo: $0.q) }
    notebook.check(
      .bound(
        "1.2", "the plain sum does fall below zero: its smallest value, and 0",
        lower: plain.min() ?? .nan, upper: 0))
    let delta = 0x1p-30
    let tilted = Discrete(probabilities: [0.5 + delta, 0.5 - delta])
    let divergence = klDivergence(Discrete(weights: [1, 1]), relativeTo: tilted)
    notebook.check(
      .exact(
        "1.2", "D of a coin from one tilted by δ = 2⁻³⁰ is −½ log(1 − 4δ²)", divergence,
        divergenceFromTiltedCoin(delta), allowance: rounding(divergence)))
  }

  private static func sumCheck(_ p: Discrete, _ q: Discrete) -> Check {
    .exact(
      "1.2", "Σ P (t − 1 − log t) + Q(P = 0) = Σ P log(P/Q), some P with zeros",
      tangentTerms(p, relativeTo: q).reduce(0, +), divergenceByDefinition(p, relativeTo: q),
      allowance: roundingOfDivergence(p, relativeTo: q))
  }

  private static func quadraticCheck(_ p: Discrete, _ q: Discrete) -> Check {
    let (value, error) = quadraticDivergence(p, relativeTo: q)
    return .exact(
      "1.2", "nearly equal pairs: D(P‖Q) is ½ Σ (Q − P)²/P, above 0, up to the next power",
      klDivergence(p, relativeTo: q), value, allowance: error * value)
  }
}
