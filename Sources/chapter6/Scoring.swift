import Foundation
import TinyNetworks
import TinyNumerics

/// What the decoder's outputs are taken for (eq. 6.7). Outputs come in planes of J numbers, as `Likelihood`
/// says; so do the features and the coefficients.
enum Scoring: Hashable {
  /// The likelihood that they were trained as.
  case density(Likelihood)
  /// A Gaussian's probabilities of the K equal cells of [0, 1], the outer two open to ±∞: no exponential
  /// family, so without features.
  case cells(Int, varianceFloor: Double)
  /// A categorical's probability of the side of `threshold` that a pixel's level lies on: the
  /// coarse-graining of eq. 1.6.
  case coarse(levels: Int, threshold: Int)

  /// f(x) of each image as a column: features × images.
  func features(_ images: [Double], width: Int) -> [Double] {
    let count = images.count / width
    func rows(_ value: (Double) -> Double) -> [Double] {
      (0..<width).flatMap { j in (0..<count).map { value(images[$0 * width + j]) } }
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
  func coefficients(_ outputs: [Double], rows: Int) -> (rows: [Double], normalisers: [Double]) {
    switch self {
    case .density(.bernoulli):
      return (outputs, softplusSums(outputs, rows: rows))
    case .density(.categorical(let levels)):
      return (outputs, logSumExpSums(outputs, rows: rows, planes: levels))
    case .density(.gaussian(let floor)):
      let (parameters, normalisers) = gaussianNaturalParameters(
        outputs, rows: rows, varianceFloor: floor)
      return (parameters, normalisers)
    case .coarse(let levels, let threshold):
      let width = outputs.count / max(rows, 1)
      let logits = (0..<rows).map {
        coarseLogits(outputs[$0 * width..<($0 + 1) * width], levels: levels, threshold: threshold)
      }
      return (logits.flatMap { $0 }, logits.map { $0.reduce(0) { $0 + softplus($1) } })
    case .cells: return ([], [])
    }
  }
}

/// N(µ_j, floor + e^{r_j}) of each pixel, from the planes µ and r.
func normals(_ outputs: ArraySlice<Double>, floor: Double) -> [Normal] {
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
    let pixel = (0..<levels).map { logits[start + $0 * width + j] }
    return logSumExp(Array(pixel[threshold...])) - logSumExp(Array(pixel[..<threshold]))
  }
}
