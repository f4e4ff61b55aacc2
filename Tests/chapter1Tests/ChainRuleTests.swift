import Foundation
import Testing
import TinyNumerics

@testable import chapter1

@Suite("eqs. 1.5 and 1.6: joint and coarse divergences")
struct ChainRuleTests {
  /// Golden: `mpmath`, sums written out.
  @Test("eq. 1.5: weather and umbrella, golden")
  func golden() {
    let p = Joint(weights: [[0.40, 0.10], [0.05, 0.45]])
    let q = Joint(weights: [[0.30, 0.30], [0.20, 0.20]])
    let parts = divergenceByChainRule(p, relativeTo: q)
    #expect(relativeError(parts.marginal, 0.020410997260127564777) <= 64 * ulp)
    #expect(relativeError(parts.conditional, 0.28040448209512724990) <= 64 * ulp)
    #expect(p.marginal.probabilities.map { ($0 * 100).rounded() } == [50, 50])
    #expect(relativeError(p.conditional(on: 1).probabilities[0], 0.1) <= 4 * ulp)
  }

  @Test("eq. 1.5: joint = marginal + conditional, with zeros in P; the average is over P, not Q")
  func chainRule() {
    var generator = Threefry(seed: 6)
    for round in 0..<300 {
      let (rows, columns) = (2 + round % 5, 2 + round % 7)
      func joint(zeros: Bool) -> Joint {
        Joint(
          weights: (0..<rows).map { x in
            randomWeights(columns, using: &generator).enumerated().map { y, weight in
              zeros && (x == 1 || (x + y) % 3 == 1) ? 0 : weight
            }
          })
      }
      let (p, q) = (joint(zeros: round % 2 == 0), joint(zeros: false))
      let parts = divergenceByChainRule(p, relativeTo: q)
      let whole = klDivergence(p.flattened, relativeTo: q.flattened)
      #expect(abs(parts.marginal + parts.conditional - whole) <= 256 * ulp * (1 + whole))
      #expect(parts.marginal >= 0 && parts.conditional >= 0)
    }
  }

  @Test("eq. 1.5: an x that only Q excludes costs +∞")
  func excludedRow() {
    let p = Joint(weights: [[1, 1], [1, 1]])
    let q = Joint(weights: [[1, 1], [0, 0]])
    #expect(divergenceByChainRule(p, relativeTo: q).marginal == .infinity)
    #expect(divergenceByChainRule(q, relativeTo: p).marginal == log(2))
  }

  @Test("eq. 1.5: independent factors add up, and their conditional part is the second factor's D")
  func independent() {
    let p = (Discrete(weights: [1, 2, 3]), Discrete(weights: [5, 1]))
    let q = (Discrete(weights: [2, 2, 1]), Discrete(weights: [1, 3]))
    let joint = (Joint(independent: p.0, p.1), Joint(independent: q.0, q.1))
    let parts = divergenceByChainRule(joint.0, relativeTo: joint.1)
    #expect(relativeError(parts.marginal, klDivergence(p.0, relativeTo: q.0)) <= 64 * ulp)
    #expect(relativeError(parts.conditional, klDivergence(p.1, relativeTo: q.1)) <= 64 * ulp)
  }

  @Test("eq. 1.5: for Gaussians, against the closed form with full covariance")
  func gaussians() {
    let (a, b) = (GaussianPair.example.q, GaussianPair.example.p)
    for (q, p) in [(a, b), (b, a), (a, a)] + GaussianPair.planarExamples {
      let parts = divergenceByChainRule(q, relativeTo: p)
      let whole = klDivergence(q, relativeTo: p)
      #expect(abs(parts.marginal + parts.conditional - whole) <= 1000 * ulp * (1 + whole))
      #expect(parts.conditional >= 0)
    }
  }

  @Test("eq. 1.6: merging loses the divergence within groups; never less than 0")
  func merging() {
    var generator = Threefry(seed: 7)
    for _ in 0..<500 {
      let (p, q) = randomPair(.ordinary, using: &generator)
      let groups = Int.random(in: 1...p.count, using: &generator)
      let grouping = Grouping.random(outcomes: p.count, groups: groups, using: &generator)
      let coarse = (grouping.coarsened(p), grouping.coarsened(q))
      #expect(coarse.0.count == groups && Set(grouping.group).count == groups)
      let fine = klDivergence(p, relativeTo: q)
      let loss = grouping.loss(p, relativeTo: q)
      #expect(loss >= 0)
      #expect(
        abs(klDivergence(coarse.0, relativeTo: coarse.1) + loss - fine) <= 256 * ulp * (1 + fine))
    }
  }

  @Test("eq. 1.6: nothing is lost within groups of proportional P and Q, everything in one group")
  func extremes() {
    let (p, q) = (Dice.loaded, Dice.fair)
    let sufficient = Grouping(group: [0, 0, 0, 1, 1, 2], count: 3)
    #expect(sufficient.loss(p, relativeTo: q) <= 16 * ulp)
    #expect(Grouping(group: [0, 1, 0, 1, 0, 1], count: 2).loss(p, relativeTo: q) > 0.1)
    let one = Grouping(group: [0, 0, 0, 0, 0, 0], count: 1)
    #expect(relativeError(one.loss(p, relativeTo: q), klDivergence(p, relativeTo: q)) <= 16 * ulp)
    #expect(sufficient.coarsened(q).probabilities.map { ($0 * 6).rounded() } == [3, 2, 1])
  }

  @Test("eq. 1.6: channels; the one that changes nothing, the one that tells nothing, a noisy one")
  func channels() {
    let (p, q) = (Discrete(weights: [1, 3]), Discrete(weights: [3, 1]))
    let identity = [Discrete(probabilities: [1, 0]), Discrete(probabilities: [0, 1])]
    #expect(passed(p, through: identity) == p)
    let deaf = [Discrete(weights: [1, 2, 5]), Discrete(weights: [1, 2, 5])]
    let silent = klDivergence(passed(p, through: deaf), relativeTo: passed(q, through: deaf))
    #expect(abs(silent) <= 16 * ulp && passed(p, through: deaf).count == 3)
    // A tenth of the bits flipped: (¼, ¾) becomes (0.3, 0.7).
    let noisy = [Discrete(probabilities: [0.9, 0.1]), Discrete(probabilities: [0.1, 0.9])]
    #expect(relativeError(passed(p, through: noisy).probabilities[0], 0.3) <= 4 * ulp)
    let after = klDivergence(passed(p, through: noisy), relativeTo: passed(q, through: noisy))
    #expect(relativeError(after, 0.4 * log(7 / 3.0)) <= 32 * ulp)
    #expect(after < klDivergence(p, relativeTo: q))
    // What the channel loses; the one that changes nothing loses nothing, the deaf one everything.
    let before = klDivergence(p, relativeTo: q)
    #expect(relativeError(loss(p, relativeTo: q, through: noisy), before - after) <= 64 * ulp)
    #expect(loss(p, relativeTo: q, through: identity) == 0)
    #expect(relativeError(loss(p, relativeTo: q, through: deaf), before) <= 64 * ulp)
  }
}
