import TinyNumerics

// What the tests of this target share.

/// The distance from 1 to the next `Double`: allowances are small multiples of it.
let ulp = Double.ulpOfOne

/// |value − exact| / |exact|; 0 for equal values, infinities included; ∞ where one is not a number.
func relativeError(_ value: Double, _ exact: Double) -> Double {
  if value == exact { return 0 }
  let error = abs(value - exact) / abs(exact)
  return error.isNaN ? .infinity : error
}

/// A "generator" that gives the chosen words, over and over.
struct ChosenWords: RandomNumberGenerator {
  private let words: [UInt64]
  private var used = 0

  init(_ words: UInt64...) { self.words = words }

  mutating func next() -> UInt64 {
    defer { used += 1 }
    return words[used % words.count]
  }
}

/// Kolmogorov's √n supₓ |F_n(x) − F(x)|. Over 2.225 in one run of 10,000:
/// `scipy.stats.kstwobign.isf(1e-4)`.
func kolmogorovStatistic(_ draws: [Double], _ cumulative: (Double) -> Double) -> Double {
  let n = Double(draws.count)
  var distance = 0.0
  for (index, draw) in draws.sorted().enumerated() {
    let expected = cumulative(draw)
    let below = expected - Double(index) / n
    let above = Double(index + 1) / n - expected
    distance = max(distance, below, above)
  }
  return n.squareRoot() * distance
}

/// |estimate − exact| in standard errors. By chance above 5 once in 2 million.
func standardErrorsOff(_ estimate: Estimate, _ exact: Double) -> Double {
  abs(estimate.mean - exact) / estimate.standardError
}
