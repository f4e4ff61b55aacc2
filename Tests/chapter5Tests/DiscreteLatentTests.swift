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
      #expect(relativeError(Chapter5.elboSlope(other, k), exact[k]) < 1e-10)
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
      #expect((0..<3).contains { abs(Chapter5.elboSlope(guide, $0)) > 0.05 })
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
      for k in 0..<3 where i % 100 == 0 { #expect(guide.pathSlope(atNoise: u, k) == 0) }
    }
    for k in 0..<3 {
      #expect(abs(Double(counts[k]) / Double(n) - guide.q.probabilities[k]) <= 1 / Double(n))
    }
    let edge = guide.q.probabilities[0]
    #expect(guide.pathSlope(atNoise: edge, 0) == .infinity, "on an edge there is no slope")
    #expect(guide.latent(atNoise: edge) == 1 && guide.latent(atNoise: edge.nextDown) == 0)
  }

  @Test("what the derivative misses: differences with a finite step see the jumps")
  func jumps() {
    let guide = DiscreteGuide.example
    let (n, h) = (200_000, 0.1)
    var (up, down) = (guide, guide)
    up.logits[1] += h
    down.logits[1] -= h
    // f = z over an even grid of u: the difference of E z, through the jumps alone.
    let sum = (0..<n).reduce(0) { sum, i in
      let u = (Double(i) + 0.5) / Double(n)
      return sum + up.latent(atNoise: u) - down.latent(atNoise: u)
    }
    func mean(_ guide: DiscreteGuide) -> Double { guide.q.expectation { Double($0) }.value }
    let exact = mean(up) - mean(down)
    #expect(abs(Double(sum) / Double(n) - exact) < 4 / Double(n))
  }
}
