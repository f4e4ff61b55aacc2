import Foundation
import Testing
import TinyNumerics

@testable import chapter1

/// Golden values: `mpmath` at 30 digits, `sum(p * log(p / q))`.
@Suite("divergences of discrete distributions")
struct DiscreteTests {
  @Test("eq. 1.1: the dice, golden, by the definition, by entropies and in the library")
  func dice() {
    let (p, q) = (Dice.loaded, Dice.fair)
    for divergence in [
      divergenceByDefinition(p, relativeTo: q), divergenceByEntropies(p, relativeTo: q),
      klDivergence(p, relativeTo: q),
    ] { #expect(relativeError(divergence, 0.20850100980757828314) <= 16 * ulp) }
    #expect(
      relativeError(divergenceByDefinition(q, relativeTo: p), 0.19385846830094681051) <= 16 * ulp)
    #expect(
      relativeError(divergenceByEntropies(q, relativeTo: p), 0.19385846830094681051) <= 16 * ulp)
    #expect(relativeError(Dice.byHand[0], 0.20850100980757828314) <= 16 * ulp)
    #expect(relativeError(Dice.backwardsByHand, 0.19385846830094681051) <= 16 * ulp)
  }

  @Test(
    "eq. 1.1: definition = entropies = library, random pairs of every kind",
    arguments: PairKind.allCases)
  func definition(kind: PairKind) {
    var generator = Threefry(seed: 1)
    for _ in 0..<500 {
      let (p, q) = randomPair(kind, using: &generator)
      let divergence = klDivergence(p, relativeTo: q)
      let allowance = 64 * ulp * (1 + p.crossEntropy(relativeTo: q) + p.entropy)
      #expect(abs(divergenceByDefinition(p, relativeTo: q) - divergence) <= allowance)
      #expect(abs(divergenceByEntropies(p, relativeTo: q) - divergence) <= allowance)
    }
  }

  @Test("eq. 1.2: the tangent's terms are not negative and sum to D", arguments: PairKind.allCases)
  func tangent(kind: PairKind) {
    var generator = Threefry(seed: 2)
    for _ in 0..<500 {
      let (p, q) = randomPair(kind, using: &generator)
      let terms = tangentTerms(p, relativeTo: q)
      #expect(terms.allSatisfy { $0 >= 0 } && terms.count == p.count)
      let plain = divergenceByDefinition(p, relativeTo: q)
      #expect(abs(terms.reduce(0, +) - plain) <= 64 * ulp * (1 + p.crossEntropy(relativeTo: q)))
    }
    let excluded = tangentTerms(
      Discrete(probabilities: [1, 0]), relativeTo: Discrete(probabilities: [0.5, 0.5]))
    #expect(excluded[1] == 0.5 && relativeError(excluded[0], log(2) - 0.5) <= 8 * ulp)
  }

  /// mpmath, by hand: P = (½, ½), Q = (0.501, 0.499): ½ (2 · 0.001²/½) = 2e-6.
  @Test("eq. 1.2: near P the divergence is ½ Σ (Q − P)²/P, as near as it says")
  func quadratic() {
    let (p, q) = (Discrete(weights: [1, 1]), Discrete(probabilities: [0.501, 0.499]))
    let (value, error) = quadraticDivergence(p, relativeTo: q)
    #expect(relativeError(value, 2e-6) <= 1e-12)
    #expect(error > 2 * 0.002 / 3 && error < 1.4e-3)
    var generator = Threefry(seed: 3)
    for _ in 0..<500 {
      let (p, q) = randomPair(.nearlyEqual, using: &generator)
      let (value, error) = quadraticDivergence(p, relativeTo: q)
      #expect(value > 0 && relativeError(klDivergence(p, relativeTo: q), value) <= error)
      #expect(error < 0.02)
    }
  }

  @Test("eqs. 1.2, 1.4: thinned, about a third of the outcomes are gone, the first never")
  func thinning() {
    var generator = Threefry(seed: 6)
    let p = Discrete(weights: (1...3000).map(Double.init))
    let kept = thinned(p, using: &generator)
    let zeros = kept.probabilities.count { $0 == 0 }
    #expect(kept.probabilities[0] > 0 && abs(zeros - 1000) < 130)
    let ratios = zip(kept.probabilities, p.probabilities).map { $0 / $1 }.filter { $0 > 0 }
    #expect(ratios.max()! - ratios.min()! <= 1e-12)
  }

  @Test("eq. 1.2: a tilted coin, from 2⁻² to 2⁻⁵⁰", arguments: [2, 5, 12, 30, 50])
  func tiltedCoin(power: Int) {
    let delta = pow(2, -Double(power))
    let tilted = Discrete(probabilities: [0.5 + delta, 0.5 - delta])
    let divergence = klDivergence(Discrete(weights: [1, 1]), relativeTo: tilted)
    #expect(relativeError(divergence, divergenceFromTiltedCoin(delta)) <= 16 * ulp)
    #expect(relativeError(divergence, 2 * delta * delta) <= 4 * delta * delta + 16 * ulp)
    // mpmath: -log(1 - 4 * d * d) / 2 at d = 1/4 and 2⁻³⁰
    #expect(relativeError(divergenceFromTiltedCoin(0.25), 0.14384103622589046372) <= 4 * ulp)
    #expect(relativeError(divergenceFromTiltedCoin(0x1p-30), 1.7347234759768070974e-18) <= 4 * ulp)
  }

  @Test("what rounding may do is a few hundred units in the last place, and grows with the terms")
  func allowance() {
    #expect(rounding(0) == 0 && rounding(6) == 6 * rounding(1))
    #expect(rounding(1) > 64 * ulp && rounding(1) < 1e-12)
  }

  @Test("random pairs are what their kind says")
  func pairs() {
    var generator = Threefry(seed: 4)
    var counts: Set<Int> = []
    for kind in PairKind.allCases {
      let pairs = (0..<500).map { _ in randomPair(kind, using: &generator) }
      counts.formUnion(pairs.map(\.p.count))
      let near = pairs.map { klDivergence($0.p, relativeTo: $0.q) }.max() ?? .nan
      #expect((near < 1e-3) == kind.isNearlyEqual)
      let peaked = pairs.count { ($0.p.probabilities.max() ?? 0) > 0.99 }
      #expect((peaked > 250) == kind.isNearlyDegenerate)
    }
    #expect(counts.min() == 2 && counts.max() == 64)
  }

  @Test("the weights of nearly equal pairs move by at most a hundredth, up and down")
  func moved() {
    var generator = Threefry(seed: 7)
    var (up, down, largest) = (0, 0, 0.0)
    for _ in 0..<200 {
      let (p, q) = randomPair(.nearlyEqual, using: &generator)
      for (a, b) in zip(p.probabilities, q.probabilities) {
        if b > a { up += 1 } else if b < a { down += 1 }
        largest = max(largest, abs(b / a - 1))
      }
    }
    #expect(abs(up - down) < up / 5 && largest > 2e-3 && largest < 2.1e-2)
  }

  @Test("eq. 1.4: supports; 0·log 0 counts 0, P = 0 < Q costs nothing, P > 0 = Q costs +∞")
  func supports() {
    let p = Discrete(probabilities: [0.5, 0, 0.5, 0])
    let q = Discrete(probabilities: [0.25, 0.25, 0.25, 0.25])
    #expect(relativeError(divergenceOnSupport(p, relativeTo: q), log(2)) <= 4 * ulp)
    #expect(relativeError(divergenceByDefinition(p, relativeTo: q), log(2)) <= 4 * ulp)
    #expect(divergenceByDefinition(q, relativeTo: p) == .infinity)
    // Moving Q's mass about outside P's support changes nothing.
    for share in [0, 0.1, 0.5] {
      let moved = Discrete(probabilities: [0.25, share, 0.25, 0.5 - share])
      #expect(relativeError(klDivergence(p, relativeTo: moved), log(2)) <= 4 * ulp)
    }
  }

  @Test("eq. 1.4: a nearly certain Q costs ½ log(1/ε), golden at ε = 10⁻³⁰⁰")
  func nearlyCertain() {
    // mpmath: -(log(4 * mpf(1e-300)) + log1p(-mpf(1e-300))) / 2
    #expect(relativeError(divergenceFromNearlyCertain(1e-300), 344.69461676854690728) <= 4 * ulp)
    #expect(divergenceFromNearlyCertain(0.5) == 0)
    let q = Discrete(probabilities: [0.9, 0.1])
    #expect(
      relativeError(
        divergenceFromNearlyCertain(0.1),
        divergenceByDefinition(Discrete(weights: [1, 1]), relativeTo: q))
        <= 8 * ulp)
  }

  @Test("eq. 1.12: total variation ≤ √(D/2); sharp, so that no smaller constant would do")
  func pinsker() {
    var generator = Threefry(seed: 5)
    for _ in 0..<2000 {
      let (p, q) = randomPair(.ordinary, using: &generator)
      let divergence = klDivergence(p, relativeTo: q)
      #expect(totalVariation(p, q) <= pinskerBound(divergence))
      #expect(totalVariation(p, q) == totalVariation(q, p))
    }
    let (p, q) = (Discrete(probabilities: [1, 0]), Discrete(probabilities: [0.25, 0.75]))
    #expect(totalVariation(p, q) == 0.75)
    #expect(pinskerBound(8) == 2)
    for delta in [0.1, 0.01, 0.001] {
      let tilted = Discrete(probabilities: [0.5 + delta, 0.5 - delta])
      let bound = pinskerBound(klDivergence(Discrete(weights: [1, 1]), relativeTo: tilted))
      #expect(bound > delta && bound < delta * (1 + 2 * delta * delta))
    }
  }

  @Test("eq. 1.12: unit Gaussians, golden and by quadrature")
  func pinskerGaussian() {
    // mpmath: erf(m / (2 sqrt 2))
    #expect(relativeError(totalVariationOfShift(1), 0.38292492254802620728) <= 4 * ulp)
    #expect(relativeError(totalVariationOfShift(4), 0.95449973610364158560) <= 4 * ulp)
    for m in [0.01, 0.3, 1, 2.5, 6] {
      let integral = totalVariationOfShiftByQuadrature(m)
      #expect(abs(integral.value - totalVariationOfShift(m)) <= integral.error + 16 * ulp)
      #expect(integral.error <= 1e-10)
      #expect(totalVariationOfShift(m) <= pinskerBound(ShiftedNormal.divergence(m)))
    }
  }
}
