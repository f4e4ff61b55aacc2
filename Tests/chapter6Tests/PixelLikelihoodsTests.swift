import Foundation
import ImageModels
import TestSupport
import Testing
import TinyNetworks
import TinyNumerics

@testable import chapter6

@Suite("eq. 6.7: bits a pixel")
struct PixelLikelihoodsTests {
  /// A decoder that does not look at z, and a guide that is the prior: every weight is p(x).
  private func known(
    _ likelihood: Likelihood, pixels: Int
  ) -> (VariationalAutoencoder<Double>, outputs: ArraySlice<Double>) {
    var model = smallModel(pixels: pixels, latent: 3, likelihood: likelihood, seed: 9)
    model.decoder.ignoreLatents()
    model.answerWithPrior()
    let network = model.decoder.network
    return (model, network.parameters.suffix(network.outputWidth))
  }

  private func evidence(
    of model: VariationalAutoencoder<Double>, _ images: Rows<Double>, draws: Int,
    scoring: Scoring? = nil
  ) -> EstimatedEvidence {
    EstimatedEvidence(
      of: model.decoder, guides: model.guides(for: images), images: images, scoring: scoring,
      draws: draws, seed: 1)
  }

  @Test("eq. 6.7: bits = −log p(x) / (J log 2), exactly where p(x) is known")
  func bits() {
    let (model, logits) = known(.bernoulli, pixels: 4)
    let images = Rows([[1.0, 0, 0, 1], [1, 1, 1, 0]])
    let evidence = evidence(of: model, images, draws: 20)
    let bits = Bits(evidence, pixels: 4)
    // log₂ of the probabilities of eight pixels, over eight.
    let exact = images.numbers.enumerated().reduce(0) { sum, pixel in
      let p = sigmoid(logits[logits.startIndex + pixel.offset % 4])
      return sum - log2(pixel.element == 1 ? p : 1 - p) / 8
    }
    #expect(abs(bits.mean - exact) < 1e-13)
    #expect(bits.standardError < 1e-13)
    let shifted = Bits(evidence, pixels: 4, offset: 4.087462841250339)
    #expect(abs(shifted.mean - bits.mean - 4.087462841250339) < 1e-14, "log₂ 17 is added")
  }

  @Test("eq. 6.7: bits a pixel = −log p / (J log 2), plus log₂ K for a density")
  func bitsOfWidelyDrawn() {
    var model = smallModel(pixels: 4, latent: 2, seed: 67, decoderGain: 2)
    model.decoder.ignoreLatents()
    let logits = model.decoder.network.parameters.suffix(4)
    let images = Rows([[1.0, 0, 0, 1]])
    let evidence = evidence(of: model, images, draws: 200)
    let exact = zip(logits, images.numbers).reduce(0) {
      $0 - Bernoulli(logit: $1.0).logProbability($1.1 == 1) / log(2) / 4
    }
    let bits = Bits(evidence, pixels: 4)
    // The decoder ignores z, but the mixture's weights p(z)/q_α(z) still vary.
    #expect(abs(bits.mean - exact) < 5 * bits.standardError)
    #expect(bits.standardError < 0.05)
    let shifted = Bits(evidence, pixels: 4, offset: log2(17))
    #expect(abs(shifted.mean - bits.mean - 4.087462841250339) < 1e-12)
  }

  @Test("eq. 6.7: the standard error is in bits a pixel, too")
  func standardError() {
    let model = smallModel(pixels: 4, latent: 2, likelihood: .bernoulli, seed: 10, decoderGain: 4)
    let evidence = evidence(of: model, Rows([[1, 0, 0, 1], [1, 1, 1, 0]]), draws: 50)
    let bits = Bits(evidence, pixels: 4)
    let squares = evidence.weights.reduce(0) { $0 + pow($1.relativeStandardError, 2) }
    let nats = squares.squareRoot() / 2
    #expect(nats > 1e-3 && abs(bits.standardError * 4 * log(2) - nats) < 1e-14)
  }

  /// With u uniform and centre c of a cell of width w,
  /// E_u[log N(k + u)] = log N(c; µ, σ²) − w²/24σ²: the bound's looseness is known.
  private func dequantisedBits(_ p: Normal, cell k: Int) -> Double {
    let width = 1 / 17.0
    let centre = (Double(k) + 0.5) * width
    let expected = p.logDensity(centre) - width * width / (24 * p.variance)
    return -expected / log(2) + log2(17)
  }

  @Test(
    "eq. 6.7: the dequantised bits are no fewer than the cells', and come near for wide normals")
  func bound() {
    var generator = Threefry(seed: 674)
    for _ in 0..<400 {
      let sigma = (1e-4 + exp(3 * generator.normal() - 6)).squareRoot()
      let p = Normal(mean: 0.5 + 0.3 * generator.normal(), standardDeviation: sigma)
      let k = 1 + Int(15 * generator.uniform())
      let cells = -logProbability(ofCell: k, of: 17, under: p) / log(2)
      let dequantised = dequantisedBits(p, cell: k)
      #expect(dequantised >= cells - 1e-9)
      // Wide normals make the bound tight: a density's bits without the + log₂ 17 are too few.
      if sigma > 0.3 { #expect(dequantised - log2(17) < cells) }
    }
    let wide = Normal(mean: 0.4, standardDeviation: 10)
    let cells = -logProbability(ofCell: 7, of: 17, under: wide) / log(2)
    #expect(abs(dequantisedBits(wide, cell: 7) - cells) < 1e-5)
  }

  /// Through everything that the row runs: encoding, evidence, scoring, bits.
  @Test("eq. 6.7: a Gaussian's pixels, dequantised 2,000 times and by cells, against closed forms")
  func endToEnd() {
    let (model, outputs) = known(.gaussian(varianceFloor: PixelEncoding.varianceFloor), pixels: 2)
    let pixels = normals(outputs, floor: PixelEncoding.varianceFloor)
    let encoding = PixelEncoding(.gaussian, brightest: 16)
    var generator = Threefry(seed: 675)
    let image: [UInt8] = [5, 11]
    let copies: Rows<Double> = encoding.entries(
      Array(repeating: image, count: 2000)[...], using: &generator)
    let density = evidence(of: model, copies, draws: 1)
    let bits = Estimate(density.logEvidence.map { log2(17) - $0 / (2 * log(2)) })
    let exact = (dequantisedBits(pixels[0], cell: 5) + dequantisedBits(pixels[1], cell: 11)) / 2
    #expect(abs(bits.mean - exact) < 5 * bits.standardError)
    let whole = Bits(density, pixels: 2, offset: log2(17))
    #expect(abs(whole.mean - bits.mean) < 1e-12)

    let scoring = Scoring.cells(17, varianceFloor: PixelEncoding.varianceFloor)
    let cells = Bits(
      evidence(of: model, copies.rows(0..<10), draws: 2, scoring: scoring), pixels: 2)
    let byCells = zip(pixels, image).reduce(0) {
      $0 - logProbability(ofCell: Int($1.1), of: 17, under: $1.0) / (2 * log(2))
    }
    #expect(abs(cells.mean - byCells) < 1e-12)
    #expect(cells.mean < exact)
  }
}
