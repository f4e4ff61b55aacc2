import Foundation
import Testing
import TinyNumerics

@Suite("importance weights")
struct ImportanceWeightsTests {
  /// Weights 1, 2, 3 by hand: mean 2, variance 1, standard error 1/√3, (Σw)²/Σw² = 36/14; values 0,
  /// 6, 12 have mean 48/6 = 8 and standard error √((1·8)² + (2·2)² + (3·4)²)/6 = √224/6.
  @Test("by hand, wherever the weights lie", arguments: [0, -1e5, 1e4])
  func byHand(shift: Double) {
    let weights = ImportanceWeights(logarithms: [shift, shift + log(2), shift + log(3)])
    let allowance = 8 * (1 + abs(shift)) * ulp  // the shifted logarithms are rounded
    #expect(weights.count == 3)
    #expect(abs(weights.logMean - shift - log(2)) <= allowance)
    #expect(relativeError(weights.relativeStandardError, 0.5 / 3.0.squareRoot()) <= allowance)
    #expect(relativeError(weights.effectiveSampleSize, 36.0 / 14) <= allowance)
    let mean = weights.expectation(of: [0, 6, 12])
    #expect(relativeError(mean.value, 8) <= allowance)
    #expect(relativeError(mean.standardError, 224.0.squareRoot() / 6) <= allowance)
  }

  @Test("equal weights are a plain mean")
  func equal() {
    let values = [1.5, -2, 7, 0.25]
    let weights = ImportanceWeights(logarithms: [-3, -3, -3, -3])
    #expect(weights.logMean == -3 && weights.relativeStandardError == 0)
    #expect(weights.effectiveSampleSize == 4)
    let plain = Estimate(values)
    let mean = weights.expectation(of: values)
    #expect(mean.value == plain.mean)
    // over n where the plain mean's variance is over n − 1
    #expect(
      relativeError(mean.standardError, plain.standardError * 0.75.squareRoot()) <= 8 * ulp)
  }

  @Test("weights of zero, a single weight, nothing but zeros")
  func edges() async {
    let zero = -Double.infinity
    let some = ImportanceWeights(logarithms: [zero, 2, zero, 2])
    #expect(abs(some.logMean - (2 - log(2))) <= 4 * ulp && some.effectiveSampleSize == 2)
    let one = ImportanceWeights(logarithms: [-800])
    #expect(one.logMean == -800 && one.relativeStandardError.isNaN)
    #expect(one.effectiveSampleSize == 1)
    let mean = one.expectation(of: [3])
    #expect(mean.value == 3 && mean.standardError.isNaN)
    let none = ImportanceWeights(logarithms: [zero, zero])
    #expect(none.logMean == zero && none.relativeStandardError.isNaN)
    #expect(none.effectiveSampleSize.isNaN && none.expectation(of: [1, 2]).value.isNaN)
    await #expect(processExitsWith: .failure) { _ = ImportanceWeights(logarithms: []) }
    await #expect(processExitsWith: .failure) { _ = ImportanceWeights(logarithms: [0, .nan]) }
    await #expect(processExitsWith: .failure) { _ = ImportanceWeights(logarithms: [.infinity]) }
  }

  /// Target N(1, 1) e^{-500}, proposal N(0, 2²): the weights are bounded. Repeated, the errors in
  /// standard errors must look standard normal: mean 0 ± 5/√400, variance 1 ± 5 √(2/400).
  @Test("standard errors are honest")
  func standardErrors() {
    let (target, q) = (Normal(mean: 1, standardDeviation: 1), Normal(mean: 0, standardDeviation: 2))
    var generator = Threefry(seed: 9)
    var (evidence, moment) = (Estimate(), Estimate())
    for _ in 0..<400 {
      let z = (0..<2000).map { _ in q.sample(using: &generator) }
      let weights = ImportanceWeights(
        logarithms: z.map { -500 + target.logDensity($0) - q.logDensity($0) })
      evidence.add(expm1(weights.logMean + 500) / weights.relativeStandardError)
      let mean = weights.expectation(of: z)
      moment.add((mean.value - 1) / mean.standardError)
    }
    for errors in [evidence, moment] {
      #expect(abs(errors.mean) < 5 / 20.0)
      #expect(abs(errors.variance - 1) < 5 * 0.005.squareRoot())
    }
  }
}
