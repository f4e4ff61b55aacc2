import Foundation
import Testing
import TinyNumerics

/// Golden values: `mpmath` at 60 digits, `log(sum(exp(mpf(x)) for x in values))`; for the mean,
/// less `log(len(values))`.
@Suite("log-sum-exp")
struct LogSumExpTests {
  static let golden: [(values: [Double], logSum: Double, logMean: Double)] = [
    ([-1.5], -1.5, -1.5),
    ([0.1, 0.2, 0.3], 1.3019428482292441, 0.20333055956113444),
    ([1000, 1000.5, 999], 1001.1041306053367, 1000.0055183166686),
    ([-1000, -1001, -1e4], -999.68673831248178, -1000.7853506011499),
    ([1e4, -1e4, 9999], 10000.313261687518, 9999.2146493988501),
    ([-0.5, -40], -0.49999999999999999, -1.1931471805599453),
  ]

  @Test("golden values, in any order, whole and term by term", arguments: golden)
  func goldenValues(values: [Double], logSum: Double, logMean: Double) {
    for ordered in [values, values.reversed(), values.sorted()] {
      #expect(relativeError(logSumExp(ordered), logSum) <= 4 * ulp)
      #expect(relativeError(runningSum(ordered), logSum) <= 4 * ulp)
      #expect(relativeError(logMeanExp(ordered), logMean) <= 8 * ulp)
    }
  }

  private let infinity = Double.infinity

  @Test("nothing, and terms of −∞, are log 0")
  func logarithmOfZero() {
    for values in [[], [-infinity], [-infinity, -infinity, -infinity]] {
      #expect(logSumExp(values) == -infinity)
      #expect(runningSum(values) == -infinity)
    }
    #expect(logMeanExp([-infinity, -infinity]) == -infinity)
    #expect(logSumExp([-infinity, 3, -infinity]) == 3)
    #expect(runningSum([-infinity, 3, -infinity]) == 3)
    #expect(relativeError(logMeanExp([-infinity, 3]), 3 - log(2)) <= 2 * ulp)
  }

  @Test("a term of +∞ wins, and so do two")
  func infiniteTerms() {
    for values in [
      [infinity], [1, infinity], [infinity, 1], [-infinity, infinity], [infinity, -infinity],
      [infinity, 2, infinity],
    ] {
      #expect(logSumExp(values) == infinity)
      #expect(runningSum(values) == infinity)
      #expect(logMeanExp(values) == infinity)
    }
  }

  @Test("a term that is not a number wins, wherever it stands")
  func notANumber() {
    for others in [[], [1, 2], [-infinity], [infinity], [-infinity, infinity]] {
      for place in 0...others.count {
        var values = others
        values.insert(.nan, at: place)
        #expect(logSumExp(values).isNaN, "\(values)")
        #expect(logMeanExp(values).isNaN, "\(values)")
        #expect(runningSum(values).isNaN, "\(values)")
      }
    }
  }

  @Test("the running sum agrees with the sum at every step")
  func runningSumAgrees() {
    var generator = Threefry(seed: 1)
    var running = LogSum()
    var values: [Double] = []
    for _ in 0..<300 {
      let value = 40 * generator.normal()
      running.add(value)
      values.append(value)
      // The scaled sum was rounded, and multiplied by a rounded exponential, once a term.
      let allowance = Double(values.count) * ulp * (1 + abs(running.value))
      #expect(abs(running.value - logSumExp(values)) <= allowance)
    }
  }

  @Test("a common factor comes out: log Σ e^{x + c} = c + log Σ eˣ")
  func shift() {
    let values = [0.3, -1.2, 2.5, 0]
    for c in [-1e4, -700, 0.1, 700, 1e4] {
      let shifted = logSumExp(values.map { $0 + c })
      #expect(relativeError(shifted, c + logSumExp(values)) <= 4 * ulp)
    }
  }

  @Test("the mean of nothing is refused")
  func meanOfNothing() async {
    await #expect(processExitsWith: .failure) { _ = logMeanExp([Double]()) }
  }

  private func runningSum(_ values: [Double]) -> Double {
    var sum = LogSum()
    for value in values { sum.add(value) }
    return sum.value
  }
}
