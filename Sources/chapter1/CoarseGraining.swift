import Foundation
import Notebook
import TinyNumerics

/// Outcomes merged into groups: outcome x becomes group `group[x]`, of `count` groups.
struct Grouping {
  let group: [Int]
  let count: Int

  /// P(g) = Σ_{x in g} P(x).
  func coarsened(_ p: Discrete) -> Discrete {
    var sums = Array(repeating: 0.0, count: count)
    for (g, probability) in zip(group, p.probabilities) { sums[g] += probability }
    return Discrete(weights: sums)
  }

  /// P(x | g), over the outcomes of the group in their order.
  func conditional(_ p: Discrete, in g: Int) -> Discrete {
    Discrete(weights: zip(group, p.probabilities).filter { $0.0 == g }.map(\.1))
  }

  /// Eq. 1.6, in nats, exact: what merging loses is a divergence itself, and so not negative,
  ///   D(P(x) ‖ Q(x)) − D(P(g) ‖ Q(g)) = E_P[D(P(x|g) ‖ Q(x|g))] ≥ 0,
  /// because g is a function of x: eq. 1.5 for the pair (g, x).
  ///
  /// - Requires: Q(g) > 0 where P(g) > 0.
  func loss(_ p: Discrete, relativeTo q: Discrete) -> Double {
    let masses = coarsened(p).probabilities
    return (0..<count).filter { masses[$0] > 0 }.reduce(0) { sum, g in
      sum + masses[g] * klDivergence(conditional(p, in: g), relativeTo: conditional(q, in: g))
    }
  }

  /// Every group has a first member, every other outcome a group at random.
  static func random(
    outcomes: Int, groups: Int, using generator: inout some RandomNumberGenerator
  ) -> Grouping {
    Grouping(
      group: (0..<outcomes).map { x in
        x < groups ? x : Int.random(in: 0..<groups, using: &generator)
      }, count: groups)
  }
}

/// A noisy channel: row x is the distribution of what comes out when x goes in.
/// Data processing (eq. 1.6): D(PK ‖ QK) ≤ D(P ‖ Q) for any channel K.
func passed(_ p: Discrete, through channel: [Discrete]) -> Discrete {
  Discrete(
    weights: (0..<channel[0].count).map { y in
      zip(p.probabilities, channel).reduce(0) { $0 + $1.0 * $1.1.probabilities[y] }
    })
}

/// What the channel loses, in nats, exact: by eq. 1.5 for the pair (y, x),
///   D(P ‖ Q) − D(PK ‖ QK) = E_{PK(y)}[D(P(x|y) ‖ Q(x|y))] ≥ 0, with P(x|y) ∝ P(x) K(y|x).
func loss(_ p: Discrete, relativeTo q: Discrete, through channel: [Discrete]) -> Double {
  passed(p, through: channel).probabilities.enumerated().reduce(0) { sum, output in
    let (y, probability) = output
    let given = [p, q].map { input in
      Discrete(weights: zip(input.probabilities, channel).map { $0 * $1.probabilities[y] })
    }
    return sum + probability * klDivergence(given[0], relativeTo: given[1])
  }
}

