import TinyNumerics

/// A dense network and its backward pass as the algebra has them (eq. 5.8), one example at a time.
/// `DenseNetwork` is the same, fast; a test holds every entry of its gradients to these.
public struct PlainNetwork: Sendable {
  /// Layer l has n + 1 rows of m numbers: the weights W, and below them the biases b.
  public private(set) var layers: [[[Double]]]
  public let activation: Activation
  /// ∂loss/∂W and ∂loss/∂b, row by row like `layers`, added up over a batch.
  public private(set) var gradient: [[[Double]]]
  /// Adam's running averages of the gradient and of its square, and the steps so far.
  private var m: [[[Double]]]
  private var v: [[[Double]]]
  private var steps = 0.0

  public init(_ network: DenseNetwork<Double>) {
    (layers, activation) = (network.layers, network.activation)
    gradient = layers.map { $0.map { $0.map { _ in 0 } } }
    (m, v) = (gradient, gradient)
  }

  /// Each layer's sums s = xW + b and outputs y = a(s); y[0] is the input, and the last y its s.
  public func forward(_ input: [Double]) -> (s: [[Double]], y: [[Double]]) {
    var (s, y): ([[Double]], [[Double]]) = ([], [input])
    for (l, layer) in layers.enumerated() {
      s.append(layer[y[l].count])  // b: m
      for i in y[l].indices { add(layer[i], times: y[l][i], to: &s[l]) }  // s = xW + b: n × m
      y.append(l == layers.count - 1 ? s[l] : s[l].map(activation.value))  // y = a(s): m
    }
    return (s, y)
  }

  /// From ȳ = ∂loss/∂output to ∂loss/∂input; W̄ and b̄ are added to `gradient` on the way.
  public mutating func backward(_ s: [[Double]], _ y: [[Double]], from yBar: [Double]) -> [Double] {
    var sBar = yBar
    for l in layers.indices.reversed() {
      let x = y[l]
      for i in x.indices { add(sBar, times: x[i], to: &gradient[l][i]) }  // W̄ = xᵀs̄: n × m
      add(sBar, times: 1, to: &gradient[l][x.count])  // b̄ = s̄: m
      let xBar = x.indices.map { dot(sBar, layers[l][$0]) }  // x̄ = s̄Wᵀ: n
      if l == 0 { return xBar }
      sBar = x.indices.map { xBar[$0] * activation.slope(s[l - 1][$0]) }  // s̄ = ȳ ∘ a′(s)
    }
    return sBar
  }

  /// Adam's step down the mean gradient of a batch, which is then forgotten.
  public mutating func descend(batch: Int, rate: Double) {
    steps += 1
    let (mShare, vShare) = (1 - pow(0.9, steps), 1 - pow(0.999, steps))
    for l in layers.indices {
      for i in layers[l].indices {
        for j in layers[l][i].indices {
          let g = gradient[l][i][j] / Double(batch)
          m[l][i][j] = 0.9 * m[l][i][j] + 0.1 * g
          v[l][i][j] = 0.999 * v[l][i][j] + 0.001 * g * g
          let (mHat, vHat) = (m[l][i][j] / mShare, v[l][i][j] / vShare)
          layers[l][i][j] -= rate * mHat / (vHat.squareRoot() + 1e-8)
          gradient[l][i][j] = 0
        }
      }
    }
  }
}
