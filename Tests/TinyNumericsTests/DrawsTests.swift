import Foundation
import Testing
import TinyNumerics

@Suite("draws")
struct DrawsTests {
  private let ones = UInt64.max

  @Test("uniform: chosen words give k·2⁻⁵³, never 1")
  func uniformOfChosenWords() {
    for (word, exact) in [
      (0, 0), (0x7ff, 0), (0x800, 0x1p-53), (1 << 63, 0.5), (ones, 1 - 0x1p-53),
    ] {
      var generator = ChosenWords(word)
      #expect(generator.uniform() == exact)
    }
  }

  @Test("uniform: mean, mean square, correlation of neighbours, Kolmogorov's distance")
  func uniformDistribution() {
    var generator = Threefry(seed: 3)
    let draws = (0..<50_000).map { _ in generator.uniform() }
    #expect(standardErrorsOff(Estimate(draws), 0.5) < 5)
    #expect(standardErrorsOff(Estimate(draws.map { $0 * $0 }), 1.0 / 3) < 5)
    let products = zip(draws, draws.dropFirst()).map { ($0 - 0.5) * ($1 - 0.5) }
    #expect(standardErrorsOff(Estimate(products), 0) < 5)
    #expect(kolmogorovStatistic(draws) { $0 } < 2.225)
  }

  @Test("normal: chosen words give the radius and the angle of Box and Muller")
  func normalOfChosenWords() {
    // u = ½: radius √(2 log 2) = 1.1774100225154747 (mpmath); angles 0, ⅛, ¼, ⅜ and ½ of a turn.
    let radius = 1.1774100225154747
    for (turn, cosine) in [(0, 1), (1, 0.5.squareRoot()), (2, 0), (3, -0.5.squareRoot()), (4, -1)] {
      var generator = ChosenWords(1 << 63, UInt64(turn) << 61)
      #expect(abs(generator.normal() - radius * cosine) <= 4 * ulp)
    }
  }

  @Test("normal: no bits give an infinite draw; the largest is √(106 log 2) = 8.571674348652905")
  func normalIsFinite() {
    let largest = 8.571674348652905
    for first in [0, 1, 0x7ff, 0x800, 1 << 63, ones - 0x800, ones] {
      for second in [0, 0x800, 1 << 62, 1 << 63, 3 << 62, ones] {
        var generator = ChosenWords(first, second)
        let z = generator.normal()
        #expect(z.isFinite && abs(z) <= largest * (1 + ulp))
      }
    }
    var generator = ChosenWords(ones, 0)
    #expect(relativeError(generator.normal(), largest) <= 2 * ulp)
    generator = ChosenWords(0, 0)
    #expect(generator.normal() == 0)
  }

  @Test("normal: moments 0, 1, 0, 3, no correlation, Kolmogorov's distance, and the tails")
  func normalDistribution() {
    var generator = Threefry(seed: 4)
    let draws = (0..<100_000).map { _ in generator.normal() }
    for (power, moment) in [(1, 0), (2, 1), (3, 0), (4, 3), (6, 15)] {
      let powers = draws.map { pow($0, Double(power)) }
      #expect(standardErrorsOff(Estimate(powers), Double(moment)) < 5)
    }
    let products = zip(draws, draws.dropFirst()).map { $0 * $1 }
    #expect(standardErrorsOff(Estimate(products), 0) < 5)
    let cumulative = { (z: Double) in 0.5 * erfc(-z / 2.0.squareRoot()) }
    #expect(kolmogorovStatistic(Array(draws.prefix(50_000)), cumulative) < 2.225)
    // P(|z| > k) = erfc(k/√2), by mpmath: a binomial count with its own standard deviation.
    for (k, p) in [(1, 0.3173105078629141), (2, 0.045500263896358414), (3, 0.0026997960632601891)] {
      for sign in [-1.0, 1] {
        let count = Double(draws.count { sign * $0 > Double(k) })
        let n = Double(draws.count)
        #expect(abs(count - n * p / 2) < 5 * (n * p / 2 * (1 - p / 2)).squareRoot())
      }
    }
  }

  @Test("categorical: Pearson's χ² over four outcomes, one of them impossible, sum 7")
  func categoricalDistribution() {
    let weights = [3.5, 0, 1.4, 2.1]
    var generator = Threefry(seed: 5)
    var counts = [0.0, 0, 0, 0]
    for _ in 0..<50_000 { counts[generator.categorical(weights)] += 1 }
    #expect(counts[1] == 0)
    let statistic = [0, 2, 3].reduce(0) { sum, i in
      let expected = 50_000 * weights[i] / 7
      return sum + (counts[i] - expected) * (counts[i] - expected) / expected
    }
    #expect(statistic < 18.42)  // two degrees of freedom: scipy.stats.chi2.isf(1e-4, 2)
  }

  @Test("categorical: an impossible outcome is never drawn, not even by the first and last uniform")
  func categoricalAtTheEnds() {
    var first = ChosenWords(0)
    var last = ChosenWords(ones)
    for weights in [[0.3, 0.7], [0.1, 0.2, 0.7], [1, 2], [1e-300, 1e-300], [1e300, 1e300]] {
      let padded = [0, 0] + weights + [0, 0]  // (rounding carries 0.3 + 0.7 past the end)
      #expect(first.categorical(padded) == 2)
      #expect(last.categorical(padded) == 1 + weights.count)
    }
    #expect(first.categorical([5]) == 0 && last.categorical([5]) == 0)
    #expect(first.categorical([0, 1]) == 1 && last.categorical([1, 0]) == 0)
  }

  @Test("categorical: cumulative sums decide, in steps of an eighth")
  func categoricalOfChosenWords() {
    let weights = [1.0, 2, 0, 5]
    let outcomes = (0..<8).map { eighth in
      var generator = ChosenWords(UInt64(eighth) << 61)
      return generator.categorical(weights)
    }
    #expect(outcomes == [0, 1, 1, 3, 3, 3, 3, 3])
  }

  @Test("categorical: nothing to draw from, a negative or undefined probability are refused")
  func categoricalPreconditions() async {
    await #expect(processExitsWith: .failure) {
      var generator = Threefry(seed: 0)
      _ = generator.categorical([])
    }
    await #expect(processExitsWith: .failure) {
      var generator = Threefry(seed: 0)
      _ = generator.categorical([2, -1])
    }
    await #expect(processExitsWith: .failure) {
      var generator = Threefry(seed: 0)
      _ = generator.categorical([1, .nan])
    }
  }
}
