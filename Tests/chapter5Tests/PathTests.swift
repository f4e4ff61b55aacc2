import Foundation
import Testing
import TinyNumerics
import ToyModels

@testable import chapter5

@Suite("eq. 5.1: z = µ + σε")
struct PathTests {
  @Test("density by change of variables, wide and narrow guides, far into the tails")
  func changeOfVariables() {
    for (lhs, rhs, allowance) in Chapter5.changeOfVariablesCases() {
      #expect(abs(lhs - rhs) <= allowance)
      #expect(allowance < 1e-8)
    }
    for (lhs, rhs, allowance) in Chapter5.massCases() {
      #expect(abs(lhs - rhs) <= allowance && allowance < 1e-10)
    }
  }

  /// `scipy.stats.norm.logpdf(2, 0.8, 0.6)`: ε = 2.
  @Test("golden; the Jacobian is σ: neither forgotten, nor σ², nor upside down")
  func golden() {
    let path = NormalPath(to: Normal(mean: 0.8, standardDeviation: 0.6))
    #expect(path(2) == 2)
    #expect(relativeError(path.logDensity(atNoise: 2), -2.4081129094386820) <= 4 * ulp)
    for wrong in [0, 2 * log(0.6), -log(0.6)] {
      #expect(abs(path.logNoiseDensity(2) - wrong + 2.408112909438682) > 0.1)
    }
  }

  @Test("slopes are the derivatives of the paths, which increase", arguments: [0.02, 0.4, 0.97])
  func slopes(u: Double) {
    func compare(_ path: some Path, at noise: Double) {
      let difference = (path(noise + 1e-6) - path(noise - 1e-6)) / 2e-6
      #expect(relativeError(path.slope(at: noise), difference) < 1e-6)
      #expect(path.slope(at: noise) > 0)
    }
    compare(NormalPath(to: Normal(mean: -2, standardDeviation: 0.3)), at: u)
    compare(ExponentialPath(rate: 1.7), at: u)
    compare(LogisticPath(location: 0.5, scale: 0.6), at: u)
  }

  @Test("a sample with σ² where σ is meant, or centred on 0, does not fit")
  func wrongSamples() {
    let q = Normal(mean: 0.8, standardDeviation: 0.6)
    var generator = Threefry(seed: 51)
    let noise = (0..<20_000).map { _ in generator.normal() }
    func z(_ sample: (Double) -> Double) -> Double {
      GoodnessOfFit.kolmogorovSmirnov(noise.map(sample), cdf: q.cdf).z
    }
    #expect(abs(z(NormalPath(to: q).callAsFunction)) < 5)
    #expect(z { q.mean + q.variance * $0 } < -5)
    #expect(z { q.standardDeviation * ($0 + q.mean) } < -5)
  }
}

@Suite("eq. 5.2: E_q f(z) = E_ε f(µ + σε)")
struct ExpectationTests {
  /// `mpmath`, 40 digits: `quad(lambda e: npdf(e) * f(mu + s * e), linspace(-15, 15, 31))`.
  @Test(
    "golden, at N(0.8, 0.6²): z³ + z², eᶻ, sin z, the ribbon's log p(x|z)",
    arguments: zip(
      0..<4,
      [2.376, 2.6644562419294171384, 0.59918617370280804641, -13.545575189406036806]))
  func golden(index: Int, exact: Double) {
    let f = Chapter5.expectationIntegrands[index].f
    let latents = expectationOverLatents(of: f, under: Chapter5.guide)
    let noise = expectationOverNoise(of: f, under: Chapter5.guide)
    #expect(abs(latents.value - exact) <= latents.error + 100 * ulp * abs(exact))
    #expect(abs(noise.value - exact) <= noise.error + 100 * ulp * abs(exact))
  }

  @Test("over the grid of guides; an unscaled or unshifted path gives another number")
  func wrongPaths() {
    for q in guideGrid {
      for (_, f) in Chapter5.expectationIntegrands {
        let left = expectationOverLatents(of: f, under: q)
        let right = expectationOverNoise(of: f, under: q)
        let size = expectationOverNoise(of: { abs(f($0)) }, under: q).value
        #expect(abs(left.value - right.value) <= left.error + right.error + 200 * ulp * size)
        #expect(left.error < 1e-9 * size && right.error < 1e-9 * size)
      }
    }
    let q = Normal(mean: 0.8, standardDeviation: 0.6)
    let wrong = [
      Normal(mean: 0.8, standardDeviation: 0.36), Normal(mean: 0, standardDeviation: 0.6),
    ]
    for (_, f) in Chapter5.expectationIntegrands {
      let right = expectationOverLatents(of: f, under: q).value
      for q in wrong { #expect(abs(expectationOverNoise(of: f, under: q).value - right) > 0.01) }
    }
  }
}
