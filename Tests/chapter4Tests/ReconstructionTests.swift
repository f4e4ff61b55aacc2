import Foundation
import Testing
import TinyNumerics
import ToyModels

@testable import chapter4

@Suite("eq. 4.9: encode, decode, compare")
struct ReconstructionTests {
  /// `scipy.integrate.quad` of φ(u) ‖x − f(0.3 + σu)‖², log σ² = −1, x = (0.48, 0.30).
  @Test("eq. 4.9: golden distance and golden noise")
  func golden() {
    let error = reconstructionError([guide([0.3, -1])], [SIMD2(0.48, 0.30)], model: neural)
    #expect(abs(error.value - 2.52346808069136) < 1e-11)
    // quad of φ(z) Σ_j exp g_j(z)
    #expect(abs(meanNoise(of: neural).value - 0.216594295827816) < 1e-13)
  }

  @Test("eq. 4.9: sampled = quadrature, for narrow and wide guides")
  func sampled() {
    var generator = Threefry(seed: 91)
    let data = draws(10, seed: 91)
    for lambda in [[0.5, -4], [-1, -1], [1.2, 0]] {
      let guides = data.map { _ in guide(lambda) }
      let exact = reconstructionError(guides, data, model: neural)
      let estimate = sampledReconstructionError(
        guides, data, model: neural, rounds: 2_000, using: &generator)
      #expect(abs(estimate.mean - exact.value) < 5 * estimate.standardError)
      #expect(estimate.standardError < 0.02 * exact.value)
    }
  }

  @Test("eq. 4.9: the posterior's figure by two rules, without its normaliser in one of them")
  func posterior() {
    let data = draws(20, seed: 94)
    let tabulated = reconstructionError(
      data.map { neural.posterior(given: $0) }, data, model: neural)
    let another = posteriorReconstructionError(data, model: neural)
    #expect(abs(tabulated.value - another.value) < 1e-11 && another.error < 1e-10)
  }

  /// The nodes of the encoder's grid, not a point within their cells: E‖x − f(z)‖² over the
  /// posterior.
  @Test("eq. 4.9: a perfect encoder leaves the noise, decoding included")
  func perfectEncoder() {
    var generator = Threefry(seed: 92)
    let encoder = PosteriorEncoder(of: neural)
    let estimate = Estimate(draws: 20_000) { encoder.distance(using: &generator) }
    #expect(abs(estimate.mean - meanNoise(of: neural).value) < 5 * estimate.standardError)
    // a decoder that adds its noise again would double it
    #expect(estimate.mean + 5 * estimate.standardError < 2 * meanNoise(of: neural).value)
  }

  @Test("eq. 4.9: averaged over the posterior and over x it is the noise too, by quadrature")
  func totalExpectation() {
    let posteriors = draws(400, seed: 93).map { ($0, neural.posterior(given: $0)) }
    let distances = Estimate(
      posteriors.map { x, posterior in
        posterior.expectation { squaredDistance(x, to: $0, model: neural) }.value
      })
    #expect(abs(distances.mean - meanNoise(of: neural).value) < 5 * distances.standardError)
  }
}
