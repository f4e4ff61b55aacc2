import Foundation
import Notebook
import TinyNumerics

/// Eq. 1.2, in nats: the terms of D(P ‖ Q) = Σ_{P>0} P (t − 1 − log t) + Q(P = 0), with t = Q/P.
///
/// They sum to D because Σ_{P>0} P (t − 1) + Q(P = 0) = Σ Q − Σ P = 0, and none is negative because
/// log t ≤ t − 1, the tangent of the logarithm at t = 1: so D ≥ 0, and D = 0 only where every t is 1.
func tangentTerms(_ p: Discrete, relativeTo q: Discrete) -> [Double] {
  zip(p.probabilities, q.probabilities).map { p, q in
    p == 0 ? q : p * excessOverLogarithm(q / p)
  }
}

/// What became of many pairs of one kind.
struct NonNegativityTrial {
  let kind: PairKind
  var pairs = 0
  var equalPairs = 0
  var zeroDivergences = 0
  var smallest = Double.infinity
  var smallestTerm = Double.infinity
  var negativePlainSums = 0
  var smallestPlainSum = Double.infinity

  /// Every tenth pair is P with itself.
  init(_ kind: PairKind, pairs count: Int, using generator: inout some RandomNumberGenerator) {
    self.kind = kind
    for i in 0..<count {
      let (p, q) = randomPair(kind, using: &generator)
      add(p, i % 10 == 9 ? p : q)
    }
  }

  private mutating func add(_ p: Discrete, _ q: Discrete) {
    let divergence = klDivergence(p, relativeTo: q)
    let plain = divergenceByDefinition(p, relativeTo: q)
    pairs += 1
    if p == q { equalPairs += 1 }
    if divergence == 0 { zeroDivergences += 1 }
    smallestTerm = min(smallestTerm, tangentTerms(p, relativeTo: q).min() ?? .nan)
    guard p != q else { return }
    smallest = min(smallest, divergence)
    if plain < 0 { negativePlainSums += 1 }
    smallestPlainSum = min(smallestPlainSum, plain)
  }
}

/// D((½, ½) ‖ (½ + δ, ½ − δ)) = −½ log(1 − 4δ²), exact.
func divergenceFromTiltedCoin(_ delta: Double) -> Double { -0.5 * log1p(-4 * delta * delta) }

extension Chapter1 {
  static func showNonNegativity(in notebook: Notebook) {
    notebook.section("1.2", "Non-negativity: D(P‖Q) ≥ 0, and D = 0 only at P = Q")
    notebook.text(
      """
      Because log t ≤ t − 1, no term P (t − 1 − log t), t = Q/P, is negative, and these terms sum to D. \
      That is the proof, and also the way to compute: for pairs that nearly agree the plain sum \
      Σ P log(P/Q) cancels to a few roundings of either sign, the sum of the new terms does not. \
      Every tenth pair below is P with itself.
      """)
    var generator = Threefry(seed: notebook.seed, stream: 102)
    let trials = PairKind.allCases.map { NonNegativityTrial($0, pairs: 5000, using: &generator) }
    notebook.table(
      ["kind of pair", "pairs", "smallest D, P ≠ Q", "plain sums < 0", "smallest plain sum"],
      trials.map {
        [
          $0.kind.rawValue, "\($0.pairs)", $0.smallest.scientific, "\($0.negativePlainSums)",
          $0.smallestPlainSum.scientific,
        ]
      })
    for check in checks(of: trials) { notebook.check(check) }
    let delta = 0x1p-30
    let tilted = Discrete(probabilities: [0.5 + delta, 0.5 - delta])
    let divergence = klDivergence(Discrete(weights: [1, 1]), relativeTo: tilted)
    notebook.check(
      .exact(
        "1.2", "D of a coin from one tilted by δ = 2⁻³⁰ is −½ log(1 − 4δ²)", divergence,
        divergenceFromTiltedCoin(delta), allowance: rounding(divergence)))
  }

  private static func checks(of trials: [NonNegativityTrial]) -> [Check] {
    let pairs = trials.reduce(0) { $0 + $1.pairs }
    let zeros = trials.reduce(0) { $0 + $1.zeroDivergences }
    let equal = trials.reduce(0) { $0 + $1.equalPairs }
    return [
      .bound(
        "1.2", "0 ≤ P (t − 1 − log t): the smallest term of \(pairs) pairs", lower: 0,
        upper: trials.map(\.smallestTerm).min() ?? .nan),
      .bound(
        "1.2", "0 ≤ D(P‖Q): the smallest of \(pairs) pairs with P ≠ Q", lower: 0,
        upper: trials.map(\.smallest).min() ?? .nan),
      .exact(
        "1.2", "pairs with D(P‖Q) = 0 are the pairs with P = Q", Double(zeros), Double(equal),
        allowance: 0),
      .bound(
        "1.2", "the plain sum does fall below zero: its smallest value, and 0",
        lower: trials.map(\.smallestPlainSum).min() ?? .nan, upper: 0),
    ]
  }
}