extension Chapter1 {
  static func showCoarseGraining(in notebook: Notebook) {
    notebook.section("1.6", "Coarse-graining never increases D")
    notebook.text(
      """
      Merge outcomes, or send them through a noisy channel, and two distributions can only become \
      harder to tell apart. What merging loses is exactly the average divergence within the \
      groups; it is nothing if within each group P and Q are proportional.
      """)
    let groupings: [(String, Grouping)] = [
      ("six faces", Grouping(group: [0, 1, 2, 3, 4, 5], count: 6)),
      ("1 2 3 | 4 5 | 6", Grouping(group: [0, 0, 0, 1, 1, 2], count: 3)),
      ("not 6 | 6", Grouping(group: [0, 0, 0, 0, 0, 1], count: 2)),
      ("odd | even", Grouping(group: [0, 1, 0, 1, 0, 1], count: 2)),
      ("nothing is told", Grouping(group: [0, 0, 0, 0, 0, 0], count: 1)),
    ]
    notebook.table(
      ["loaded against fair die, seen as", "D(P(g)‖Q(g))", "lost within groups"],
      groupings.map { name, grouping in
        let (p, q) = (grouping.coarsened(Dice.loaded), grouping.coarsened(Dice.fair))
        return [
          name, klDivergence(p, relativeTo: q).decimals(6),
          grouping.loss(Dice.loaded, relativeTo: Dice.fair).decimals(6),
        ]
      })
    notebook.check(
      .worst(
        of: groupings.map { name, grouping in
          let coarse = grouping.coarsened(Dice.loaded)
          return .exact(
            "1.6", "the dice's groups: what is kept + what is lost = D(P‖Q)",
            klDivergence(coarse, relativeTo: grouping.coarsened(Dice.fair))
              + grouping.loss(Dice.loaded, relativeTo: Dice.fair),
            Dice.byHand[0], allowance: rounding(log(12)))
        }))
    var generator = Threefry(seed: notebook.seed, row: 6)
    let merged = (0..<2000).map { _ in mergingChecks(using: &generator) }
    notebook.check(.worst(of: merged.map(\.bound)))
    notebook.check(.worst(of: merged.map(\.exact)))
    let sent = (0..<2000).map { _ in channelChecks(using: &generator) }
    notebook.check(.worst(of: sent.map(\.bound)))
    notebook.check(.worst(of: sent.map(\.exact)))
    notebook.check(
      .exact(
        "1.6", "1 2 3 | 4 5 | 6 loses nothing of the two dice",
        divergenceByDefinition(Dice.loaded, relativeTo: Dice.fair),
        klDivergence(
          groupings[1].1.coarsened(Dice.loaded), relativeTo: groupings[1].1.coarsened(Dice.fair)),
        allowance: rounding(log(6))))
  }

  private static func mergingChecks(
    using generator: inout some RandomNumberGenerator
  ) -> (bound: Check, exact: Check) {
    let (p, q) = randomPair(.ordinary, using: &generator)
    let grouping = Grouping.random(
      outcomes: p.count, groups: Int.random(in: 1..<p.count, using: &generator), using: &generator)
    let fine = klDivergence(p, relativeTo: q)
    let coarse = klDivergence(grouping.coarsened(p), relativeTo: grouping.coarsened(q))
    return (
      .bound("1.6", "D(P(g)‖Q(g)) ≤ D(P(x)‖Q(x)), random groups", lower: coarse, upper: fine),
      .exact(
        "1.6", "D(P(x)‖Q(x)) − D(P(g)‖Q(g)) = E_P D(P(x|g)‖Q(x|g))",
        divergenceByDefinition(p, relativeTo: q)
          - divergenceByDefinition(grouping.coarsened(p), relativeTo: grouping.coarsened(q)),
        grouping.loss(p, relativeTo: q),
        allowance: roundingOfDifference(p, relativeTo: q))
    )
  }

  /// Of two divergences, neither entropy of the coarser being larger than the finer's.
  private static func roundingOfDifference(_ p: Discrete, relativeTo q: Discrete) -> Double {
    roundingOfDivergence(p, relativeTo: q) + roundingOfDivergence(p, relativeTo: q)
  }

  private static func channelChecks(
    using generator: inout some RandomNumberGenerator
  ) -> (bound: Check, exact: Check) {
    let (p, q) = randomPair(.ordinary, using: &generator)
    let outputs = Int.random(in: 2...8, using: &generator)
    let channel = (0..<p.count).map { _ in
      Discrete(weights: randomWeights(outputs, sharpness: 2, using: &generator))
    }
    let (pk, qk) = (passed(p, through: channel), passed(q, through: channel))
    return (
      .bound(
        "1.6", "D(PK‖QK) ≤ D(P‖Q), random channels K",
        lower: klDivergence(pk, relativeTo: qk), upper: klDivergence(p, relativeTo: q)),
      .exact(
        "1.6", "D(P‖Q) − D(PK‖QK) = E_P D(P(x|y)‖Q(x|y))",
        divergenceByDefinition(p, relativeTo: q) - divergenceByDefinition(pk, relativeTo: qk),
        loss(p, relativeTo: q, through: channel), allowance: roundingOfDifference(p, relativeTo: q))
    )
  }
}
