import Foundation
import ImageModels
import Testing

@testable import TinyNumerics
@testable import chapter6

@Suite("eq. 6.T: losses that are no likelihoods")
struct TrapTests {
  @Test("eq. 6.T: grey levels sum to 1 … 8.5, alike at p and 1 − p")
  func greySums() {
    #expect(sumOverGreyLevels(0.5) == 8.5 && geometricGreySum(0.5) == 8.5)
    #expect(sumOverGreyLevels(0) == 1 && sumOverGreyLevels(1) == 1)
    #expect(geometricGreySum(0) == 1 && geometricGreySum(1) == 1)
    var last = 1.0
    for p in [1e-12, 1e-3, 0.1, 0.2, 0.4, 0.499999, 0.5] {
      let sum = sumOverGreyLevels(p)
      #expect(sum >= last && sum <= 8.5)
      #expect(abs(sum - sumOverGreyLevels(1 - p)) < 1e-4 * sum)
      #expect(abs(sum - geometricGreySum(p)) < 1e-12 * sum)
      last = sum
    }
  }

  /// mpmath, 40 digits, p the exact value of its `Double`: `sum(p**(k/16) * (1-p)**(1-k/16) for k
  /// in range(17))` with k/16 exact, and `quad(lambda x: p**x * (1-p)**(1-x), [0, 1])`.
  @Test(
    "eq. 6.T: the sum and the integral of a grey Bernoulli, golden",
    arguments: [
      (0.01, 3.9357378639027199151, 0.21326973658179906794),
      (0.3, 8.0551891286976530026, 0.47208900045753146394),
      (0.45, 8.4733663630155719388, 0.49832886545639728952),
    ])
  func golden(p: Double, sum: Double, integral: Double) {
    #expect(abs(geometricGreySum(p) / sum - 1) < 1e-14)
    #expect(abs(sumOverGreyLevels(p) / sum - 1) < 1e-14)
    #expect(abs(integralOverGrey(p) / integral - 1) < 1e-14)
  }

  @Test("eq. 6.T: the continuous Bernoulli's integral", arguments: [1e-6, 0.02, 0.3, 0.4999, 0.7])
  func greyIntegral(p: Double) {
    let integral = integrate(over: 0...1) { x in pow(p, x) * pow(1 - p, 1 - x) }
    #expect(abs(integral.value - integralOverGrey(p)) <= integral.error + 1e-13)
    #expect(integralOverGrey(p) < 0.5 && integralOverGrey(0.5) == 0.5)
    // (1 − 2p)/log((1 − p)/p) at p = ⅕
    #expect(abs(integralOverGrey(0.2) - 0.6 / log(4)) < 1e-15)
  }

  @Test("eq. 6.T: two pixels by hand")
  func greyLogLikelihood() {
    // p = (½, 0): −BCE = −log 2 + 0, the sums over levels 8.5 and 1
    let (bernoulli, proper) = greyLogLikelihoods([[16, 0], [0, 0], [8, 0]])
    #expect(abs(bernoulli + log(2)) < 1e-15)
    #expect(abs(proper + log(2) + log(8.5)) < 1e-15)
  }

  @Test("eq. 6.T: averaged pixels are β = J; what it costs, on other seeds")
  func averagedPixels() throws {
    let collapse = LinearCollapse(LinearStudy(try Dataset.digits().training, seed: 5))
    let (right, wrong) = (collapse.optimum(beta: 1), collapse.optimum(beta: 16))
    #expect(wrong.divergences.allSatisfy { $0 < 1e-9 })
    let allowance = right.allowance + wrong.allowance
    #expect(abs(right.elbo - wrong.elbo - collapse.costOfCollapse) < allowance)
    // the dead model is N(0, σ²I): −½ (16 log 2πσ² + tr S/σ²)
    let trace = collapse.exact.eigen.eigenvalues.reduce(0, +)
    let dead = -0.5 * (16 * (logTwoPi + log(0.016)) + trace / 0.016)
    #expect(abs(wrong.elbo - dead) < 1e-9)
  }

  @Test(
    "eq. 6.T: a reproduced pixel's density grows by log 10 a decade, its level's probability not")
  func unbounded() throws {
    #expect(constantPixels([[1, 2, 0], [1, 3, 0]]) == [0, 2])
    #expect(constantPixels(try Dataset.digits().training.levels) == [0, 32, 39])
    for exponent in 1...8 {
      let sigma = pow(10, -Double(exponent))
      let density = logDensityReproduced(standardDeviation: sigma)
      #expect(abs(density - (Double(exponent) * log(10) - 0.5 * logTwoPi)) < 1e-13)
      #expect(logProbabilityReproduced(standardDeviation: sigma) <= 0)
    }
    // Φ(0.5) at σ = 1/17, for the first cell reaches down to −∞
    #expect(
      abs(logProbabilityReproduced(standardDeviation: 1.0 / 17) - log(0.691462461274013)) < 1e-13)
    #expect(logProbabilityReproduced(standardDeviation: 1e-3) > -1e-12)
  }
}
