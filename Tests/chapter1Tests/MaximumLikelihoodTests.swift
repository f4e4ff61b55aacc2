import Foundation
import Testing
import TinyNumerics

@testable import chapter1

@Suite("eq. 1.13: maximum likelihood")
struct MaximumLikelihoodTests {
  /// Golden: `mpmath` at 30 digits.
  @Test("eq. 1.13: broken eggs, golden")
  func golden() {
    let data = CountData.brokenEggs
    let theta = 91 / 600.0  // broken eggs over eggs
    #expect(data.observations.count == 100 && data.observations.reduce(0, +) == 91)
    #expect(relativeError(data.empirical.entropy, 1.3017925526068664910) <= 64 * ulp)
    #expect(relativeError(data.meanLogLikelihood(theta), -1.5076043141955398350) <= 64 * ulp)
    #expect(relativeError(data.meanLogLikelihood(0.1), -1.5857063973940733661) <= 64 * ulp)
    #expect(relativeError(data.divergence(theta), 0.20581176158867334399) <= 512 * ulp)
    #expect(abs(data.likeliest().theta - theta) <= 1e-11)
    #expect(abs(data.nearest() - theta) <= 2e-8)  // values of D tell no more
  }

  @Test("eq. 1.13: mean log-likelihood = −H − D; argmax = argmin = mean/n, simulated data")
  func simulated() {
    var generator = Threefry(seed: 13)
    for round in 0..<20 {
      let trials = 1 + round % 7
      let data = CountData(
        observations: (0..<200).map { _ in
          (0..<trials).count { _ in generator.uniform() < 0.1 + 0.04 * Double(round) }
        }, trials: trials)
      for theta in [0.03, 0.3, 0.5, 0.92] {
        let mean = data.meanLogLikelihood(theta)
        #expect(
          abs(mean - data.meanLogLikelihoodByDivergence(theta)) <= 256 * ulp * (1 + abs(mean)))
      }
      let best = Double(data.observations.reduce(0, +)) / Double(200 * trials)
      #expect(abs(data.likeliest().theta - best) <= 1e-10)
      #expect(abs(data.nearest() - best) <= 1e-7)
      for step in [-0.01, 0.01] {
        #expect(data.divergence(best) < data.divergence(best + step))
        #expect(data.meanLogLikelihood(best) > data.meanLogLikelihood(best + step))
      }
    }
  }

  @Test(
    "the binomial sums to 1, with mean nθ and variance nθ(1 − θ)", arguments: [1, 6, 20],
    [0.01, 0.4, 0.9])
  func binomial(trials: Int, theta: Double) {
    let model = Binomial(trials: trials, probability: theta)
    let probabilities = (0...trials).map { exp(model.logProbability($0)) }
    #expect(abs(probabilities.reduce(0, +) - 1) <= 1e-13)
    let mean = probabilities.enumerated().reduce(0) { $0 + Double($1.0) * $1.1 }
    #expect(abs(mean - Double(trials) * theta) <= 1e-12)
    let square = probabilities.enumerated().reduce(0) { $0 + pow(Double($1.0) - mean, 2) * $1.1 }
    #expect(abs(square - Double(trials) * theta * (1 - theta)) <= 1e-12)
  }
}
