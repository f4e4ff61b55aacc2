import Foundation
import Testing
import TinyNumerics

/// Golden values: `scipy.stats.entropy` for the first test; elsewhere `mpmath` at 40 digits,
/// `sum(p * log(p / q))` with every probability the exact value of its `Double`.
@Suite("finite distributions")
struct DiscreteTests {
  private let p = Discrete(probabilities: [0.1, 0.2, 0.3, 0.4])
  private let q = Discrete(probabilities: [0.4, 0.3, 0.2, 0.1])

  @Test("entropy, cross-entropy and divergence, golden; eq. 1.1: D = H(P, Q) − H(P)")
  func golden() {
    #expect(relativeError(p.entropy, 1.2798542258336676) <= 8 * ulp)
    #expect(relativeError(p.crossEntropy(relativeTo: q), 1.7362890449804511) <= 8 * ulp)
    #expect(relativeError(klDivergence(p, relativeTo: q), 0.45643481914678347) <= 8 * ulp)
    #expect(p.logProbability(2) == log(0.3))
  }

  @Test("eq. 1.2: nearly equal distributions keep their digits")
  func nearlyEqual() {
    let uniform = Discrete(probabilities: [0.25, 0.25, 0.25, 0.25])
    let d = 0x1p-30
    let near = Discrete(probabilities: [0.25 + d, 0.25 - d, 0.25 + 2 * d, 0.25 - 2 * d])
    #expect(
      relativeError(klDivergence(uniform, relativeTo: near), 1.7347234759768071353e-17) <= 8 * ulp)
    // The other way the ratios are rounded, by ½ε beside deviations of 8d.
    #expect(
      relativeError(klDivergence(near, relativeTo: uniform), 1.7347234759768071081e-17)
        <= 2 * ulp / d)
    #expect(klDivergence(p, relativeTo: p) == 0)
  }

  @Test("eq. 1.2: D ≥ 0 for random pairs, nearly equal and nearly degenerate ones included")
  func nonNegative() {
    var generator = Threefry(seed: 6)
    for round in 0..<3000 {
      let count = 2 + round % 63
      let sharpness = [0.1, 3, 60][round % 3]
      let weights = (0..<count).map { _ in exp(sharpness * generator.normal()) }
      let nudge = [1e-12, 1e-4, 1][round / 3 % 3]
      let other = weights.map { $0 * (1 + nudge * generator.uniform()) }
      let (p, q) = (Discrete(weights: weights), Discrete(weights: other))
      let divergence = klDivergence(p, relativeTo: q)
      #expect(divergence >= 0)
      let plain = p.crossEntropy(relativeTo: q) - p.entropy
      #expect(abs(divergence - plain) <= 128 * ulp * (1 + p.crossEntropy(relativeTo: q)))
    }
  }

  @Test("eq. 1.4: outcomes that one of the two excludes")
  func supports() {
    let half = Discrete(probabilities: [0.5, 0.5, 0])
    let certain = Discrete(probabilities: [0, 1, 0])
    #expect(klDivergence(certain, relativeTo: half) == log(2))
    #expect(klDivergence(half, relativeTo: certain) == .infinity)
    #expect(half.crossEntropy(relativeTo: certain) == .infinity)
    #expect(certain.entropy == 0 && certain.logProbability(0) == -.infinity)
    #expect(klDivergence(certain, relativeTo: certain) == 0)
    #expect(Discrete(probabilities: [1]).entropy == 0)
  }

  @Test("probabilities at the very ends of Double")
  func extremes() {
    let tiny = Double.leastNonzeroMagnitude
    let half = Discrete(probabilities: [0.5, 0.5])
    let a = Discrete(probabilities: [tiny, 1])
    #expect(relativeError(klDivergence(a, relativeTo: half), 0.69314718055994530942) <= 4 * ulp)
    let b = Discrete(probabilities: [0.9, 0.1])
    #expect(
      relativeError(
        klDivergence(b, relativeTo: Discrete(probabilities: [tiny, 1])), 669.67098175585170439)
        <= 4 * ulp)
    let almost = Discrete(probabilities: [1 - 0x1p-53, 0x1p-53])
    #expect(
      relativeError(klDivergence(almost, relativeTo: half), 0.69314718055994111979) <= 4 * ulp)
    #expect(relativeError(klDivergence(half, relativeTo: almost), 17.675253104278605446) <= 4 * ulp)
  }

  @Test("samples have the probabilities")
  func samples() {
    var generator = Threefry(seed: 7)
    var counts = [0, 0, 0, 0]
    for _ in 0..<40_000 { counts[p.sample(using: &generator)] += 1 }
    #expect(GoodnessOfFit.chiSquare(counts: counts, under: p).z > -5)
    #expect(GoodnessOfFit.chiSquare(counts: counts, under: q).z < -5)
  }

  @Test("weights are normalised; what is no distribution is refused")
  func construction() async {
    #expect(Discrete(weights: [1, 3]).probabilities == [0.25, 0.75])
    await #expect(processExitsWith: .failure) { _ = Discrete(probabilities: []) }
    await #expect(processExitsWith: .failure) { _ = Discrete(probabilities: [0.5, 0.6]) }
    await #expect(processExitsWith: .failure) { _ = Discrete(probabilities: [1.5, -0.5]) }
    await #expect(processExitsWith: .failure) { _ = Discrete(probabilities: [.nan, 1]) }
    await #expect(processExitsWith: .failure) { _ = Discrete(weights: [0, 0]) }
  }
}
