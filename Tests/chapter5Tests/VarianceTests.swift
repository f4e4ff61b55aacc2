import Foundation
import Testing
import TinyNumerics

@testable import chapter5

@Suite("eq. 5.5: variances of the gradients")
struct VarianceTests {
  /// `mpmath`, 40 digits: E(g − E g)² by `quad`, µ = −1.3, σ = 0.7.
  @Test(
    "golden: 4σ², µ⁴/σ² + 14µ² + 15σ², 8µ² + 10σ², 8µ² + 6σ²",
    arguments: zip(MeanGradientEstimator.allCases, [1.96, 36.8387755102040816, 18.42, 16.46]))
  func golden(estimator: MeanGradientEstimator, exact: Double) {
    let q = Normal(mean: -1.3, standardDeviation: 0.7)
    #expect(relativeError(estimator.variance(under: q), exact) <= 16 * ulp)
    let moments = Moments { estimator(under: q, noise: $0) }
    #expect(relativeError(moments.variance, exact) <= 500 * ulp)
    #expect(relativeError(moments.mean, -2.6) <= 500 * ulp)
  }

  @Test("closed forms over the grid of guides, by another rule")
  func grid() {
    for q in guideGrid {
      for estimator in MeanGradientEstimator.allCases {
        let second = rule.expectation { square(estimator(under: q, noise: $0)) }
        let exact = estimator.variance(under: q)
        #expect(abs(second - square(2 * q.mean) - exact) <= 1000 * ulp * second)
      }
    }
  }

  @Test("no constant baseline beats b*; the pathwise gradient beats it")
  func bestBaseline() {
    for q in guideGrid {
      func variance(_ baseline: Double) -> Double {
        Moments {
          scoreFunctionGradient(
            of: Integrand.square.value, under: q, noise: $0, baseline: baseline
          ).mean
        }.variance
      }
      let best = q.mean * q.mean + 3 * q.variance
      let least = MeanGradientEstimator.scoreMinusBest.variance(under: q)
      #expect(relativeError(variance(best), least) < 1e-10)
      for shift in [-0.5, -0.1, 0.1, 0.5] { #expect(variance(best + shift) > least) }
      #expect(MeanGradientEstimator.pathwise.variance(under: q) < least)
    }
  }

  /// Exercise 3 of the page.
  @Test("b = µ² + 2σ² leaves 8µ² + 7σ²")
  func anotherBaseline() {
    let ratios = guideGrid.map { q in
      let variance = Moments {
        scoreFunctionGradient(
          of: square, under: q, noise: $0, baseline: q.mean * q.mean + 2 * q.variance
        ).mean
      }.variance
      #expect(relativeError(variance, 8 * q.mean * q.mean + 7 * q.variance) < 1e-10)
      return variance / MeanGradientEstimator.scoreMinusBest.variance(under: q)
    }
    #expect(abs(ratios.reduce(0, +) / Double(ratios.count) - 1.073) < 5e-4)
  }

  @Test("in D dimensions: D = 1 is the formula above, D = 2 and 3 by product rules")
  func dimensions() {
    let rule = GaussHermite(nodes: 10)
    for q in guideGrid {
      let one = MeanGradientEstimator.score.variance(under: q)
      #expect(relativeError(scoreVariance(under: q, dimensions: 1), one) < 1e-12)
      let two = Chapter5.scoreVarianceInThePlane(under: q)
      #expect(relativeError(scoreVariance(under: q, dimensions: 2), two) < 1e-11)
      let byMoments = Chapter5.scoreVarianceByMoments(under: q, dimensions: 2)
      #expect(relativeError(byMoments, two) < 1e-11)
      let three = rule.expectation(under: q) { z1 in
        rule.expectation(under: q, q) { z2, z3 in
          let f = z1 * z1 + z2 * z2 + z3 * z3
          return square(f * score(of: q, at: z1).mean)
        }
      }
      let formula = scoreVariance(under: q, dimensions: 3)
      #expect(relativeError(formula, three - square(2 * q.mean)) < 1e-11)
    }
    // µ = σ = 1, D = 10: Σ_{d>1} z_d² is `scipy.stats.ncx2(9, 9)`, with the moments 18 and 378;
    // then E[ε²(z₁⁴ + 36 z₁² + 378)] − 4 by `numpy.polynomial.hermite_e.hermegauss(40)`.
    let unit = Normal(mean: 1, standardDeviation: 1)
    #expect(relativeError(scoreVariance(under: unit, dimensions: 10), 552) < 1e-14)
  }

  /// Moments of ε and of ε²: variances 1 and 2, kurtoses 3 and 15.
  @Test("moments by quadrature; the cost law n = 25 cv²/promise², and a fifth")
  func moments() {
    let first = Moments { 3 + $0 }
    #expect(relativeError(first.mean, 3) < 1e-13 && relativeError(first.variance, 1) < 1e-13)
    #expect(relativeError(first.kurtosis, 3) < 1e-12)
    #expect(relativeError(first.relativeVariance, 1 / 9.0) < 1e-12)
    let second = Moments { $0 * $0 }
    #expect(relativeError(second.variance, 2) < 1e-12)
    #expect(relativeError(second.kurtosis, 15) < 1e-12)
    #expect(drawsNeeded(relativeVariance: 1, promise: 0.01) == 300_000)
    #expect(drawsNeeded(relativeVariance: 4, promise: 0.05) == 48_000)
    #expect(drawsNeeded(relativeVariance: 4, promise: 0.05, margin: 3) == 120_000)
    #expect(affordablePromise(relativeVariance: 9) == 0.01)
    #expect(affordablePromise(relativeVariance: 11) == 0.05)
  }
}
