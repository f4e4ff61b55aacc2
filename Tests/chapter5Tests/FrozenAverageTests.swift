import Foundation
import Testing
import TinyNumerics

@testable import chapter5

@Suite("eq. 5.6: common random numbers")
struct FrozenAverageTests {
  private func noise(_ count: Int = 50) -> [Double] {
    var generator = Threefry(seed: 56)
    return (0..<count).map { _ in generator.normal() }
  }

  @Test(
    "f of degree 2: the difference is the pathwise estimate for any h", arguments: [3, 0.5, 1e-3])
  func quadratic(h: Double) {
    let frozen = FrozenAverage(f: .square, noise: noise())
    for q in guideGrid {
      let (difference, pathwise) = (frozen.centralDifference(q, step: h), frozen.pathwise(q))
      let size = square(abs(q.mean) + h + 3 * (q.standardDeviation + h))
      for parameter in Parameter.allCases {
        #expect(abs(difference[parameter] - pathwise[parameter]) <= 200 * ulp * size / h)
      }
      // By hand: ∂_µ = 2µ + 2σ ⟨ε⟩, ∂_σ = 2µ⟨ε⟩ + 2σ⟨ε²⟩
      let (e1, e2) = (frozen.average { $0 }, frozen.average { $0 * $0 })
      #expect(abs(pathwise.mean - 2 * (q.mean + q.standardDeviation * e1)) < 1e-12)
      let bySigma = 2 * (q.mean * e1 + q.standardDeviation * e2)
      #expect(abs(pathwise.standardDeviation - bySigma) < 1e-11)
    }
  }

  @Test("f of degree 3: they differ by h² (times ⟨ε³⟩ in σ) exactly", arguments: [1, 0.25])
  func cubic(h: Double) {
    let frozen = FrozenAverage(f: .cubic, noise: noise())
    for q in guideGrid {
      let (difference, pathwise) = (frozen.centralDifference(q, step: h), frozen.pathwise(q))
      let thirdMoment = frozen.average { $0 * $0 * $0 }
      #expect(abs(difference.mean - pathwise.mean - h * h) < 1e-11)
      let bySigma = difference.standardDeviation - pathwise.standardDeviation
      #expect(abs(bySigma - h * h * thirdMoment) < 1e-10)
    }
  }

  @Test("f = sin z: the error is h²/6 ⟨f‴⟩ to the next term, and falls by 4 when h halves")
  func halving() {
    let frozen = FrozenAverage(f: .sine, noise: noise())
    for h in [0.5, 0.1, 0.02] {
      for parameter in Parameter.allCases {
        let (lhs, rhs, allowance) = Chapter5.sineDifferenceCase(frozen, parameter, step: h)
        #expect(abs(lhs - rhs) <= allowance)
        #expect(abs(rhs) > 5 * allowance, "the leading term leads")
        let half = Chapter5.sineDifferenceCase(frozen, parameter, step: h / 2).lhs
        #expect(abs(lhs / half - 4) < 2 * h * h + 1e-3)
      }
    }
  }

  @Test("fresh noise: the closed form of its scatter, by sampling; it grows as 1/h")
  func freshNoise() {
    let (q, h, n) = (Chapter5.guide, 0.4, 8)
    var generator = Threefry(seed: 57)
    let squares = Estimate(draws: 20_000) {
      let averages = [h, -h].map { shift in
        (0..<n).reduce(0) { sum, _ in
          sum + sin(q.mean + shift + q.standardDeviation * generator.normal())
        } / Double(n)
      }
      let exact = exp(-0.5 * q.variance) * (sin(q.mean + h) - sin(q.mean - h)) / (2 * h)
      return square((averages[0] - averages[1]) / (2 * h) - exact)
    }
    let deviation = freshNoiseDeviation(of: .sine, under: q, step: h, draws: n)
    #expect(abs(squares.mean - square(deviation)) < 5 * squares.standardError)
    let ratio =
      freshNoiseDeviation(of: .sine, under: q, step: 1e-4, draws: n)
      / freshNoiseDeviation(of: .sine, under: q, step: 1e-3, draws: n)
    #expect(abs(ratio - 10) < 1e-3)
    // mpmath: sqrt((var(sin(mu + h + s * e)) + var(sin(mu - h + s * e))) / 200) / (2 * h) at h =
    // 1/10, mu = 4/5, s = 3/5, each variance by `quad` of npdf(e) f and npdf(e) f².
    let golden = freshNoiseDeviation(of: .sine, under: q, step: 0.1, draws: 200)
    #expect(relativeError(golden, 0.19244725233053804663) < 1e-13)
    let closed = freshSineDeviation(under: q, step: 0.1, draws: 200)
    #expect(relativeError(closed, 0.19244725233053804663) < 1e-13)
  }
}
