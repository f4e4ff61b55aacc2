import Foundation
import Notebook
import TinyNumerics

/// Eq. 1.1, in nats, exact: D(P ‖ Q) = Σ P log(P/Q), summed as it is written.
///
/// Outcomes with P = 0 count nothing (eq. 1.4). Near P = Q the terms cancel, and the sum may even come
/// out negative; `klDivergence` sums the same number in another way (eq. 1.2).
func divergenceByDefinition(_ p: Discrete, relativeTo q: Discrete) -> Double {
  zip(p.probabilities, q.probabilities).reduce(0) { sum, pair in
    pair.0 == 0 ? sum : sum + pair.0 * log(pair.0 / pair.1)
  }
}

/// Eq. 1.1, in nats, exact: D(P ‖ Q) = H(P, Q) − H(P), the nats that are wasted when outcomes of P are
/// written in a code made for Q.
func divergenceByEntropies(_ p: Discrete, relativeTo q: Discrete) -> Double {
  p.crossEntropy(relativeTo: q) - p.entropy
}

enum Dice {
  static let fair = Discrete(weights: [1, 1, 1, 1, 1, 1])
  static let loaded = Discrete(weights: [1, 1, 1, 2, 2, 5])
}

extension Chapter1 {
  static func showDefinition(in notebook: Notebook) {
    notebook.section("1.1", "Definition: D(P‖Q) = Σ P log(P/Q) = H(P,Q) − H(P)")
    notebook.text(
      """
      A loaded die P against a fair one Q. The divergence is summed from its definition, and computed \
      again as cross-entropy minus entropy. Single terms may be negative; their sum never is (1.2). \
      All numbers of this chapter are nats.
      """)
    let (p, q) = (Dice.loaded, Dice.fair)
    notebook.table(
      ["face", "P", "Q", "P log(P/Q)", "−P log Q", "−P log P"],
      (0..<6).map { face in
        let (a, b) = (p.probabilities[face], q.probabilities[face])
        return ["\(face + 1)"]
          + [a, b, a * log(a / b), -a * log(b), -a * log(a)].map { $0.decimals(4) }
      } + [
        ["sum", "1", "1"]
          + [divergenceByDefinition(p, relativeTo: q), p.crossEntropy(relativeTo: q), p.entropy].map
        {
          $0.decimals(4)
        }
      ])
    notebook.check(definitionCheck("D(P‖Q) = H(P,Q) − H(P) for the two dice", p, q))
    notebook.check(
      .exact(
        "1.1", "D(P‖Q) = log 6 − H(P), as Q is uniform", divergenceByDefinition(p, relativeTo: q),
        log(6) - p.entropy, allowance: rounding(log(6))))
    var generator = Threefry(seed: notebook.seed, stream: 101)
    notebook.check(
      .worst(
        of: (0..<1000).map { i in
          let (p, q) = randomPair(PairKind.allCases[i % 4], using: &generator)
          return definitionCheck("D(P‖Q) = H(P,Q) − H(P), random pairs over 2…64 outcomes", p, q)
        }))
  }

  /// A rounded ratio or probability moves its logarithm by an ulp: hence the 1 beside the entropies.
  private static func definitionCheck(_ identity: String, _ p: Discrete, _ q: Discrete) -> Check {
    .exact(
      "1.1", identity, divergenceByDefinition(p, relativeTo: q),
      divergenceByEntropies(p, relativeTo: q),
      allowance: rounding(1 + p.crossEntropy(relativeTo: q) + p.entropy))
  }
}
