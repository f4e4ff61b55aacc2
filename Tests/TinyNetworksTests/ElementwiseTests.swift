import Foundation
import Testing

@testable import TinyNetworks
@testable import TinyNumerics

/// The elementwise functions of the network module against Foundation's.
@Suite("elementwise functions")
struct ElementwiseTests {
  /// Points across the range, dense near 0.
  static let points = (-400...400).map { Double($0) / 5 } + (-40...40).map { Double($0) / 1000 }

  @Test("exp: relative error within 2 ulp of Double, 1.3e-7·(1 + |x|/80) of Float")
  func exponential() {
    for x in Self.points {
      let double = Double.exp(SIMD8(repeating: x))[3]
      #expect(abs(double / Foundation.exp(x) - 1) <= 2 * .ulpOfOne)
      let single = Float.exp(SIMD8(repeating: Float(x)))[3]
      let exact = Foundation.exp(Double(Float(x)))
      #expect(abs(Double(single) / exact - 1) <= 1.3e-7 * (1 + abs(x) / 80))
    }
  }

  @Test("exp to the ends of its range, in Double")
  func wideExponential() {
    for x in stride(from: -708, through: 709, by: 0.37) {
      #expect(abs(Double.exp(SIMD8(repeating: x))[7] / Foundation.exp(x) - 1) <= 2 * .ulpOfOne)
    }
  }

  @Test(
    "exp beyond its range is its smallest or largest power",
    arguments: [0.1, 0.5, 0.9, 1, 3, 1e4, 1e30])
  func exponentialEnds(excess: Double) {
    for end in [-87, 88] as [Float] {
      let beyond = end + (end < 0 ? -1 : 1) * Float(excess)
      #expect(Float.exp(SIMD8(repeating: beyond))[0] == Float.exp(SIMD8(repeating: end))[0])
    }
    for end in [-708.0, 709] {
      let beyond = end + (end < 0 ? -1 : 1) * excess
      #expect(Double.exp(SIMD8(repeating: beyond))[0] == Double.exp(SIMD8(repeating: end))[0])
    }
  }

  @Test("log over many binades")
  func logarithm() {
    for x in Self.points.map({ Foundation.exp($0) }) {
      let scale = max(1, abs(Foundation.log(x)))
      #expect(abs(Double.log(SIMD8(repeating: x))[5] - Foundation.log(x)) <= 2 * .ulpOfOne * scale)
      let single = Double(Float.log(SIMD8(repeating: Float(x)))[5])
      #expect(abs(single - Foundation.log(Double(Float(x)))) <= 1.2e-7 * scale)
    }
  }

  @Test("activations and their derivatives", arguments: Activation.allCases)
  func activations(_ activation: Activation) {
    for x in Self.points where abs(x) < 30 && x != 0 {
      let (value, slope) = reference(activation, x)
      let y = activation(SIMD8(repeating: x))[1]
      #expect(abs(y - value) <= 4e-16 * max(1, abs(value)), "\(activation) at \(x)")
      let derivative = activation.derivative(output: SIMD8(repeating: y))[1]
      #expect(abs(derivative - slope) <= 1e-15, "\(activation)′ at \(x)")
    }
  }

  private func reference(_ activation: Activation, _ x: Double) -> (Double, Double) {
    switch activation {
    case .tanh: (Foundation.tanh(x), 1 / pow(cosh(x), 2))
    case .relu: (max(x, 0), x > 0 ? 1 : 0)
    case .softplus: (softplus(x), sigmoid(x))
    }
  }
}
