import Foundation
import Testing
import TinyNetworks
import TinyNumerics
import ToyModels

@testable import chapter4

@Suite("the exact ELBO of the neural model")
struct ELBOTests {
  @Test("the decoder as one network decodes as the model does", arguments: [-4, -1.2, 0, 0.3, 2.5])
  func decoder(z: Double) {
    let (f, g) = neural.decode(z)
    let output = SIMD4(neuralDecoder([z], rows: 1))
    let plain = PlainDecoder(neuralDecoder)
    for j in 0..<4 { #expect(abs(plain(z)[j] - output[j]) < 1e-14) }
    for (a, b) in [(output.x, f.x), (output.y, f.y), (output.z, g.x), (output.w, g.y)] {
      #expect(abs(a - b) < 1e-14)
    }
    let x = SIMD2(0.4, -1.1)
    let value = logLikelihood(x, decoded: output).value
    #expect(abs(value - neural.logLikelihood(x, given: z)) < 1e-12 * (1 + abs(value)))
    let joint = neural.logJoint(x, z)
    #expect(abs(plain.logJoint(x, z) - joint) < 1e-12 * (1 + abs(joint)))
  }

  /// `scipy.integrate.quad` of φ(u) log p(x|µ + σu), epsrel=1e-12, minus the closed-form
  /// divergence.
  @Test(
    "golden values at µ = 0.3, log σ² = −1",
    arguments: [
      (SIMD2(0.48, 0.30), -17.7601583118889), (SIMD2(-0.5, 1.9), -13.1859324235919),
      (SIMD2(1.5, 1.0), -10.8289170314926),
    ])
  func golden(x: SIMD2<Double>, elbo: Double) {
    var batch = BatchELBO(data: [x], decoder: neuralDecoder, cells: 96)
    let value = batch([0.3, -1], decoder: neuralDecoder).values[0]
    #expect(abs(value - elbo) < 1e-11)
    let scanned = ScannedELBO(
      guide([0.3, -1]), model: neural, rule: GaussHermite(nodes: 128))
    #expect(abs(scanned(x) - elbo) < 1e-5)  // Gauss–Hermite sees the decoder's poles
  }

  @Test("two roads: nodes of the noise, and five expectations without x")
  func twoRoads() {
    let data = draws(5, seed: 1)
    for lambda in [[-1.2, -5], [0.4, -3], [1.7, -2.5]] {
      var batch = BatchELBO(data: data, decoder: neuralDecoder)
      let values = batch(Array(data.map { _ in lambda }.joined()), decoder: neuralDecoder).values
      let scanned = ScannedELBO(guide(lambda), model: neural, rule: GaussHermite(nodes: 64))
      for (value, x) in zip(values, data) {
        #expect(abs(value - scanned(x)) < 1e-10 * (1 + abs(value)))
      }
    }
  }

  @Test("the gradients by λ and by θ against central differences")
  func gradients() {
    let data = draws(4, seed: 2)
    let lambda = [0.5, -2, -1.1, -3, 0.2, 0.4, 1.5, -1]
    var batch = BatchELBO(data: data, decoder: neuralDecoder)
    let result = batch(lambda, decoder: neuralDecoder)
    func sum(_ lambda: [Double], _ decoder: DenseNetwork<Double>) -> Double {
      var batch = BatchELBO(data: data, decoder: decoder)
      return batch(lambda, decoder: decoder).values.reduce(0, +)
    }
    let byLambda = numericalGradient(lambda) { sum($0, neuralDecoder) }
    #expect(relativeDistance(result.gradient, byLambda) < 1e-7)
    let byTheta = numericalGradient(neuralDecoder.parameters) { parameters in
      var decoder = neuralDecoder
      decoder.parameters = parameters
      return sum(lambda, decoder)
    }
    #expect(relativeDistance(result.decoderGradient, byTheta) < 1e-7)
  }

  @Test("the error estimate is honest: what a third of the nodes changes")
  func errorEstimate() {
    let data = draws(6, seed: 3)
    for lambda in [[0.0, 0.0], [0.5, -1], [-1, -4]] {
      let all = Array(data.map { _ in lambda }.joined())
      let values = [48, 16, 192].map { cells in
        var batch = BatchELBO(data: data, decoder: neuralDecoder, cells: cells)
        return batch(all, decoder: neuralDecoder).values
      }
      for i in data.indices {
        let error = abs(values[0][i] - values[1][i])
        #expect(abs(values[0][i] - values[2][i]) <= error + 1e-12 * abs(values[2][i]))
      }
    }
  }
}
