import Notebook
import Testing
import TinyNumerics
import ToyModels

@testable import chapter3

/// The numbers in the solutions of the page's exercises, at their printed precision.
@Suite("chapter 3: solutions of the exercises")
struct ExerciseTests {
  @Test("exercise 2: too few draws are too coarse, and nothing else fails")
  func fewDraws() {
    let outcome = Chapter3.perform(
      ["--samples", "500"], console: Console(output: { _ in }, diagnostics: { _ in }))
    #expect(outcome.status == .aCheckFailed)
    let failed = outcome.checks.filter { !$0.holds }
    #expect(outcome.checks.count == 128 && failed.count == 14)
    #expect(failed.allSatisfy { !$0.resolves && abs($0.z ?? 9) < 5 })
  }

  @Test("exercise 3: a guide on the left peak")
  func leftPeak() {
    let (model, x) = (Example.neural, Example.crossing)
    let q = Normal(mean: -1.19, standardDeviation: 0.08)
    let derivation = Derivation(model, at: x, guide: q)
    let share = model.posterior(given: x).expectation { $0 < 0 ? 1 : 0 }.value
    #expect(abs(share - 0.530) < 0.0005 && abs(-log(share) - 0.635) < 0.0006)
    #expect(abs(derivation.definition.value - 0.6401) < 0.00005)
    #expect(abs(derivation.elbo.value + 2.6586) < 0.00005)
    let logOfMean = jensen(model, at: x, guide: q).logOfMean.value
    #expect(abs(logOfMean + 2.6533) < 0.00005)
    #expect(abs(logOfMean - derivation.logEvidence.value - log(share)) < 0.0001)
    let upper = sandwich(model, at: x, guide: q).upper.value
    #expect(abs(upper - derivation.logEvidence.value - 241.6) < 0.05)
  }

  @Test("exercise 4: half the noise")
  func lessNoise() {
    let model = LinearGaussianModel(
      weights: Example.sum.weights, offset: [0], noiseCovariance: Matrix([[0.2]]))
    let precision = QuadraticJoint(model, at: Example.single).precision
    #expect(abs(precision[0, 0] - 12.25) < 1e-12 && abs(precision[1, 1] - 10.8) < 1e-12)
    #expect(abs(precision[0, 1] - 10.5) < 1e-12)
    #expect(abs(meanFieldGap(precision: precision) - 0.5 * log(6)) < 1e-12)
    #expect(abs(0.5 * log(6) - 0.8959) < 0.00005)
  }

  @Test("exercise 5: three equal classes stay equal")
  func equalClasses() {
    var generator = Threefry(seed: 1, row: 13)
    let data = (0..<300).map { _ in Example.mixture.sample(using: &generator).x }
    let start = MixtureModel(
      weights: [1, 1, 1],
      components: (0..<3).map { _ in Normal(mean: 0, standardDeviation: 0.4) })
    let history = EMHistory(data, from: start, steps: 40)
    for step in 2...80 {
      #expect(abs(history.logEvidence[step] / 300 - history.logEvidence[2] / 300) < 1e-12)
    }
    #expect(abs(history.logEvidence[80] / 300 + 2.190905) < 0.0000005)
  }

  @Test("exercise 6: a guide of 0.45 posterior variances, shifted and not")
  func exponents() {
    for (shift, exact) in [(0.3, 0.719), (0, 0.807)] {
      let climb = Climb(
        wide: LineGuide(shift: 0.3, varianceRatio: 2.25),
        narrow: LineGuide(shift: shift, varianceRatio: 0.45))
      #expect(abs(climb.exponent(climb.gaps(climb.narrow)) - exact) < 0.0005)
    }
    #expect(abs(0.45 / 0.55 - 0.818) < 0.0005)
  }
}
