import TinyNetworks
import TinyNumerics

extension PlainNetwork {
  /// The output for one input, and the sums of all hidden units on the way, which the kernels
  /// overwrite.
  func callAsFunction(_ input: [Double]) -> (output: [Double], sums: [Double]) {
    let (s, _) = forward(input)
    return (s[s.count - 1], Array(s.dropLast().joined()))
  }
}

extension DenseNetwork {
  /// Where each layer's W and b stand among the parameters.
  var blocks: [(name: String, range: Range<Int>)] {
    var start = 0
    return (0..<layerCount).flatMap { layer in
      let (n, m) = (widths[layer], widths[layer + 1])
      let weights = start..<start + n * m
      start += (n + 1) * m
      return [
        ("W\(layer + 1), \(n) × \(m)", weights),
        ("b\(layer + 1), \(m)", weights.upperBound..<start),
      ]
    }
  }
}
