import Foundation
import ImageModels
import TestSupport
import Testing
import TinyNetworks
import TinyNumerics

@testable import chapter6

@Suite("eq. 6.9: an autoencoder as a generative model")
struct AutoencoderTests {
  private let autoencoder: Autoencoder
  private let training = coinImages(30, pixels: 5, seed: 2)

  init() throws {
    let model = smallModel(pixels: 5, latent: 2, seed: 1, encoderGain: 4, decoderGain: 4)
    autoencoder = try #require(Autoencoder(model, training: training))
  }

  @Test("eq. 6.9: codes on a point are refused, and codes that are no numbers")
  func collapsed() {
    var model = smallModel(pixels: 5, latent: 2, seed: 1)
    model.encoder.parameters = model.encoder.parameters.map { _ in 0 }
    #expect(Autoencoder(model, training: training)?.codes == nil)
    model.encoder.parameters = model.encoder.parameters.map { _ in .nan }
    #expect(Autoencoder(model, training: training)?.codes == nil)
  }

  @Test("eq. 6.9: the codes' Gaussian has their mean and covariance, over N")
  func moments() {
    let codes = autoencoder.model.guides(for: training).map(\.mean)
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
    let fitted = autoencoder.decoderOfFittedPrior
    for _ in 0..<20 {
      let u = [generator.normal(), generator.normal()]
      let z = zip(autoencoder.codes.mean, autoencoder.codes.cholesky.factor * u).map(+)
      let (a, b) = (fitted(Rows([u])).numbers, autoencoder.model.decoder(Rows([z])).numbers)
      #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-12 })
    }
  }

  @Test("eq. 6.9: the evidence of an image under the fitted prior, by Gauss–Hermite in the codes")
  func evidence() {
    let image = coinImages(1, pixels: 5, seed: 4)
    let value = chapter6.logEvidence(of: autoencoder.decoderOfFittedPrior, images: image).values[0]
    let p = autoencoder.codes.expectation { z in
      exp(LogLikelihoodGrid(autoencoder.model.decoder, images: image)(Rows([z])).numbers[0])
    }
    #expect(abs(value - log(p.value)) < p.error / p.value + 1e-4)
    let plain = chapter6.logEvidence(of: autoencoder.model.decoder, images: image).values[0]
    #expect(abs(value - plain) > 1e-3, "another prior, another evidence")
  }
}
