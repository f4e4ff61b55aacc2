import TinyNetworks
import TinyNumerics

/// A dense network once more, in loops that follow the formula: S = X·W + b, Y = a(S), one row at a
/// time, no kernels. It knows the sums S of the hidden units, which training overwrites.
struct PlainNetwork {
  let network: DenseNetwork<Double>

  init(_ network: DenseNetwork<Double>) { self.network = network }

  /// The output for one input, and the sums of all hidden units on the way.
  func callAsFunction(_ input: [Double]) -> (output: [Double], sums: [Double]) {
    var (x, sums, start) = (input, [Double](), 0)
    for layer in 0..<network.layerCount {
      let (n, m) = (network.widths[layer], network.widths[layer + 1])
      var s = Array(network.parameters[start + n * m..<start + (n + 1) * m])  // b
      for j in 0..<m {
        for i in 0..<n { s[j] += x[i] * network.parameters[start + i * m + j] }
      }
      start += (n + 1) * m
      let isHidden = layer < network.layerCount - 1
      if isHidden { sums += s }
      x = isHidden ? s.map(activate) : s
    }
    return (x, sums)
  }

  private func activate(_ s: Double) -> Double {
    switch network.activation {
    case .tanh: return tanh(s) as Double
    case .relu: return max(s, 0)
    case .softplus: return softplus(s)
    }
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
