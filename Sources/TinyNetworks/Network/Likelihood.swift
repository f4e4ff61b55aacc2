import TinyNumerics

/// How the decoder's outputs become a probability p(x|z) of the data. Entries are independent given
/// z: log p(x|z) = Σ_j log p(x_j|z).
///
/// A decoder's row of outputs comes in planes of J numbers, one for each entry of x: all first
/// parameters, then all second ones, and so on.
public enum Likelihood: Hashable, Sendable {
  /// Each entry of x is 0 or 1; one plane, the logits ℓ: log p = x ℓ − log(1 + e^ℓ).
  case bernoulli
  /// Each entry is one of K levels k, written as x = k/(K−1); K planes of logits, one a level:
  /// log p = ℓ_k − log Σ_i e^{ℓ_i}.
  case categorical(levels: Int)
  /// Each entry is a real number; two planes, µ and r, with σ² = floor + e^r:
  /// log p = −½ (log 2πσ² + (x − µ)²/σ²). A density: without the floor it has no upper bound.
  case gaussian(varianceFloor: Double)

  public var name: String {
    switch self {
    case .bernoulli: "bernoulli"
    case .categorical: "categorical"
    case .gaussian: "gaussian"
    }
  }

  /// The decoder outputs that one entry of x needs.
  public var outputsPerEntry: Int {
    switch self {
    case .bernoulli: 1
    case .categorical(let levels): levels
    case .gaussian: 2
    }
  }

  /// log p(x|z) summed over `rows` data points of `width` entries, in nats. The gradient of −scale
  /// · log p with respect to the outputs is written in the same pass.
  @inline(__always)
  func logLikelihood<S: NetworkScalar>(
    outputs: UnsafePointer<S>, data: UnsafePointer<S>, rows: Int, width: Int, scale: S,
    gradient: UnsafeMutablePointer<S>
  ) -> Double {
    var sum = 0.0
    switch self {
    case .bernoulli:
      for row in 0..<rows {
        let start = row * width
        sum += bernoulliTerms(outputs + start, data + start, width, scale, gradient + start)
      }
    case .categorical(let levels):
      for row in 0..<rows {
        let start = row * width * levels
        sum += categoricalTerms(
          outputs + start, data + row * width, width, levels, scale, gradient + start)
      }
    case .gaussian(let floor):
      for row in 0..<rows {
        let start = row * width * 2
        sum += gaussianTerms(
          outputs + start, data + row * width, width, S(floor), scale, gradient + start)
      }
    }
    return sum
  }
}

/// One data point; the gradient is scale · (sigmoid(ℓ) − x).
@inline(__always)
private func bernoulliTerms<S: NetworkScalar>(
  _ outputs: UnsafePointer<S>, _ data: UnsafePointer<S>, _ width: Int, _ scale: S,
  _ gradient: UnsafeMutablePointer<S>
) -> Double {
  var sums = SIMD8<S>.zero
  for i in stride(from: 0, to: width, by: 8) {
    let logit = lanes(outputs, at: i, count: width)
    let x = lanes(data, at: i, count: width)
    let e = S.exp(-magnitude(logit))
    let positive = S.step(logit)
    let sigmoid = (positive + (1 - positive) * e) / (1 + e)
    let softplus = S.positivePart(logit) + S.log(1 + e)
    add(x * logit - softplus, to: &sums, count: width - i)
    store(scale * (sigmoid - x), to: gradient, at: i, count: width)
  }
  return Double(sums.sum())
}

/// One data point; the gradient is scale · (softmax(ℓ)_k − [x is level k]).
@inline(__always)
private func categoricalTerms<S: NetworkScalar>(
  _ outputs: UnsafePointer<S>, _ data: UnsafePointer<S>, _ width: Int, _ levels: Int, _ scale: S,
  _ gradient: UnsafeMutablePointer<S>
) -> Double {
  var sums = SIMD8<S>.zero
  for i in stride(from: 0, to: width, by: 8) {
    let level = lanes(data, at: i, count: width) * S(levels - 1)
    // The largest logit is taken out, so that no power overflows.
    var largest = lanes(outputs, at: i, count: width)
    for k in 1..<levels {
      largest += S.positivePart(lanes(outputs + k * width, at: i, count: width) - largest)
    }
    var total = SIMD8<S>.zero
    var chosen = SIMD8<S>.zero
    for k in 0..<levels {
      let logit = lanes(outputs + k * width, at: i, count: width) - largest
      let power = S.exp(logit)
      total += power
      chosen += isLevel(k, level) * logit
      store(power, to: gradient + k * width, at: i, count: width)
    }
    for k in 0..<levels {
      let probability = lanes(gradient + k * width, at: i, count: width) / total
      let slope = scale * (probability - isLevel(k, level))
      store(slope, to: gradient + k * width, at: i, count: width)
    }
    add(chosen - S.log(total), to: &sums, count: width - i)
  }
  return Double(sums.sum())
}

/// 1 where an entry is level k: |level − k| < ½.
@inline(__always)
private func isLevel<S: NetworkScalar>(_ k: Int, _ level: SIMD8<S>) -> SIMD8<S> {
  S.step(0.5 - magnitude(level - S(k)))
}

/// One data point; with d = x − µ, the gradient is −scale · d/σ² for µ and ½ scale · (1 − d²/σ²)
/// e^r/σ² for r.
@inline(__always)
private func gaussianTerms<S: NetworkScalar>(
  _ outputs: UnsafePointer<S>, _ data: UnsafePointer<S>, _ width: Int, _ floor: S, _ scale: S,
  _ gradient: UnsafeMutablePointer<S>
) -> Double {
  let log2Pi = S(1.8378770664093454836)
  var sums = SIMD8<S>.zero
  for i in stride(from: 0, to: width, by: 8) {
    let difference = lanes(data, at: i, count: width) - lanes(outputs, at: i, count: width)
    let power = S.exp(lanes(outputs + width, at: i, count: width))
    let variance = floor + power
    let pull = difference / variance
    let square = difference * pull
    let logDensity = -0.5 * (log2Pi + S.log(variance) + square)
    add(logDensity, to: &sums, count: width - i)
    store(-scale * pull, to: gradient, at: i, count: width)
    let slope = (0.5 * scale) * (1 - square) * (power / variance)
    store(slope, to: gradient + width, at: i, count: width)
  }
  return Double(sums.sum())
}
