import TinyNumerics

/// What a hidden unit does with its weighted sum. Each derivative is a function of the *output* y,
/// so that the backward pass need not remember the sum.
public enum Activation: String, CaseIterable, Sendable {
  /// y = tanh x, dy/dx = 1 − y².
  case tanh
  /// y = max(x, 0), dy/dx = 1 where y > 0, else 0.
  case relu
  /// y = log(1 + eˣ), dy/dx = sigmoid(x) = 1 − e^{−y}.
  case softplus

  /// y = a(x).
  public func value(_ x: Double) -> Double {
    switch self {
    case .tanh: TinyNumerics.tanh(x)
    case .relu: max(x, 0)
    case .softplus: TinyNumerics.softplus(x)
    }
  }

  /// a′(x), from the sum x itself.
  public func slope(_ x: Double) -> Double {
    switch self {
    case .tanh: 1 - value(x) * value(x)
    case .relu: x > 0 ? 1 : 0
    case .softplus: sigmoid(x)
    }
  }

  @inline(__always)
  func callAsFunction<S: NetworkScalar>(_ x: SIMD8<S>) -> SIMD8<S> {
    switch self {
    case .tanh:
      let e = S.exp(-2 * magnitude(x))
      return (2 * S.step(x) - 1) * (1 - e) / (1 + e)
    case .relu:
      return S.positivePart(x)
    case .softplus:
      return S.positivePart(x) + S.log(1 + S.exp(-magnitude(x)))
    }
  }

  @inline(__always)
  func derivative<S: NetworkScalar>(output y: SIMD8<S>) -> SIMD8<S> {
    switch self {
    case .tanh: return 1 - y * y
    case .relu: return S.step(y)
    case .softplus: return 1 - S.exp(-y)
    }
  }
}

@inline(__always)
func magnitude<S: NetworkScalar>(_ x: SIMD8<S>) -> SIMD8<S> {
  2 * S.positivePart(x) - x
}

/// tanh of eight numbers side by side; absolute error below 4e-16.
public func tanh(_ x: SIMD8<Double>) -> SIMD8<Double> { Activation.tanh(x) }
