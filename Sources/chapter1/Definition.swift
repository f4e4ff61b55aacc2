import Foundation
import Notebook
import TinyNumerics

/// Eq. 1.1, in nats, exact: D(P ‖ Q) = Σ P log(P/Q), summed as it is written.
///
/// Outcomes with P = 0 count nothing (eq. 1.4). Near P = Q the terms cancel, and the sum may even
/// come out negative; `klDivergence` sums the same number in another way (eq. 1.2).
func divergenceByDefinition(_ p: Discrete, relativeTo q: Discrete) -> Double {
  zip(p.probabilities, q.probabilities).reduce(0) { sum, pair in
    pair.0 == 0 ? sum : sum + pair.0 * log(pair.0 / pair.1)
  }
}

/// Eq. 1.1, in nats, exact: D(P ‖ Q) = H(P, Q) − H(P), the nats that are wasted when outcomes of P
/// are written in a code made for Q.
func divergenceByEntropies(_ p: Discrete, relativeTo q: Discrete) -> Double {
  p.crossEntropy(relativeTo: q) - p.entropy
}

/// What rounding may do to either of these sums: their terms add up to no more than cross-entropy
/// and entropy together, and a rounded ratio or probability moves its logarithm by a unit in the
/// last place, hence the 1.
func roundingOfDivergence(_ p: Discrete, relativeTo q: Discrete) -> Double {
  rounding(1 + p.crossEntropy(relativeTo: q) + p.entropy, terms: p.count)
}

enum Dice {
  static let fair = Discrete(weights: [1, 1, 1, 1, 1, 1])
  static let loaded = Discrete(weights: [1, 1, 1, 2, 2, 5])
  /// D(loaded ‖ fair), H(loaded, fair) and H(loaded), from the twelfths by hand.
  static let byHand: [Double] = {
    let twelfths = (4 * log(2.0) + 5 * log(5.0)) / 12
    return [log(0.5) + twelfths, log(6.0), log(12.0) - twelfths]
  }()
  /// D(fair ‖ loaded), by hand.
  static let backwardsByHand = (3 * log(2.0) + log(0.4)) / 6
}

extension Chapter1 {
  static func showDefinition(in notebook: Notebook) {
    notebook.section("1.1", "Definition: D(P‖Q) = Σ P log(P/Q) = H(P,Q) − H(P)")
    notebook.text(
      """
      A loaded die P against a fair one Q. The divergence is summed from its definition, and \
      computed again as cross-entropy minus entropy. Single terms may be negative; their sum never \
      is (1.2). All numbers of this chapter are nats.
      """)
    let (p, q) = (Dice.loaded, Dice.fair)
    let faces = zip(p.probabilities, q.probabilities).map { a, b in
      [a, b, a * log(a / b), -a * log(b), -a * log(a)]
    }
    let sums = (0..<5).map { column in faces.reduce(0) { $0 + $1[column] } }
    notebook.table(
      ["face", "P", "Q", "P log(P/Q)", "−P log Q", "−P log P"],
      faces.enumerated().map { face, numbers in
        ["\(face + 1)"] + numbers.map { $0.decimals(4) }
      } + [["sum"] + sums.map { $0.decimals(4) }])
    notebook.check(definitionCheck("D(P‖Q) = H(P,Q) − H(P) for the two dice", p, q))
    notebook.check(
      .worst(
        "1.1",
        "the sums by hand: log ½ + J, log 6, log 12 − J, J = (4 log 2 + 5 log 5)/12",
        of: zip(sums[2...], Dice.byHand).map { ($0, $1, rounding(log(12))) }))
    var generator = Threefry(seed: notebook.seed, row: 1)
    notebook.check(
      .worst(
        of: (0..<1000).map { i in
          let (p, q) = randomPair(PairKind.allCases[i % 4], using: &generator)
          return definitionCheck("D(P‖Q) = H(P,Q) − H(P), random pairs over 2…64 outcomes", p, q)
        }))
  }

  private static func definitionCheck(_ identity: String, _ p: Discrete, _ q: Discrete) -> Check {
    .exact(
      "1.1", identity, divergenceByDefinition(p, relativeTo: q),
      divergenceByEntropies(p, relativeTo: q),
      allowance: roundingOfDivergence(p, relativeTo: q))
  }
}
