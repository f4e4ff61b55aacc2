import Foundation
import Testing
import TinyNumerics

@Suite("eq. 3.18: the expected logarithm of a mean, without sampling")
struct ExpectedLogMeanTests {
  /// Two weights, by hand: the mean of two draws is 1, 1.5 or 2.
  @Test("eq. 3.18: two outcomes, two draws", arguments: [0, -800, 700])
  func byHand(shift: Double) {
    let z = Discrete(probabilities: [0.25, 0.75])
    let value = expectedLogMean(logWeights: [shift, shift + log(2)], under: z, draws: 2)
    let exact = shift + 2 * 0.25 * 0.75 * log(1.5) + 0.75 * 0.75 * log(2)
    #expect(abs(value.value - exact) <= value.error + 4 * (1 + abs(shift)) * ulp)
    #expect(value.error < 1e-12)
  }

  /// Σ over all 3^k sequences of draws.
  @Test("eq. 3.18: three outcomes, all sequences of draws", arguments: 1...7)
  func enumeration(k: Int) {
    let z = Discrete(probabilities: [0.5, 0.3, 0.2])
    let logWeights = [-3.0, 1, 2.5]
    var exact = 0.0
    for index in 0..<(0..<k).reduce(1, { product, _ in 3 * product }) {
      var (rest, probability, sum) = (index, 1.0, 0.0)
      for _ in 0..<k {
        probability *= z.probabilities[rest % 3]
        sum += exp(logWeights[rest % 3])
        rest /= 3
      }
      exact += probability * log(sum / Double(k))
    }
    let value = expectedLogMean(logWeights: logWeights, under: z, draws: k)
    #expect(abs(value.value - exact) <= value.error + 1e-14)
    #expect(value.error < 1e-13)
  }

  /// Exponential weights: the sum of k is Gamma(k, 1), and E[log w̄] = digamma(k) − log k with
  /// digamma(k) = −γ + 1 + 1/2 + … + 1/(k − 1). The nodes lie in x = log w, of density e^{x − eˣ}.
  @Test("eq. 3.18: exponential weights on a quadrature rule", arguments: [1, 2, 3, 10, 100, 3000])
  func exponential(k: Int) {
    let grid = Grid(over: -40...5, count: 1200)
    let x = (0..<grid.count).map { grid.node($0) }
    let value = expectedLogMean(
      logWeights: x, under: Discrete(weights: x.map { exp($0 - exp($0)) }), draws: k)
    let euler = 0.577215664901532861
    let exact = (1..<k).reduce(-euler) { $0 + 1 / Double($1) } - log(Double(k))
    #expect(abs(value.value - exact) <= value.error + 1e-13)
    #expect(value.error < 1e-12)
  }

  @Test("eq. 3.18: rises with k, from the mean logarithm to the logarithm of the mean")
  func limits() {
    let z = Discrete(probabilities: [0.1, 0.2, 0.7])
    let logWeights = [4.0, -6, 0.5]
    let values = [1, 2, 3, 5, 10, 100, 10_000].map {
      expectedLogMean(logWeights: logWeights, under: z, draws: $0).value
    }
    #expect(zip(values, values.dropFirst()).allSatisfy(<))
    #expect(abs(values[0] - (0.4 - 1.2 + 0.35)) < 1e-13)
    let weights = logWeights.map { exp($0) }
    let mean = zip(z.probabilities, weights).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(values.allSatisfy { $0 < log(mean) } && log(mean) - values[6] < 1e-3)
  }

  @Test("eq. 3.18: equal weights; weights of zero; misuse")
  func edges() async {
    let z = Discrete(probabilities: [0.5, 0.5])
    #expect(abs(expectedLogMean(logWeights: [3, 3], under: z, draws: 7).value - 3) < 1e-14)
    #expect(expectedLogMean(logWeights: [3, -.infinity], under: z, draws: 7).value == -.infinity)
    let certain = Discrete(probabilities: [1, 0])
    let one = expectedLogMean(logWeights: [-2, -.infinity], under: certain, draws: 3)
    #expect(abs(one.value + 2) < 1e-14)
    await #expect(processExitsWith: .failure) {
      _ = expectedLogMean(
        logWeights: [0, .nan], under: Discrete(probabilities: [0.5, 0.5]), draws: 1)
    }
    await #expect(processExitsWith: .failure) {
      _ = expectedLogMean(logWeights: [0], under: Discrete(probabilities: [1]), draws: 0)
    }
  }
}
