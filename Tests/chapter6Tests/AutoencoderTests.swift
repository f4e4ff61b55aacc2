import Foundation
import Testing
import TinyNetworks
import TinyNumerics

@testable import chapter6

private func small(seed: UInt64, gain: Double = 1) -> VariationalAutoencoder<Double> {
  var generator = Threefry(seed: seed)
  var model = VariationalAutoencoder<Double>(
    dataWidth: 5, hidden: [4], latentDimension: 2, activation: .softplus, likelihood: .bernoulli,
    using: &generator)
  model.encoder.parameters = model.encoder.parameters.map { gain * $0 }
  model.decoder.network.parameters = model.decoder.network.parameters.map { gain * $0 }
  return model
}

private func binaryImages(_ count: Int, seed: UInt64) -> [Double] {
  var generator = Threefry(seed: seed)
  return (0..<5 * count).map { _ in generator.uniform() < 0.5 ? 1 : 0 }
}

@Suite("eq. 6.9: an autoencoder as a generative model")
struct AutoencoderTests {
  private let autoencoder: Autoencoder

  init() throws {
    autoencoder = try #require(
      Autoencoder(small(seed: 1, gain: 4), training: binaryImages(30, seed: 2)))
  }

  @Test("eq. 6.9: codes on a point are refused, and codes that are no numbers")
  func collapsed() {
    var model = small(seed: 1)
    model.encoder.parameters = model.encoder.parameters.map { _ in 0 }
    #expect(Autoencoder(model, training: binaryImages(30, seed: 2))?.codes == nil)
    model.encoder.parameters = model.encoder.parameters.map { _ in .nan }
    #expect(Autoencoder(model, training: binaryImages(30, seed: 2))?.codes == nil)
  }

  @Test("eq. 6.9: the codes' Gaussian has their mean and covariance, over N")
  func moments() {
    let codes = autoencoder.model.guides(for: binaryImages(30, seed: 2), rows: 30).map(\.mean)
    for i in 0..<2 {
      #expect(abs(autoencoder.codes.mean[i] - mean(codes.map { $0[i] })) < 1e-13)
      for j in 0..<2 {
        let product = mean(codes.map { $0[i] * $0[j] })
        let covariance = product - mean(codes.map { $0[i] }) * mean(codes.map { $0[j] })
        #expect(abs(autoencoder.codes.covariance[i, j] - covariance) < 1e-12)
      }
    }
    #expect(abs(autoencoder.codes.covariance[0, 1]) > 1e-3, "correlated, so that L is no diagonal")
  }

  @Test("eq. 6.9: the fitted prior's decoder at u is the decoder at m + Lu")
  func fittedPrior() {
    var generator = Threefry(seed: 3)
    let fitted = autoencoder.withFittedPrior
    for _ in 0..<20 {
      let u = [generator.normal(), generator.normal()]
      let z = zip(autoencoder.codes.mean, autoencoder.codes.cholesky.factor * u).map(+)
      let (a, b) = (fitted.decoder(u, rows: 1), autoencoder.model.decoder(z, rows: 1))
      #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-12 })
    }
  }

  @Test("eq. 6.9: the evidence of an image under the fitted prior, by Gauss–Hermite in the codes")
  func evidence() {
    let image = binaryImages(1, seed: 4)
    let value = chapter6.logEvidence(of: autoencoder.withFittedPrior, images: image).values[0]
    let p = autoencoder.codes.expectation { z in
      exp(LogLikelihoodGrid(autoencoder.model, images: image)(z)[0])
    }
    #expect(abs(value - log(p.value)) < p.error / p.value + 1e-4)
    let plain = chapter6.logEvidence(of: autoencoder.model, images: image).values[0]
    #expect(abs(value - plain) > 1e-3, "another prior, another evidence")
  }
}

@Suite("eq. 6.10: what latents are used for")
struct LatentUseTests {
  /// An encoder of zeros with last biases (µ₁, µ₂, log σ₁², log σ₂²).
  private func constant(_ biases: [Double]) -> VariationalAutoencoder<Double> {
    var model = small(seed: 5)
    let count = model.encoder.parameterCount
    model.encoder.parameters = Array(repeating: 0, count: count - 4) + biases
    return model
  }

  @Test("eq. 6.10: a guide that is the prior pays nothing; one that does not move is inactive")
  func constants() {
    let collapsed = LatentUse(of: constant([0, 0, 0, 0]), images: binaryImages(9, seed: 6))
    #expect(collapsed.divergences == [0, 0] && collapsed.activeCount == 0)
    // ½ (µ² + σ² − 1 − log σ²) at µ = 2, σ = 1 and at µ = 0, σ² = e.
    let still = LatentUse(of: constant([2, 0, 0, 1]), images: binaryImages(9, seed: 6))
    #expect(abs(still.divergences[0] - 2) < 1e-14)
    #expect(abs(still.divergences[1] - 0.5 * (M_E - 2)) < 1e-14)
    #expect(still.variances == [0, 0] && still.activeCount == 0)
  }

  @Test("eq. 6.10: ½ Var ≤ KL for any encoder, and not without the ½", arguments: 1...20)
  func inequality(seed: Int) {
    let images = binaryImages(40, seed: 7)
    let use = LatentUse(of: small(seed: UInt64(seed), gain: 1 + Double(seed)), images: images)
    #expect(use.smallestMargin >= 0)
    #expect(use.activeCount == 2 || seed < 5)
  }

  @Test("eq. 6.10: means ±1 and unit width: KL ½, variance 1, so the bound is met")
  func tight() {
    // µ₁ = ±1 by the first pixel, through two layers that are linear there.
    var generator = Threefry(seed: 1)
    var model = VariationalAutoencoder<Double>(
      dataWidth: 1, hidden: [1], latentDimension: 1, activation: .relu, likelihood: .bernoulli,
      using: &generator)
    model.encoder.parameters = [1, 0, 2, 0, -1, 0]  // h = x, µ = 2h − 1, log σ² = 0
    let use = LatentUse(of: model, images: [0, 1])
    #expect(use.divergences == [0.5] && use.variances == [1])
    #expect(use.smallestMargin == 0)
  }
}
