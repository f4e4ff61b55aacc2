import Foundation
import Testing
import TinyNumerics

@Suite("Monte Carlo estimates")
struct EstimateTests {
  @Test("a small sample by hand: 2, 4, 4, 4, 5, 5, 7, 9 has mean 5 and variance 32/7")
  func byHand() {
    let estimate = Estimate([2, 4, 4, 4, 5, 5, 7, 9])
    #expect(estimate.count == 8)
    #expect(estimate.mean == 5)
    #expect(relativeError(estimate.variance, 32.0 / 7) <= 4 * ulp)
    #expect(relativeError(estimate.standardError, (4.0 / 7).squareRoot()) <= 4 * ulp)
  }

  @Test("none, one and two values")
  func fewValues() {
    let none = Estimate()
    #expect(none.count == 0 && none.mean == 0)
    #expect(none.variance.isNaN && none.standardError.isNaN)
    let one = Estimate([0.1])
    #expect(one.count == 1 && one.mean == 0.1)
    #expect(one.variance.isNaN && one.standardError.isNaN)
    let two = Estimate([1, 2])
    #expect(two.mean == 1.5 && two.variance == 0.5 && two.standardError == 0.5)
    #expect(Estimate([3, 3, 3]).standardError == 0)
  }

  @Test("small noise on 10⁹ keeps its variance: 10⁹ + {4, 7, 13, 16} has variance 30")
  func hugeOffset() {
    let estimate = Estimate([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16])
    #expect(estimate.mean == 1e9 + 10)
    // Four deviations of up to 9, each off by up to ulp(10⁹) = 1.2e-7: 4 · 2 · 9 · 1.2e-7 / 3.
    #expect(abs(estimate.variance - 30) <= 3e-6)
  }

  /// 10⁹, 10⁹ + δ, …, 10⁹ + (n − 1) δ: exact in `Double`, with variance n (n + 1) δ² / 12.
  private static let ladder = (0..<1000).map { 1e9 + Double($0 * 617 % 1000) * 0x1p-10 }
  private static let ladderMean = 1e9 + 999 * 0x1p-11
  private static let ladderVariance = 1000.0 * 1001 / 12 * 0x1p-20

  @Test("a ladder on 10⁹: all at once and one by one")
  func ladder() {
    let ladder = EstimateTests.ladder
    let whole = Estimate(ladder)
    expectLadder(whole)
    var next = ladder.makeIterator()
    #expect(Estimate(draws: ladder.count) { next.next()! } == whole)
  }

  private func expectLadder(_ estimate: Estimate) {
    // Step k may round the mean by half of ulp(10⁹), 2⁻²⁴, of which k/n is left at the end:
    // 500·2⁻²⁴ = 3e-5 at worst. A deviation of about 0.3 is off by as much, its square by twice
    // that.
    #expect(estimate.count == 1000)
    #expect(abs(estimate.mean - EstimateTests.ladderMean) <= 500 * 0x1p-24)
    #expect(relativeError(estimate.variance, EstimateTests.ladderVariance) <= 2e-4)
  }

  @Test("an error thrown by a draw comes through")
  func throwing() {
    struct Stop: Error {}
    #expect(throws: Stop.self) { try Estimate(draws: 3) { throw Stop() } }
  }

  @Test("the standard error is honest: (x̄ − µ)/se of 400 estimates have mean 0 and variance 1")
  func calibration() {
    var generator = Threefry(seed: 2)
    let scores = Estimate(draws: 400) {
      let estimate = Estimate(draws: 200) { generator.uniform() }
      return (estimate.mean - 0.5) / estimate.standardError
    }
    // Student's t with 199 degrees of freedom: variance 199/197; its estimate has error √(2/400).
    #expect(standardErrorsOff(scores, 0) < 5)
    #expect(abs(scores.variance - 199.0 / 197) < 5 * (2.0 / 400).squareRoot())
  }
}
