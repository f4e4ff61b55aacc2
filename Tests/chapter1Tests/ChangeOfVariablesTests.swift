import Foundation
import Testing
import TinyNumerics

@testable import chapter1

@Suite("eq. 1.7: change of variables")
struct ChangeOfVariablesTests {
  private let q = Normal(mean: 0.5, standardDeviation: 0.6)
  private let p = Normal(mean: -0.2, standardDeviation: 1)

  @Test("eq. 1.7: the lognormal, golden: density, entropy and divergence")
  func lognormal() {
    let map = ChangeOfVariables.exponential
    // mpmath: log(npdf(log(2), 0.5, 0.6)) - log(2)
    #expect(relativeError(map.logDensity(of: q, at: 2), -1.1530737474406497504) <= 8 * ulp)
    // mpmath: 0.5 + log(2 pi e 0.36) / 2
    #expect(relativeError(map.entropy(of: q).value, 1.4081129094386820586) <= 1e-12)
    #expect(relativeError(map.divergence(q, relativeTo: p).value, 0.43582562376599068321) <= 1e-12)
  }

  @Test("eq. 1.7: y = a + bz is N(a + bµ, b²σ²)", arguments: [-3, -0.01, 0.5, 40])
  func affine(slope: Double) {
    let map = ChangeOfVariables.affine(2, slope, name: "")
    let image = Normal(
      mean: 2 + slope * q.mean, standardDeviation: abs(slope) * q.standardDeviation)
    for z in [-1.0, 0.3, 2] {
      let y = map.forward(z)
      #expect(relativeError(map.inverse(y), z) <= 1e-12)
      #expect(abs(map.logDensity(of: q, at: y) - image.logDensity(y)) <= 1e-11)
    }
    #expect(abs(map.entropy(of: q).value - image.entropy) <= 1e-11)
    #expect(abs(map.divergence(q, relativeTo: p).value - klDivergence(q, relativeTo: p)) <= 1e-11)
  }

  @Test("eq. 1.7: every map keeps the mass at 1; its slope is that of its graph")
  func consistent() {
    for map in [ChangeOfVariables.exponential, .affine(1, -2, name: "")] {
      let mass = map.expectation(under: q) { _ in 1 }
      #expect(abs(mass.value - 1) <= mass.error + 64 * ulp)
      for z in [-1.0, 0.2, 1.5] {
        let h = 1e-6
        let slope = (map.forward(z + h) - map.forward(z - h)) / (2 * h)
        #expect(abs(map.logSlope(z) - log(abs(slope))) <= 1e-8)
        #expect(abs(map.inverse(map.forward(z)) - z) <= 8 * ulp)
      }
    }
  }

  @Test("eq. 1.7: without the Jacobian the number changes")
  func withoutJacobian() {
    let map = ChangeOfVariables.exponential
    let wrong = integrate(over: 0 ... .infinity) { y in
      let density = q.density(log(y))
      return density == 0 ? 0 : density * (q.logDensity(log(y)) - p.logDensity(log(y)))
    }
    #expect(abs(wrong.value - map.divergence(q, relativeTo: p).value) > 0.1)
  }
}
