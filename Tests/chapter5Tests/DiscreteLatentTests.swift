import Foundation
import Testing
import TinyNumerics
import ToyModels

@testable import chapter5

@Suite("eq. 5.9: a discrete latent")
struct DiscreteLatentTests {
  /// `mpmath`, 40 digits: the finite sum, and its derivative by `diff`, at x = −0.4.
  @Test("ELBO, evidence and gradient, golden")
  func golden() {
    let guide = DiscreteGuide.example
    #expect(relativeError(guide.elbo, -3.44872328335767344) < 1e-14)
    let logEvidence = guide.model.logEvidence(of: guide.x).value
    #expect(relativeError(logEvidence, -2.66673882860645112) < 1e-14)
    #expect(abs(guide.elbo + guide.gap - logEvidence) < 1e-13)
    let other = DiscreteGuide(model: .example, x: -0.4, logits: [1, -0.5, 0.3])
    let exact = [0.187294535008010028, 0.342533545694067031, -0.529828080702077059]
    for k in 0..<3 {
      let score = other.q.expectation { other.scoreGradient($0, k) }.value
      #expect(relativeError(score, exact[k]) < 1e-13)
      #expect(relativeError(Chapter5.elboSlope(other, k).value, exact[k]) < 1e-9)
    }
  }

  @Test("the score function's mean is the slope, with any baseline; the pathwise 0 is not")
  func scoreFunction() {
    for guide in Chapter5.discreteGuides {
      for k in 0..<3 {
        let (lhs, rhs, allowance) = Chapter5.discreteGradientCase(guide, k)
        #expect(abs(lhs - rhs) <= allowance)
        let shifted = guide.q.expectation { guide.scoreGradient($0, k, baseline: 5) }.value
        #expect(abs(shifted - lhs) < 1e-13)
      }
      #expect((0..<3).contains { abs(Chapter5.elboSlope(guide, $0).value) > 0.05 })
    }
  }

  @Test("the inverse-CDF sampler has the guide's probabilities, and a staircase for a path")
  func path() {
    let guide = DiscreteGuide(model: .example, x: 0, logits: [1, -0.5, 0.3])
    let n = 100_000
    var counts = [0, 0, 0]
    for i in 0..<n {
      let u = (Double(i) + 0.5) / Double(n)
      counts[guide.latent(atNoise: u)] += 1
    }
    for k in 0..<3 {
      #expect(abs(Double(counts[k]) / Double(n) - guide.q.probabilities[k]) <= 1 / Double(n))
    }
    let edge = guide.q.probabilities[0]
    #expect(guide.edges == [edge, edge + guide.q.probabilities[1]])
    #expect(guide.latent(atNoise: edge) == 1 && guide.latent(atNoise: edge.nextDown) == 0)
  }

  @Test("the quotient at a fixed step: exact moments over u against an even grid of u")
  func quotient() {
    let guide = DiscreteGuide(model: .example, x: 0, logits: [1, -0.5, 0.3])
    let (n, h) = (200_000, 0.1)
    for k in 0..<3 {
      let quotient = StaircaseQuotient(guide, k, step: h)
      let values = (0..<n).map { quotient((Double($0) + 0.5) / Double(n)) }
      let (mean, square, zero) = quotient.moments
      let largest = values.map(abs).max()!
      #expect(abs(values.reduce(0, +) / Double(n) - mean) < 4 * largest / Double(n))
      let squares = values.reduce(0) { $0 + $1 * $1 } / Double(n)
      #expect(abs(squares - square) < 4 * largest * largest / Double(n))
      #expect(abs(Double(values.count { $0 == 0 }) / Double(n) - zero) < 4 / Double(n))
    }
  }

  @Test("what the derivative misses: mean, square and share of the quotient as h falls")
  func jumps() {
    for guide in Chapter5.discreteGuides {
      for k in 0..<3 {
        let cases = [0.1, 0.01].flatMap { h in
          [Chapter5.quotientMeanCase, Chapter5.quotientLimitCase, Chapter5.quotientSquareCase].map {
            $0(guide, k, h)
          }
        }
        for (lhs, rhs, allowance) in cases { #expect(abs(lhs - rhs) <= allowance) }
        let (coarse, fine) = (
          StaircaseQuotient(guide, k, step: 0.01).moments,
          StaircaseQuotient(guide, k, step: 0.0001).moments
        )
        #expect(fine.zero > 0.999 && coarse.zero < fine.zero)
        #expect(abs(fine.square / coarse.square - 100) < 5, "a variance like 1/h")
      }
    }
    // By hand: two classes at even odds, f = 0 and 1: the only edge, ½, moves by −¼ a unit of η₁.
    let two = DiscreteGuide(
      model: MixtureModel(weights: [1, 1], components: [.standard, .standard]), x: 0,
      logits: [0, 0])
    #expect(jumpRate(two, 1) == 0, "no jump where f is the same")
  }
}
