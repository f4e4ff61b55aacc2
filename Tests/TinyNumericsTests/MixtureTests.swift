import Foundation
import Testing
import TinyNumerics

/// Golden values: `mpmath` at 50 digits, `log(0.3 * npdf(x, -2, 0.5) + 0.7 * npdf(x, 1, 1.5))`.
@Suite("mixture of normals")
struct MixtureTests {
  private let mixture = Mixture(
    weights: [0.3, 0.7],
    components: [
      Normal(mean: -2, standardDeviation: 0.5), Normal(mean: 1, standardDeviation: 1.5),
    ])

  @Test(
    "log-density, golden",
    arguments: [
      (0.3, -1.7899310330989093737), (-2, -1.3296828535987044196), (50, -535.23663414080712506),
    ])
  func logDensity(x: Double, exact: Double) {
    #expect(relativeError(mixture.logDensity(x), exact) <= 8 * ulp)
    #expect(relativeError(mixture.density(x), exp(exact)) <= 8 * (1 + abs(exact)) * ulp)
  }

  @Test("far from every component the logarithm stays finite")
  func far() {
    #expect(mixture.density(1e4) == 0)
    let alone = log(0.7) + mixture.components[1].logDensity(1e4)
    #expect(mixture.logDensity(1e4) == alone)
    #expect(mixture.logDensity(.infinity) == -.infinity)
  }

  @Test("it integrates to 1; mean and variance by quadrature")
  func moments() {
    let one = expectation { _ in 1 }
    #expect(abs(one.value - 1) <= one.error + 8 * ulp)
    let mean = expectation { $0 }
    #expect(abs(mixture.mean - mean.value) <= mean.error + 8 * ulp)
    let variance = expectation { ($0 - 0.1) * ($0 - 0.1) }
    #expect(mixture.mean == 0.3 * -2 + 0.7)
    #expect(abs(mixture.variance - variance.value) <= variance.error + 32 * ulp)
    #expect(variance.error <= 1e-11)
  }

  private func expectation(_ f: (Double) -> Double) -> Integral {
    integrate(over: -.infinity ... .infinity) { mixture.density($0) * f($0) }
  }

  @Test("samples have the mixture's distribution")
  func samples() {
    var generator = Threefry(seed: 8)
    let draws = (0..<20_000).map { _ in mixture.sample(using: &generator) }
    let fit = GoodnessOfFit.kolmogorovSmirnov(draws) { x in
      0.3 * mixture.components[0].cdf(x) + 0.7 * mixture.components[1].cdf(x)
    }
    #expect(fit.z > -5)
  }

  @Test("one component is that component; a weight of zero counts nothing")
  func edges() async {
    let normal = Normal(mean: 3, standardDeviation: 0.2)
    let one = Mixture(weights: [1], components: [normal])
    let padded = Mixture(weights: [0, 1], components: [.standard, normal])
    for x in [2.5, 3, -40] {
      #expect(one.logDensity(x) == normal.logDensity(x))
      #expect(padded.logDensity(x) == normal.logDensity(x))
    }
    #expect(padded.mean == 3 && relativeError(padded.variance, 0.04) <= 2 * ulp)
    await #expect(processExitsWith: .failure) { _ = Mixture(weights: [1], components: []) }
    await #expect(processExitsWith: .failure) {
      _ = Mixture(weights: [0.5], components: [.standard])
    }
  }
}
