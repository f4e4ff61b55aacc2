import TinyNetworks
import TinyNumerics

/// An amortized guide q_φ(z|x) = N(µ(x), σ²(x)): a network from x to λ = (µ, log σ²), one for all
/// x.
struct Guide {
  let name: String
  var network: DenseNetwork<Double>
  /// Which entries of `network.parameters` are trained: φ.
  let trained: Range<Int>

  init(_ name: String, _ network: DenseNetwork<Double>, trained: Range<Int>? = nil) {
    self.name = name
    self.network = network
    self.trained = trained ?? 0..<network.parameterCount
  }

  /// λ for each data point.
  func callAsFunction(_ data: [SIMD2<Double>]) -> GuideParameters {
    network(flattened(data), rows: data.count)
  }

  /// The same q for every x: a linear guide whose weights stay zero.
  static var constant: Guide {
    Guide("constant", denseNetwork(widths: [2, 2], activation: .tanh), trained: 4..<6)
  }

  /// µ and log σ² affine in x, to begin with as the narrower guide has them.
  static func linear(from constant: Guide) -> Guide { Guide("linear", constant.network) }
}

/// x₁, x₂ of the first data point, of the second, …
func flattened(_ data: [SIMD2<Double>]) -> [Double] {
  Array(data.map { [$0.x, $0.y] }.joined())
}

/// The same function as `narrow`, by a network with more hidden units: each new unit listens to
/// every unit of the layer before, and to begin with no old unit listens to it.
func grown(
  _ narrow: DenseNetwork<Double>, widths: [Int], using generator: inout some RandomNumberGenerator
) -> DenseNetwork<Double> {
  require(
    widths.count == narrow.widths.count && zip(widths, narrow.widths).allSatisfy(>=),
    "a wider network has as many layers, none of them narrower")
  var wide = DenseNetwork<Double>(
    widths: widths, activation: narrow.activation, using: &generator)
  var (source, target) = (0, 0)
  for layer in 1..<widths.count {
    let (inputs, outputs) = (narrow.widths[layer - 1], narrow.widths[layer])
    for i in 0..<widths[layer - 1] {
      for j in 0..<outputs {
        wide.parameters[target + i * widths[layer] + j] =
          i < inputs ? narrow.parameters[source + i * outputs + j] : 0
      }
    }
    source += inputs * outputs
    target += widths[layer - 1] * widths[layer]
    for j in 0..<outputs { wide.parameters[target + j] = narrow.parameters[source + j] }
    source += outputs
    target += widths[layer]
  }
  return wide
}
