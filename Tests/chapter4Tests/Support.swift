import TinyNumerics
import ToyModels

@testable import chapter4

// What the tests of this target share.

let neural = NeuralModel.example
let neuralDecoder = decoderNetwork(of: neural)

/// Draws of x from the neural model.
func draws(_ count: Int, seed: UInt64) -> [SIMD2<Double>] {
  var generator = Threefry(seed: seed, stream: 4)
  return (0..<count).map { _ in neural.sample(using: &generator).x }
}

/// Central differences of `f` in every entry of `point`; error O(h²) + O(1e-16/h).
func numericalGradient(_ point: [Double], _ f: ([Double]) -> Double) -> [Double] {
  let h = 1e-5
  return point.indices.map { i in
    var (up, down) = (point, point)
    up[i] += h
    down[i] -= h
    return (f(up) - f(down)) / (2 * h)
  }
}

/// ‖a − b‖/‖b‖.
func relativeDistance(_ a: [Double], _ b: [Double]) -> Double {
  let difference = zip(a, b).map(-)
  return (dot(difference, difference) / dot(b, b)).squareRoot()
}
