import Foundation
import TestSupport
import Testing
import TinyNetworks
import TinyNumerics

@testable import ImageModels

@Suite("eq. 6.7: what the decoder's outputs are taken for")
struct ScoringTests {
  private static let scorings: [Scoring] = [
    .density(.bernoulli), .density(.categorical(levels: 5)), .coarse(levels: 5, threshold: 1),
    .coarse(levels: 5, threshold: 2), .coarse(levels: 5, threshold: 4),
    .density(.gaussian(varianceFloor: 0.01)), .cells(5, varianceFloor: 0.01),
  ]

  private func likelihood(of scoring: Scoring) -> Likelihood {
    switch scoring {
    case .density(let likelihood): likelihood
    case .coarse(let levels, _): .categorical(levels: levels)
    case .cells(_, let floor): .gaussian(varianceFloor: floor)
    }
  }

  private func image(for scoring: Scoring, using generator: inout Threefry) -> [Double] {
    (0..<3).map { _ in
      switch scoring {
      case .density(.bernoulli): generator.uniform() < 0.5 ? 1 : 0
      case .density(.gaussian), .cells: generator.uniform()
      default: Double(Int(5 * generator.uniform())) / 4
      }
    }
  }

  /// p(x_j|z), written as the definitions have it, from a pixel's own parameters.
  private func probability(_ x: Double, _ scoring: Scoring, _ parameters: [Double]) -> Double {
    let powers = parameters.map { exp($0) }
    let softmax = powers.map { $0 / powers.reduce(0, +) }
    switch scoring {
    case .density(.bernoulli): return x == 1 ? powers[0] / (1 + powers[0]) : 1 / (1 + powers[0])
    case .density(.categorical): return softmax[Int((4 * x).rounded())]
    case .coarse(_, let threshold):
      let isBright = Int((4 * x).rounded()) >= threshold
      return (isBright ? softmax[threshold...] : softmax[..<threshold]).reduce(0, +)
    case .density(.gaussian(let floor)):
      let variance = floor + powers[1]
      let difference = x - parameters[0]
      return exp(-difference * difference / (2 * variance)) / (2 * .pi * variance).squareRoot()
    case .cells(let count, let floor):
      let scale = (2 * (floor + powers[1])).squareRoot()
      func place(_ edge: Int) -> Double { (Double(edge) / Double(count) - parameters[0]) / scale }
      let k = Int(Double(count) * x)
      let (lower, upper) = (
        k == 0 ? -.infinity : place(k), k == count - 1 ? .infinity : place(k + 1)
      )
      // In the nearer tail, where the difference keeps its digits.
      return lower > 0
        ? 0.5 * (erfc(lower) - erfc(upper)) : 0.5 * (erfc(-upper) - erfc(-lower))
    }
  }

  @Test(
    "eq. 6.7: log p(x|z) of many images at many points, as the definition has it",
    arguments: scorings)
  func grid(scoring: Scoring) {
    var generator = Threefry(seed: 672)
    let model = smallModel(
      pixels: 3, latent: 2, likelihood: likelihood(of: scoring), seed: 5, decoderGain: 2)
    let images = (0..<4).map { _ in image(for: scoring, using: &generator) }
    let points = (0..<7).map { _ in [generator.normal(), generator.normal()] }
    let grid = LogLikelihoodGrid(model.decoder, images: Rows(images), scoring: scoring)
    let values = grid(Rows(points))
    #expect(values.count == 7 && values.width == 4 && grid.imageCount == 4)
    for (p, z) in points.enumerated() {
      let outputs = model.decoder(Rows([z]))[0]
      for (i, image) in images.enumerated() {
        let plain = image.indices.reduce(0) { sum, j in
          let parameters = stride(from: j, to: outputs.count, by: 3).map { outputs[$0] }
          return sum + log(probability(image[j], scoring, parameters))
        }
        #expect(abs(values[p][4 * p + i] - plain) < 1e-11)
      }
    }
  }

  @Test("eq. 6.7: without a scoring the model's own likelihood is meant")
  func standard() {
    for likelihood: Likelihood in [.bernoulli, .categorical(levels: 5)] {
      let model = smallModel(pixels: 3, latent: 2, likelihood: likelihood, seed: 6)
      let (a, b) = (
        LogLikelihoodGrid(model.decoder, images: Rows([[0, 1, 1]])),
        LogLikelihoodGrid(
          model.decoder, images: Rows([[0, 1, 1]]), scoring: .density(likelihood))
      )
      #expect(a(Rows([[0.4, -1]])) == b(Rows([[0.4, -1]])))
    }
  }

  /// Logits of hundreds, where a plain exponential overflows: the sides of the threshold still sum
  /// to 1.
  @Test("eq. 6.7: coarse-grained, the two sides sum to 1; no side is less probable than its levels")
  func coarse() {
    var generator = Threefry(seed: 673)
    for gain in [1, 30, 900.0] {
      var model = smallModel(pixels: 1, latent: 1, likelihood: .categorical(levels: 5), seed: 7)
      model.decoder.network.parameters = model.decoder.network.parameters.map { _ in
        gain * generator.normal()
      }
      let z = Rows([[generator.normal()]])
      let levels = Rows((0..<5).map { [Double($0) / 4] })
      let fine = LogLikelihoodGrid(model.decoder, images: levels)(z).numbers
      for threshold in 1...4 {
        let scoring = Scoring.coarse(levels: 5, threshold: threshold)
        let coarse = LogLikelihoodGrid(model.decoder, images: levels, scoring: scoring)(z).numbers
        #expect(abs(exp(coarse[0]) + exp(coarse[4]) - 1) < 1e-12)
        #expect(coarse[0] == coarse[threshold - 1] && coarse[4] == coarse[threshold])
        // log p comes from differences of logits, so it is as good as the largest of them.
        let allowance = 1e-14 * gain * 10
        #expect(abs(coarse[4] - logSumExp(Array(fine[threshold...]))) < allowance)
        #expect(abs(coarse[0] - logSumExp(Array(fine[..<threshold]))) < allowance)
      }
    }
  }

  @Test("eq. 6.7: the variance is its floor and what the network adds, whatever it says")
  func variances() {
    let pixels = normals([0.1, 0.2, 0.3, 0, -1000, 1e6], floor: 0.01)
    #expect(pixels.map(\.mean) == [0.1, 0.2, 0.3])
    #expect(abs(pixels[0].variance - 1.01) < 1e-15 && abs(pixels[1].variance - 0.01) < 1e-17)
    #expect(pixels[2].standardDeviation.isFinite && pixels[2].standardDeviation > 1e150)
  }

  @Test("eq. 6.7: pixels on the edges lie in the outer cells")
  func edges() {
    let model = smallModel(
      pixels: 1, latent: 1, likelihood: .gaussian(varianceFloor: 0.01), seed: 8)
    let scoring = Scoring.cells(4, varianceFloor: 0.01)
    let images = Rows([-0.5, 0, 0.2499, 0.25, 0.75, 1, 1.5], width: 1)
    let values = LogLikelihoodGrid(model.decoder, images: images, scoring: scoring)(
      Rows([[0.3]])
    ).numbers
    #expect(values[0] == values[1] && values[1] == values[2] && values[2] != values[3])
    #expect(values[4] == values[5] && values[5] == values[6])
  }
}
