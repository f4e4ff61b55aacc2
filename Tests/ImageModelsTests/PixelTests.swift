import Foundation
import TestSupport
import Testing
import TinyNetworks
import TinyNumerics

@testable import ImageModels

@Suite("eq. 6.7: what a pixel is")
struct PixelTests {
  /// A model whose decoder does not look at z, so that p(x) is a product over pixels.
  private func model(
    _ likelihood: Likelihood, pixels: Int
  ) -> (VariationalAutoencoder<Double>, outputs: [Double]) {
    var model = smallModel(
      pixels: pixels, latent: 2, likelihood: likelihood, seed: 67, decoderGain: 2)
    model.decoder.ignoreLatents()
    let outputs = Array(model.decoder.network.parameters.suffix(model.decoder.network.outputWidth))
    return (model, outputs)
  }

  @Test("eq. 6.7: coarse levels and cells, scored by the grid as by their definitions")
  func scorings() {
    let (categorical, logits) = model(.categorical(levels: 5), pixels: 3)
    // Two images and two points of z: rows are points, columns images; the decoder ignores z.
    let (images, points) = ([[0, 4, 2], [1, 1, 3]], Rows([[0.3, -1], [2, 0.5]]))
    let coarse = LogLikelihoodGrid(
      categorical.decoder, images: Rows(images.map { $0.map { Double($0) / 4 } }),
      scoring: .coarse(levels: 5, threshold: 2))
    let byHand = images.map { levels in
      levels.enumerated().reduce(0) { sum, pixel in
        let p = softmax((0..<5).map { logits[$0 * 3 + pixel.offset] })
        let isBright = p[2...].reduce(0, +)
        return sum + log(pixel.element >= 2 ? isBright : 1 - isBright)
      }
    }
    for (value, exact) in zip(coarse(points).numbers, byHand + byHand) {
      #expect(abs(value - exact) < 1e-12)
    }

    let (gaussian, outputs) = model(.gaussian(varianceFloor: 0.01), pixels: 3)
    let greys = [[0.05, 0.61, 0.99], [0.7, 0.3, 0.5]]
    let cells = LogLikelihoodGrid(
      gaussian.decoder, images: Rows(greys), scoring: .cells(5, varianceFloor: 0.01))
    let cellsByHand = greys.map { x in
      (0..<3).reduce(0) { sum, j in
        let p = Normal(
          mean: outputs[j], standardDeviation: (0.01 + exp(outputs[3 + j])).squareRoot())
        return sum + logProbability(ofCell: Int(5 * x[j]), of: 5, under: p)
      }
    }
    for (value, exact) in zip(cells(points).numbers, cellsByHand + cellsByHand) {
      #expect(abs(value - exact) < 1e-12)
    }
  }

  private func softmax(_ logits: [Double]) -> [Double] {
    let sum = logits.reduce(0) { $0 + exp($1) }
    return logits.map { exp($0) / sum }
  }

  @Test("encodings: thresholds, levels, dequantised places, and the greys they mean")
  func encodings() {
    var generator = Threefry(seed: 6)
    let image: [[UInt8]] = [[0, 7, 8, 16]]
    let binary: Rows<Double> = PixelEncoding(.bernoulli, brightest: 16)
      .entries(image[...], using: &generator)
    #expect(binary == Rows([[0, 0, 1, 1]]))
    #expect(PixelEncoding(.bernoulli, brightest: 255).threshold == 128)
    #expect(PixelEncoding(.bernoulli, brightest: 1).threshold == 1)
    let levels: Rows<Double> = PixelEncoding(.categorical, brightest: 16)
      .entries(image[...], using: &generator)
    #expect(levels == Rows([[0, 7.0 / 16, 0.5, 1]]))
    let bytes = PixelEncoding(.categorical, brightest: 255)
    #expect(bytes.levels == 16)
    let coarse: Rows<Double> = bytes.entries([[0, 15, 16, 255]], using: &generator)
    #expect(coarse == Rows([[0, 0, 1.0 / 15, 1]]))
    let gaussian = PixelEncoding(.gaussian, brightest: 16)
    for _ in 0..<50 {
      let x: Rows<Double> = gaussian.entries(image[...], using: &generator)
      #expect(zip(x.numbers, image[0]).allSatisfy { Int($0 * 17) == Int($1) && $0 < 1 })
    }
    #expect(gaussian.greys([-1, 0.3, 2, 5, 5, 5]) == [0, 0.3, 1])
    // softmax(0, log 2, 0) = (¼, ½, ¼): mean level 1 of 0…2.
    let greys = PixelEncoding(.categorical, brightest: 2).greys([0, log(2), 0])
    #expect(abs(greys[0] - 0.5) < 1e-15)
  }
}

@Suite("lattices")
struct LatticeTests {
  @Test("every point once, the last coordinate fastest")
  func points() {
    let lattice = Lattice([1, 2, 3], dimension: 2)
    #expect(lattice.count == 9)
    #expect(lattice.points(0..<4) == Rows([[1, 1], [1, 2], [1, 3], [2, 1]]))
    #expect(
      lattice.points.numbers == lattice.points(0..<4).numbers + lattice.points(4..<9).numbers)
    let line = Lattice(Grid(over: 0...2, count: 2), shifted: true, dimension: 1)
    #expect(line.points == Rows([[1], [2]]))
    let q = DiagonalGaussian(mean: [1, -1], standardDeviation: [2, 3])
    #expect(placed(Rows([[1, 1], [0, 2]]), by: q) == Rows([[3, 2], [1, 5]]))
    #expect(abs(logPrior(Rows([[0, 0]]))[0] + 1.8378770664093454836) < 1e-15)
  }
}
