import Foundation
import TinyNetworks
import TinyNumerics

/// What the decoder's outputs are taken for (eq. 6.7). Outputs come in planes of J numbers, as
/// `Likelihood` says; so do the features and the coefficients.
public enum Scoring: Hashable, Sendable {
  /// The likelihood that they were trained as.
  case density(Likelihood)
  /// A Gaussian's probabilities of the K equal cells of [0, 1], the outer two open to ±∞: no
  /// exponential family, so without features.
  case cells(Int, varianceFloor: Double)
  /// A categorical's probability of the side of `threshold` that a pixel's level lies on: the
  /// coarse-graining of eq. 1.6.
  case coarse(levels: Int, threshold: Int)

  /// f(x) of each image as a column: features × images.
  func features(_ images: Rows<Double>) -> [Double] {
    func rows(_ value: (Double) -> Double) -> [Double] {
      let (x, width) = (images.numbers, images.width)
      return (0..<width).flatMap { j in images.indices.map { value(x[$0 * width + j]) } }
    }
    switch self {
    case .density(.bernoulli): return rows { $0 }
    case .density(.gaussian): return rows { $0 } + rows { $0 * $0 }
    case .density(.categorical(let levels)):
      return (0..<levels).flatMap { k in
        rows { Int(($0 * Double(levels - 1)).rounded()) == k ? 1 : 0 }
      }
    case .coarse(let levels, let threshold):
      return rows { Int(($0 * Double(levels - 1)).rounded()) >= threshold ? 1 : 0 }
    case .cells: return []
    }
  }

  /// c(z), a row each, and n(z).
  func coefficients(_ outputs: Rows<Double>) -> (rows: [Double], normalisers: [Double]) {
    let (numbers, rows) = (outputs.numbers, outputs.count)
    switch self {
    case .density(.bernoulli):
      return (numbers, softplusSums(numbers, rows: rows))
    case .density(.categorical(let levels)):
      return (numbers, logSumExpSums(numbers, rows: rows, planes: levels))
    case .density(.gaussian(let floor)):
      let (parameters, normalisers) = gaussianNaturalParameters(
        numbers, rows: rows, varianceFloor: floor)
      return (parameters, normalisers)
    case .coarse(let levels, let threshold):
      let logits = outputs.map {
        coarseLogits($0, levels: levels, threshold: threshold)
      }
      return (logits.flatMap { $0 }, logits.map { $0.reduce(0) { $0 + softplus($1) } })
    case .cells: return ([], [])
    }
  }
}

/// N(µ_j, floor + e^{r_j}) of each pixel, from the planes µ and r.
public func normals(_ outputs: ArraySlice<Double>, floor: Double) -> [Normal] {
  let (width, start) = (outputs.count / 2, outputs.startIndex)
  return (0..<width).map { j in
    let variance = floor + exp(min(outputs[start + width + j], 700))
    return Normal(mean: outputs[start + j], standardDeviation: variance.squareRoot())
  }
}

/// The logit of P(level ≥ threshold) of each pixel: log Σ_{k ≥ t} e^{ℓ_k} − log Σ_{k < t} e^{ℓ_k}.
private func coarseLogits(
  _ logits: ArraySlice<Double>, levels: Int, threshold: Int
) -> [Double] {
  let (width, start) = (logits.count / levels, logits.startIndex)
  return (0..<width).map { j in
    func logSum(_ planes: Range<Int>) -> Double {
      let largest = planes.reduce(-.infinity) { max($0, logits[start + $1 * width + j]) }
      return largest + log(planes.reduce(0) { $0 + exp(logits[start + $1 * width + j] - largest) })
    }
    return logSum(threshold..<levels) - logSum(0..<threshold)
  }
}
