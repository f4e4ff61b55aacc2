import Foundation
import Testing
import TinyNumerics

@Suite("goodness of fit")
struct GoodnessOfFitTests {
  /// `mpmath`, 50 digits: `gammainc(k / 2, x / 2, inf, regularized=True)`.
  @Test(
    "the survival function of χ², golden",
    arguments: [
      (0, 4, 1), (0, 1, 1), (0.5, 1, 0.47950012218695346232), (3.84, 1, 0.050043521248705103189),
      (2, 2, 0.3678794411714423216), (7.5, 5, 0.18602983360286701885),
      (20, 10, 0.029252688076961072673), (1e-3, 7, 0.99999999999975979509),
      (400, 3, 2.2138865931011177432e-86), (1000, 1000, 0.49405285382903),
      (2500, 2001, 1.2032457143002e-13), (1500, 1, 0), (.infinity, 3, 0),
    ])
  func chiSquareSurvivalGolden(x: Double, degrees: Int, exact: Double) {
    // As logarithms the terms are as large as x log x, and each adds its rounding to the next.
    let allowance = (8 + x * log(max(x, 1)) * Double(degrees).squareRoot()) * ulp
    let value = chiSquareSurvival(x, degreesOfFreedom: degrees)
    #expect(relativeError(value, exact) <= allowance)
  }

  /// `mpmath`, 50 digits: `2 * nsum(lambda j: (-1)**(j - 1) * exp(-2 * j * j * x * x), [1, inf])`.
  @Test(
    "Kolmogorov's distribution, golden",
    arguments: [
      (0, 1), (0.1, 1), (0.3, 0.99999069419866543338), (0.6, 0.86428277905060433421),
      (0.99, 0.28087383922554892176), (1, 0.2699996716773545212), (1.01, 0.25943416909359744282),
      (1.36, 0.04948587675537788364), (2, 0.00067092525577969534654),
      (5, 3.857499695927835566e-22), (.infinity, 0),
    ])
  func kolmogorovGolden(x: Double, exact: Double) {
    // Below 1 a sum near 1 is taken from 1; above, the exponent 2x² is rounded.
    let allowance = x <= 1 ? 4 * ulp / exact : 2 * (2 + 2 * x * x) * ulp
    #expect(relativeError(kolmogorovSurvival(x), exact) <= allowance)
  }

  /// `scipy.stats.chisquare([18, 22, 31, 29])`: statistic 4.4, p-value 0.2213853871894879.
  @Test("counts, golden; an outcome that cannot occur")
  func counts() async {
    let uniform = Discrete(probabilities: [0.25, 0.25, 0.25, 0.25])
    let fit = GoodnessOfFit.chiSquare(counts: [18, 22, 31, 29], under: uniform)
    #expect(relativeError(fit.statistic, 4.4) <= 4 * ulp)
    #expect(relativeError(fit.pValue, 0.2213853871894879) <= 64 * ulp)
    #expect(relativeError(Normal.standard.cdf(fit.z), fit.pValue) <= 8 * ulp)
    let coin = Discrete(probabilities: [0.5, 0.5, 0])
    #expect(GoodnessOfFit.chiSquare(counts: [7, 5, 0], under: coin).statistic == 2 / 6.0)
    let impossible = GoodnessOfFit.chiSquare(counts: [7, 5, 1], under: coin)
    #expect(impossible.pValue == 0 && impossible.z == -.infinity)
    #expect(GoodnessOfFit.chiSquare(counts: [0, 0, 0], under: coin).pValue == 1)
    await #expect(processExitsWith: .failure) {
      _ = GoodnessOfFit.chiSquare(counts: [3], under: Discrete(probabilities: [1]))
    }
  }

  /// `scipy.stats.ks_1samp(sample, scipy.stats.uniform.cdf)`: 0.145. Critical distances of small
  /// samples: `scipy.stats.kstwo.isf(p, n)`.
  @Test("the largest distance, golden, in any order; p-values of small samples")
  func distances() {
    let sample = [0.81, 0.21, 0.33, 0.05, 0.52, 0.77, 0.48, 0.95]
    let fit = GoodnessOfFit.kolmogorovSmirnov(sample) { $0 }
    #expect(relativeError(fit.statistic, 0.145) <= 8 * ulp)
    #expect(GoodnessOfFit.kolmogorovSmirnov([0.9]) { $0 }.statistic == 0.9)
    #expect(GoodnessOfFit.kolmogorovSmirnov([0.1]) { $0 }.statistic == 0.9)
    // Stephens's correction is an empirical one, good to a few percent from five draws on.
    for (n, distance, p) in [
      (5, 0.5094493282201105, 0.1), (10, 0.24686329073080385, 0.5), (10, 0.48893165941109124, 0.01),
      (20, 0.35241089163889466, 0.01), (100, 0.12066340877827493, 0.1),
    ] {
      // n draws at the first of which the distribution function is `distance`, then on the
      // staircase
      let sample = (0..<n).map { i in
        i == 0 ? distance : max(distance, (Double(i) + 0.5) / Double(n))
      }
      let fit = GoodnessOfFit.kolmogorovSmirnov(sample) { $0 }
      #expect(relativeError(fit.statistic, distance) <= 4 * ulp)
      #expect(relativeError(fit.pValue, p) <= 0.05)
    }
  }

  @Test("z-scores of good fits are standard normal, of bad ones very negative")
  func calibration() {
    var generator = Threefry(seed: 10)
    let die = Discrete(weights: [1, 2, 3, 2, 1])
    var (distances, counts) = (Estimate(), Estimate())
    for _ in 0..<400 {
      let draws = (0..<500).map { _ in generator.normal() }
      distances.add(GoodnessOfFit.kolmogorovSmirnov(draws, cdf: Normal.standard.cdf).z)
      var faces = [0, 0, 0, 0, 0]
      for _ in 0..<500 { faces[die.sample(using: &generator)] += 1 }
      counts.add(GoodnessOfFit.chiSquare(counts: faces, under: die).z)
    }
    for z in [distances, counts] {
      #expect(abs(z.mean) < 5 / 20.0)
      #expect(abs(z.variance - 1) < 5 * 0.005.squareRoot())
    }
    let shifted = (0..<5000).map { _ in 0.2 + generator.normal() }
    #expect(GoodnessOfFit.kolmogorovSmirnov(shifted, cdf: Normal.standard.cdf).z < -5)
  }
}
