import Foundation
import Testing
import TinyNumerics

@testable import chapter5

@Suite("eqs. 5.3, 5.4: two gradients of an expectation")
struct GradientEstimatorTests {
  static let integrands = Integrand.all + [Integrand.square]

  @Test("eq. 5.3: the integrands' slopes, curvatures, expectations and gradients belong together")
  func integrands() {
    for f in GradientEstimatorTests.integrands {
      for z in [-1.3, 0.2, 0.9] {
        #expect(abs(f.slope(z) - slope(at: z, f.value)) < 1e-8)
        #expect(abs(f.curvature(z) - slope(at: z, f.slope)) < 1e-8)
      }
      for q in guideGrid {
        let (mean, sigma) = (q.mean, q.standardDeviation)
        let size = rule.expectation(under: q) { abs(f.value($0)) + abs(f.slope($0)) }
        let byRule = rule.expectation(under: q, of: f.value)
        #expect(abs(f.expectation(q) - byRule) <= 500 * ulp * size)
        let exact = f.gradient(q)
        let byMean = slope(at: mean) { f.expectation(Normal(mean: $0, standardDeviation: sigma)) }
        let bySigma = slope(at: sigma) { f.expectation(Normal(mean: mean, standardDeviation: $0)) }
        #expect(abs(exact.mean - byMean) < 1e-7 * (1 + size))
        #expect(abs(exact.standardDeviation - bySigma) < 1e-7 * (1 + size))
      }
    }
  }

  /// `mpmath`, 40 digits, at N(0.8, 0.6²): `quad(lambda e: npdf(e) * df(mu + s * e))`, and the same
  /// with a factor e.
  @Test(
    "eqs. 5.3, 5.4: golden expectations of single draws",
    arguments: zip(
      Integrand.all.indices,
      [
        (4.6, 4.08), (2.6644562419294171384, 1.598673745157650283),
        (0.58193836040805851, -0.35951170422168482785),
      ]))
  func golden(index: Int, exact: (Double, Double)) {
    let (f, q) = (Integrand.all[index], Chapter5.guide)
    for estimator in [GradientEstimator.pathwise, .scoreFunction] {
      let mean = rule.expectation { estimator(f, under: q, noise: $0).mean }
      let sigma = rule.expectation { estimator(f, under: q, noise: $0).standardDeviation }
      #expect(relativeError(mean, exact.0) < 1e-12)
      #expect(relativeError(sigma, exact.1) < 1e-12)
    }
  }

  @Test(
    "eqs. 5.3, 5.4: exact over the grid of guides, by another rule", arguments: guideGrid.indices)
  func grid(index: Int) {
    let q = guideGrid[index]
    for f in GradientEstimatorTests.integrands {
      for estimator in [GradientEstimator.pathwise, .scoreFunction] {
        for parameter in Parameter.allCases {
          func draw(_ noise: Double) -> Double { estimator(f, under: q, noise: noise)[parameter] }
          let magnitude = rule.expectation { abs(draw($0)) }
          let difference = rule.expectation(of: draw) - f.gradient(q)[parameter]
          #expect(abs(difference) <= 500 * ulp * magnitude)
        }
      }
    }
  }

  @Test("eq. 5.4: the score is ∂ log q, and averages to 0; a baseline changes no mean")
  func score() {
    for q in guideGrid {
      let (mean, sigma) = (q.mean, q.standardDeviation)
      for noise in [-1.7, 0.3, 2.2] {
        let z = mean + sigma * noise
        let s = chapter5.score(of: q, at: z)
        let byMean = slope(at: mean) { Normal(mean: $0, standardDeviation: sigma).logDensity(z) }
        #expect(abs(s.mean - byMean) < 1e-5 * (1 + abs(s.mean)))
        let h = 1e-5 * sigma
        let up = Normal(mean: mean, standardDeviation: sigma + h).logDensity(z)
        let down = Normal(mean: mean, standardDeviation: sigma - h).logDensity(z)
        #expect(abs(s.standardDeviation - (up - down) / (2 * h)) < 1e-6 * (1 + 1 / sigma))
      }
      for parameter in Parameter.allCases {
        let average = rule.expectation(under: q) { chapter5.score(of: q, at: $0)[parameter] }
        // z − µ has lost ulp·|z|/σ of ε.
        #expect(abs(average) <= 100 * ulp * (1 + abs(mean) / sigma) / sigma)
        let shifted = rule.expectation {
          scoreFunctionGradient(
            of: Integrand.cubic.value, under: q, noise: $0, baseline: 7)[parameter]
        }
        let size = 500 * (10 + abs(Integrand.cubic.expectation(q))) / sigma
        #expect(abs(shifted - Integrand.cubic.gradient(q)[parameter]) <= 10 * ulp * size)
      }
    }
  }

  @Test("eq. 5.3: a forgotten ε, or σ² for σ, is another gradient")
  func wrongFormulas() {
    let q = Chapter5.guide
    for f in Integrand.all {
      let exact = f.gradient(q).standardDeviation
      let withoutNoise = rule.expectation(under: q, of: f.slope)
      let timesSigma = rule.expectation { f.slope(q.mean + q.standardDeviation * $0) * $0 * 0.6 }
      #expect(abs(withoutNoise - exact) > 0.1)
      #expect(abs(timesSigma - exact) > 0.1)
    }
  }
}
