import Foundation
import Testing
import TinyNumerics

@testable import chapter1

/// Golden values: `mpmath` at 30 digits, expectations under q by quadrature.
@Suite("eq. 1.10: estimators of D(q‖p)")
struct EstimatorTests {
  @Test("eq. 1.10: the three functions of log r")
  func functions() {
    for logRatio in [-3.0, -0.1, 0, 0.2, 2] {
      let r = exp(logRatio)
      #expect(DivergenceEstimator.logRatio(logRatio) == -logRatio)
      #expect(abs(DivergenceEstimator.excess(logRatio) - (r - 1 - logRatio)) <= 8 * ulp * (1 + r))
      #expect(DivergenceEstimator.excess(logRatio) >= 0)
      #expect(DivergenceEstimator.halfSquare(logRatio) == logRatio * logRatio / 2)
    }
  }

  @Test("eq. 1.10: means m²/2, m²/2 and m²/2 + m⁴/8", arguments: [-2, -0.3, 0.01, 0.5, 1, 1.7])
  func means(m: Double) {
    let (q, p) = ShiftedNormal.pair(m)
    let exact: [DivergenceEstimator: Double] = [
      .logRatio: m * m / 2, .excess: m * m / 2, .halfSquare: m * m / 2 + pow(m, 4) / 8,
    ]
    for estimator in DivergenceEstimator.allCases {
      let mean = estimator.moment(1, q, p)
      #expect(abs(mean.value - exact[estimator]!) <= mean.error + 64 * ulp)
    }
    #expect(relativeError(ShiftedNormal.divergence(m), klDivergence(q, relativeTo: p)) <= 4 * ulp)
    #expect(relativeError(ShiftedNormal.biasOfHalfSquare(m), pow(m, 4) / 8) <= 4 * ulp)
  }

  @Test(
    "eq. 1.10: variances m² and e^{m²} − 1 − m², golden and by quadrature",
    arguments: [
      (0.5, 0.034025416687741484073), (1, 0.71828182845904523536), (2, 49.598150033144239078),
    ])
  func variances(m: Double, golden: Double) {
    let (q, p) = ShiftedNormal.pair(m)
    let divergence = ShiftedNormal.divergence(m)
    #expect(relativeError(ShiftedNormal.varianceOfExcess(m), golden) <= 16 * ulp)
    let excess = DivergenceEstimator.excess.moment(2, about: divergence, q, p)
    #expect(relativeError(excess.value, golden) <= 1e-10)
    let logRatio = DivergenceEstimator.logRatio.moment(2, about: divergence, q, p)
    #expect(relativeError(logRatio.value, ShiftedNormal.varianceOfLogRatio(m)) <= 1e-12)
    #expect(relativeError(varianceOfExcess(q), golden) <= 1e-13)
  }

