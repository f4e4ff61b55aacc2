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
    var model = smallModel(pixels: pixels, latent: 2, likelihood: likelihood, seed: 9)
    model.decoder.ignoreLatents()
    model.answerWithPrior()
    let network = model.decoder.network
    return (model, network.parameters.suffix(network.outputWidth))
  }

  private func bits(
    of model: VariationalAutoencoder<Double>, _ images: Rows<Double>, scoring: Scoring? = nil,
    offset: Double = 0
  ) -> Bits {
    PixelModel(model: model, images: images).bits(scoring, offset: offset, draws: 200, seed: 1)
  }

  @Test("eq. 6.7: bits = −log p(x) / (J log 2), plus log₂ K for a density")
  func bits() {
    let (model, logits) = known(.bernoulli, pixels: 4)
    let images = Rows([[1.0, 0, 0, 1], [1, 1, 1, 0]])
    let ours = bits(of: model, images)
    // log₂ of the probabilities of eight pixels, over eight.
    let exact = images.numbers.enumerated().reduce(0) { sum, pixel in
      let p = sigmoid(logits[logits.startIndex + pixel.offset % 4])
      return sum - log2(pixel.element == 1 ? p : 1 - p) / 8
    }
    #expect(abs(ours.mean - exact) <= 1e-8 + ours.error)
    #expect(abs(ours.ratio.mean - 1) < 5 * ours.ratio.standardError)
    let shifted = bits(of: model, images, offset: 4.087462841250339)
    #expect(abs(shifted.mean - ours.mean - 4.087462841250339) < 1e-14, "log₂ 17 is added")
  }

  @Test("eq. 6.7: p(x) sampled over p(x) by the grid averages 1, whatever decoder and guide")
  func ratio() {
    let model = smallModel(
      pixels: 4, latent: 2, likelihood: .categorical(levels: 3), seed: 10, decoderGain: 4)
    let ours = bits(of: model, Rows([[1, 0, 0.5, 1], [0.5, 1, 1, 0]]))
    #expect(abs(ours.ratio.mean - 1) < 5 * ours.ratio.standardError)
    #expect(ours.ratio.standardError > 1e-3 && ours.ratio.standardError < 0.2)
  }

  @Test("eq. 6.7: a pixel's own decoder gives that pixel's outputs", arguments: 0...3)
  func singlePixel(j: Int) {
    let model = smallModel(pixels: 4, latent: 2, likelihood: .categorical(levels: 3), seed: 12)
    let z = Rows([[0.3, -1.2]])
    let all = model.decoder(z).numbers
    let single = model.decoder.pixel(j)(z).numbers
    #expect(zip(single, [all[j], all[4 + j], all[8 + j]]).allSatisfy { abs($0 - $1) < 1e-14 })
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

  @Test(
    "eq. 6.7: a Gaussian's pixels by cells, against closed forms, and below the density's bound")
  func cells() {
    let (model, outputs) = known(.gaussian(varianceFloor: PixelEncoding.varianceFloor), pixels: 2)
    let pixels = normals(outputs, floor: PixelEncoding.varianceFloor)
    let image = Rows([[5.5 / 17, 11.5 / 17]])
    let scoring = Scoring.cells(17, varianceFloor: PixelEncoding.varianceFloor)
    let ours = bits(of: model, image, scoring: scoring)
    let exact = zip(pixels, [5, 11]).reduce(0) {
      $0 - logProbability(ofCell: $1.1, of: 17, under: $1.0) / (2 * log(2))
    }
    #expect(abs(ours.mean - exact) <= 1e-8 + ours.error)
    #expect(
      exact < (dequantisedBits(pixels[0], cell: 5) + dequantisedBits(pixels[1], cell: 11)) / 2)
  }
}
