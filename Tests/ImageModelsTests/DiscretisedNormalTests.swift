import Foundation
import Testing
import TinyNumerics

@testable import ImageModels

@Suite("eq. 6.7: a Gaussian's cells")
struct DiscretisedNormalTests {
  private func probability(_ k: Int, of count: Int, _ p: Normal) -> Double {
    exp(logProbability(ofCell: k, of: count, under: p))
  }

  /// What rounding costs: the difference of two logarithms, δ ≈ w/σ, is known to the last bits of
  /// the logarithms, and those in units of their own size.
  private func allowance(_ value: Double, count: Int, sigma: Double) -> Double {
    1e-13 * (abs(value) + 0.01) + 1e-15 * sigma * Double(count)
  }

  /// mpmath at 40 digits, t = (edge − µ)/σ of the doubles themselves, both t negated where a + b >
  /// 0: `log(erfc(-b/sqrt(2))/2 - erfc(-a/sqrt(2))/2)`.
  private static let golden: [(k: Int, count: Int, mean: Double, sigma: Double, value: Double)] = [
    (8, 17, 0.5, 0.1, -1.4639013992098215), (0, 17, 0.5, 0.1, -12.1810727341145062),
    (16, 17, 0.5, 0.1, -12.1810727341145062), (5, 17, 0.31, 0.01, -0.0577618980897550379),
    (3, 17, 0.9, 0.01, -2214.28547447533705), (14, 17, -0.3, 0.05, -256.496784389507613),
    (16, 17, 0.5, 0.01, -977.88970251866428), (0, 17, 0.999, 0.01, -4425.12151337019899),
    (1, 17, 40, 0.01, -7953019.59066556299), (15, 17, -40, 1, -840.407929720816708),
    (8, 17, 0.5, 100, -8.35732207766651183), (8, 17, 0.5, 10_000, -12.9624922492385133),
    (0, 2, 3, 0.1, -316.639408008020224), (1, 256, 0.7, 0.02, -603.369447200096588),
    (2, 17, 0.15, 0.3, -2.54982789938419828), (0, 1, 0.4, 0.2, 0),
  ]

  @Test("eq. 6.7: log P(cell), golden, far tails too", arguments: Self.golden)
  func goldenValues(k: Int, count: Int, mean: Double, sigma: Double, value: Double) {
    let p = Normal(mean: mean, standardDeviation: sigma)
    let computed = logProbability(ofCell: k, of: count, under: p)
    #expect(abs(computed - value) < allowance(value, count: count, sigma: sigma))
  }

  @Test("eq. 6.7: the cells sum to 1, wherever the mean is and however narrow the normal")
  func sum() {
    for count in [1, 2, 17, 256] {
      for mean in [-2, 0, 1 / 17.0, 0.03, 0.5, 0.97, 1, 3] {
        for sigma in [0.01, 0.1, 1, 30] {
          let p = Normal(mean: mean, standardDeviation: sigma)
          let sum = (0..<count).reduce(0) { $0 + probability($1, of: count, p) }
          #expect(abs(sum - 1) < 1e-14 * Double(count) + 1e-15 * sigma * Double(count))
        }
      }
    }
  }

  @Test("eq. 6.7: P(cell) = ∫ of the density over the cell, the outer ones to ±∞")
  func integral() {
    for (mean, sigma) in [(0.47, 0.3), (0.9, 0.05), (-0.1, 0.2), (1.3, 0.4), (0.5, 2)] {
      let p = Normal(mean: mean, standardDeviation: sigma)
      for k in 0..<5 {
        let lower = k == 0 ? min(mean, 0) - 40 * sigma : Double(k) / 5
        let upper = k == 4 ? max(mean, 1) + 40 * sigma : Double(k + 1) / 5
        // In pieces of the normal's own width, so that the rule sees the peak.
        let pieces = max(1, Int((upper - lower) / sigma))
        var (value, error) = (0.0, 0.0)
        for i in 0..<pieces {
          let width = (upper - lower) / Double(pieces)
          let left = lower + Double(i) * width
          let piece = integrate(over: left...left + width) { p.density($0) }
          (value, error) = (value + piece.value, error + piece.error)
        }
        #expect(error < 1e-10)
        #expect(abs(probability(k, of: 5, p) - value) <= error + 1e-13)
      }
    }
  }

  /// Half as many cells hold twice as much: the coarse-graining of eq. 1.6.
  @Test("eq. 6.7: two neighbours make one cell of half as many; mirrored, the cells change places")
  func neighbours() {
    var generator = Threefry(seed: 671)
    for _ in 0..<500 {
      let sigma = exp(2 * generator.normal() - 2)
      let p = Normal(mean: 0.5 + 0.5 * generator.normal(), standardDeviation: sigma)
      let k = Int(8 * generator.uniform())
      let pair = [2 * k, 2 * k + 1].map { logProbability(ofCell: $0, of: 16, under: p) }
      let whole = logProbability(ofCell: k, of: 8, under: p)
      #expect(abs(logSumExp(pair) - whole) < 10 * allowance(whole, count: 16, sigma: sigma))
      let mirrored = Normal(mean: 1 - p.mean, standardDeviation: sigma)
      let other = logProbability(ofCell: 7 - k, of: 8, under: mirrored)
      // 1 − µ is rounded: by an ulp, which a far tail multiplies by its slope t/σ.
      let slope = abs(Double(k) / 8 - p.mean) / (sigma * sigma) + 1 / sigma
      #expect(
        abs(other - whole) < 10 * allowance(whole, count: 8, sigma: sigma) + 1e-15 * slope)
    }
  }

  @Test("eq. 6.7: what the plain difference of Φ and the density times the width would say")
  func wrong() {
    let narrow = Normal(mean: 0.9, standardDeviation: 0.01)
    #expect(log(narrow.cdf(4.0 / 17) - narrow.cdf(3.0 / 17)) == -.infinity)
    // The last cell is open: P = Φ((0.9 − 16/17)/0.01).
    let last = Normal.standard.logCDF((0.9 - 16.0 / 17) / 0.01)
    #expect(abs(logProbability(ofCell: 16, of: 17, under: narrow) - last) < 1e-11)
    // At the peak of a normal narrower than the cell, density × width exceeds 1.
    let peak = Normal(mean: 8.5 / 17, standardDeviation: 0.01)
    #expect(peak.density(8.5 / 17) / 17 > 2)
    #expect(probability(8, of: 17, peak) < 1)
  }
}
