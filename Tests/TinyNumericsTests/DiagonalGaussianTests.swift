import Foundation
import Testing
import TinyNumerics

/// Golden values: `mpmath` at 60 digits, the sums over dimensions written out.
@Suite("diagonal Gaussian")
struct DiagonalGaussianTests {
  private let q = DiagonalGaussian(mean: [0.5, -1, 2.5], standardDeviation: [0.2, 1, 3])
  private let p = DiagonalGaussian(mean: [0, 0.5, 1], standardDeviation: [1, 2, 0.5])

  @Test("log density, entropy and divergences, golden")
  func golden() {
    #expect(relativeError(q.logDensity([0.6, -2, 0]), -3.2182121980702498) <= 8 * ulp)
    #expect(relativeError(q.entropy, 3.7459899758480276) <= 8 * ulp)
    #expect(relativeError(klDivergence(q, relativeTo: p), 22.062075623765991) <= 8 * ulp)
    #expect(relativeError(klDivergence(p, relativeTo: q), 16.878063265122897) <= 8 * ulp)
  }

  @Test("eq. 1.9: ½ Σ (µ² + σ² − 1 − log σ²), golden; 0 at the prior itself")
  func regulariser() {
    let prior = DiagonalGaussian.standard(dimension: 3)
    #expect(relativeError(klDivergence(q, relativeTo: prior), 7.7808256237659906) <= 8 * ulp)
    #expect(klDivergence(prior, relativeTo: prior) == 0)
    #expect(klDivergence(q, relativeTo: q) == 0)
  }

  @Test("in two dimensions, the density integrates to 1 and the divergence is its integral")
  func byQuadrature() {
    let q = DiagonalGaussian(mean: [0.5, -1], standardDeviation: [0.5, 2])
    let p = DiagonalGaussian(mean: [0, 1], standardDeviation: [1, 1.5])
    let (x, y) = (Grid(over: -5.5...6.5, count: 60), Grid(over: -25...23, count: 60))
    let mass = x.integrate(with: y) { exp(q.logDensity([$0, $1])) }
    #expect(abs(mass.value - 1) <= 200 * ulp)
    let divergence = x.integrate(with: y) { x, y in
      let logQ = q.logDensity([x, y])
      return exp(logQ) * (logQ - p.logDensity([x, y]))
    }
    #expect(abs(divergence.value - klDivergence(q, relativeTo: p)) <= 1000 * ulp)
  }

  @Test("coordinates, dimension, and the empty product")
  func parts() {
    #expect(q.dimension == 3)
    #expect(q[2] == Normal(mean: 2.5, standardDeviation: 3))
    let empty = DiagonalGaussian.standard(dimension: 0)
    #expect(empty.dimension == 0 && empty.logDensity([]) == 0 && empty.entropy == 0)
    #expect(klDivergence(empty, relativeTo: empty) == 0)
    #expect(DiagonalGaussian.standard(dimension: 2)[1] == .standard)
  }

  @Test("a sample is µ + σε in every coordinate, each ε drawn anew")
  func samples() {
    var words = ChosenWords(1 << 63, 0, 1 << 63, 1 << 63)  // ε = r, then −r, then r again
    let radius = 1.1774100225154747
    let sample = q.sample(using: &words)
    for (value, exact) in zip(sample, [0.5 + 0.2 * radius, -1 - radius, 2.5 + 3 * radius]) {
      #expect(abs(value - exact) <= 8 * ulp)
    }
    var generator = Threefry(seed: 7)
    let draws = (0..<10_000).map { _ in q.sample(using: &generator) }
    for d in 0..<3 {
      let squares = draws.map { ($0[d] - q.mean[d]) * ($0[d] - q.mean[d]) }
      #expect(standardErrorsOff(Estimate(draws.map { $0[d] }), q.mean[d]) < 5)
      #expect(standardErrorsOff(Estimate(squares), q[d].variance) < 5)
    }
    let products = draws.map { ($0[0] - 0.5) * ($0[1] + 1) }
    #expect(standardErrorsOff(Estimate(products), 0) < 5)
  }

  @Test("dimensions that differ and a deviation of zero are refused")
  func preconditions() async {
    await #expect(processExitsWith: .failure) {
      _ = DiagonalGaussian(mean: [0, 1], standardDeviation: [1])
    }
    await #expect(processExitsWith: .failure) {
      _ = DiagonalGaussian(mean: [0, 1], standardDeviation: [1, 0])
    }
    await #expect(processExitsWith: .failure) {
      _ = DiagonalGaussian.standard(dimension: 2).logDensity([1])
    }
    await #expect(processExitsWith: .failure) {
      _ = klDivergence(
        DiagonalGaussian.standard(dimension: 2), relativeTo: .standard(dimension: 3))
    }
  }
}
