import TinyNumerics

/// Adam: gradient descent whose step is scaled by running averages of the gradient m and of its
/// square v.
///   m ← β₁ m + (1−β₁) g,   v ← β₂ v + (1−β₂) g²,
///   θ ← θ − α m̂ / (√v̂ + ε),   m̂ = m / (1−β₁ᵗ),  v̂ = v / (1−β₂ᵗ).
///
/// - Source: Kingma and Ba, "Adam: A method for stochastic optimization", ICLR 2015, algorithm 1.
public struct Adam<Scalar: NetworkScalar>: Sendable {
  public var learningRate: Double
  public let decay: (first: Double, second: Double)
  public let epsilon: Double
  private var m: [Scalar]
  private var v: [Scalar]
  private var steps = 0

  public init(
    parameterCount: Int, learningRate: Double = 1e-3,
    decay: (first: Double, second: Double) = (0.9, 0.999), epsilon: Double = 1e-8
  ) {
    self.learningRate = learningRate
    self.decay = decay
    self.epsilon = epsilon
    m = Array(repeating: 0, count: parameterCount)
    v = m
  }

  /// One step *down* the gradient.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public mutating func descend(_ parameters: inout [Scalar], gradient: [Scalar]) {
    require(
      parameters.count == m.count && gradient.count == m.count,
      "one gradient entry for each parameter")
    steps += 1
    let t = Double(steps)
    // Both corrections in the step: α m̂/(√v̂ + ε) = α√c₂/c₁ · m/(√v + ε√c₂), with cᵢ = 1 − βᵢᵗ.
    let (c1, rootOfC2) = (1 - pow(decay.first, t), (1 - pow(decay.second, t)).squareRoot())
    let (rate, floor) = (Scalar(learningRate * rootOfC2 / c1), Scalar(epsilon * rootOfC2))
    let (keep1, keep2) = (Scalar(decay.first), Scalar(decay.second))
    let (take1, take2) = (Scalar(1 - decay.first), Scalar(1 - decay.second))
    let count = m.count
    m.withUnsafeMutableBufferPointer { m in
      v.withUnsafeMutableBufferPointer { v in
        parameters.withUnsafeMutableBufferPointer { parameters in
          gradient.withUnsafeBufferPointer { gradient in
            guard let m = m.baseAddress, let v = v.baseAddress, let p = parameters.baseAddress,
              let gradient = gradient.baseAddress
            else { return }
            for i in stride(from: 0, to: count, by: 8) {
              let g = lanes(gradient, at: i, count: count)
              let newM = keep1 * lanes(m, at: i, count: count) + take1 * g
              let newV = keep2 * lanes(v, at: i, count: count) + take2 * (g * g)
              let move = rate * newM / (newV.squareRoot() + floor)
              store(newM, to: m, at: i, count: count)
              store(newV, to: v, at: i, count: count)
              store(lanes(p, at: i, count: count) - move, to: p, at: i, count: count)
            }
          }
        }
      }
    }
  }
}