  @Test("eq. 1.10: the variances cross at m = 1.121, D = 0.628; below it the second is better")
  func crossing() {
    // mpmath: findroot(lambda m: exp(m * m) - 1 - 2 * m * m, 1.12)
    #expect(relativeError(ShiftedNormal.crossing, 1.1209064227785340320) <= 8 * ulp)
    #expect(
      relativeError(ShiftedNormal.divergence(ShiftedNormal.crossing), 0.62821560431308485) <= 16
        * ulp)
    for m in [0.1, 0.5, 1, 1.12] {
      #expect(ShiftedNormal.varianceOfExcess(m) < ShiftedNormal.varianceOfLogRatio(m))
    }
    for m in [1.13, 2, 3] {
      #expect(ShiftedNormal.varianceOfExcess(m) > ShiftedNormal.varianceOfLogRatio(m))
    }
  }

  @Test("eq. 1.10: second moment of r and the general variance, golden at m = 0.5, σ² = 0.8")
  func secondMoment() {
    let q = Normal(mean: 0.5, variance: 0.8)
    #expect(
      relativeError(secondMomentOfRatio(mean: 0.5, variance: 0.8), 1.5666442747538489174) <= 16
        * ulp)
    #expect(relativeError(varianceOfExcess(q), 0.17414427475384891740) <= 1e-13)
    #expect(
      relativeError(truncatedSecondMoment(q, reach: 40).value, 1.5666442747538489174) <= 1e-11)
    #expect(relativeError(secondMomentOfRatio(mean: 2, variance: 1), exp(4)) <= 8 * ulp)
  }

  /// mpmath: quad(lambda z: npdf(z)**2 / npdf(z, 0, sqrt(v)), linspace(-T, T, 41))
  @Test("eq. 1.10: the truncated second moment by error functions and by a series, golden")
  func truncated() {
    for (variance, reach, exact) in [
      (0.6, 5.0, 1.3364185609298835), (0.45, 5, 9.8531825798486134), (0.45, 10, 16974.367013968835),
      (0.5, 20, 11.283791670955126),
    ] as [(Double, Double, Double)] {
      let value = truncatedSecondMomentByParts(variance: variance, reach: reach)
      #expect(relativeError(value, exact) <= 1e-13)
      let integral = truncatedSecondMoment(Normal(mean: 0, variance: variance), reach: reach)
      #expect(relativeError(value, integral.value) <= 1e-11)
    }
  }

  @Test("eq. 1.10: infinite from σ² = ½ on; the truncated integral grows like T/√π there")
  func infinite() {
    #expect(secondMomentOfRatio(variance: 0.5) == .infinity)
    #expect(secondMomentOfRatio(variance: 0.3) == .infinity)
    #expect(secondMomentOfRatio(variance: 0.5 + 1e-12) > 1e5)
    let half = Normal(mean: 0, variance: 0.5)
    for reach in [1.0, 5, 20] {
      let once = truncatedSecondMoment(half, reach: reach).value
      let twice = truncatedSecondMoment(half, reach: 2 * reach).value
      #expect(relativeError(once, reach / Double.pi.squareRoot()) <= 1e-10)
      #expect(relativeError(twice, 2 * once) <= 1e-10)
      let narrower = Normal(mean: 0, variance: 0.45)
      #expect(
        truncatedSecondMoment(narrower, reach: 2 * reach).value
          > 2 * truncatedSecondMoment(narrower, reach: reach).value)
    }
    let wide = Normal(mean: 0, variance: 0.7)
    #expect(
      relativeError(
        truncatedSecondMoment(wide, reach: 40).value, truncatedSecondMoment(wide, reach: 20).value)
        <= 1e-11)
  }

  @Test("eq. 1.10: sampled means and variances")
  func sampled() {
    var generator = Threefry(seed: 12)
    let means = sampledEstimators(shift: 0.8, draws: 50_000, using: &generator)
    #expect(standardErrorsOff(means[.logRatio]!, 0.32) < 5)
    #expect(standardErrorsOff(means[.excess]!, 0.32) < 5)
    #expect(standardErrorsOff(means[.halfSquare]!, 0.32 + pow(0.8, 4) / 8) < 5)
    #expect(standardErrorsOff(means[.halfSquare]!, 0.32) > 5)
    let squares = sampledEstimators(
      shift: 0.5, squaredAbout: 0.125, draws: 50_000, using: &generator)
    #expect(standardErrorsOff(squares[.logRatio]!, 0.25) < 5)
    #expect(standardErrorsOff(squares[.excess]!, 0.034025416687741484) < 5)
    // About any other point c a square is larger: its mean is the variance plus (mean − c)².
    let elsewhere = sampledEstimators(
      shift: 0.5, squaredAbout: -0.4, draws: 50_000, using: &generator)
    #expect(standardErrorsOff(elsewhere[.logRatio]!, 0.25 + 0.525 * 0.525) < 5)
  }

  @Test("eqs. 1.9, 1.10: z-scores over 200 seeds have mean 0 and variance 1")
  func calibration() {
    var scores: [String: Estimate] = [:]
    func add(_ name: String, _ estimate: Estimate, _ exact: Double) {
      scores[name, default: Estimate()].add((estimate.mean - exact) / estimate.standardError)
    }
    for seed in 1...200 as ClosedRange<UInt64> {
      var generator = Threefry(seed: seed, stream: 77)
      let q = Guide.example
      add("1.9", sampledRegulariser(q, draws: 1000, using: &generator), regulariser(q))
      let means = sampledEstimators(shift: 0.5, draws: 2000, using: &generator)
      add("logRatio", means[.logRatio]!, 0.125)
      add("excess", means[.excess]!, 0.125)
      add("halfSquare", means[.halfSquare]!, 0.125 + pow(0.5, 4) / 8)
    }
    for (name, score) in scores {
      #expect(standardErrorsOff(score, 0) < 5, "\(name)")
      // The variance of 200 scores has standard error √(2/199) = 0.1.
      #expect(abs(score.variance - 1) < 0.5, "\(name)")
    }
  }
}
