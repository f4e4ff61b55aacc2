import Foundation
import TinyNetworks
import TinyNumerics

/// How an image's grey levels become the entries x of a likelihood (eq. 6.7):
/// - bernoulli: 1 where a level reaches half of the brightest, else 0;
/// - categorical: level k of K as k/(K − 1);
/// - gaussian: dequantised, (k + u)/K with u uniform on [0, 1), so that x has a density on [0, 1].
public struct PixelEncoding: Sendable {
  public let likelihood: Likelihood
  /// K. Images of up to 17 levels keep them; of 256 levels the categorical keeps the upper four
  /// bits.
  public let levels: Int
  /// The first level that counts as 1 when pixels are binarised.
  public let threshold: UInt8
  /// The brightest level of the images it was made for; 1 if all of them are black.
  public let brightest: UInt8
  private let divisor: Int

  /// Which family of likelihoods: its levels and its variance floor follow from the images.
  public enum Kind: String, CaseIterable, Sendable { case bernoulli, categorical, gaussian }

  /// σ ≥ 0.01 on a scale where black is 0 and white is 1: without a floor the likelihood of a pixel
  /// that never changes has no upper bound (see 6.T).
  public static let varianceFloor = 1e-4

  public init(_ kind: Kind, brightest: UInt8) {
    self.brightest = max(brightest, 1)
    let distinct = Int(self.brightest) + 1
    threshold = UInt8(distinct / 2)
    let isFine = distinct > 17
    divisor = kind == .categorical && isFine ? 16 : 1
    levels = !isFine ? distinct : 256 / divisor
    switch kind {
    case .bernoulli: likelihood = .bernoulli
    case .categorical: likelihood = .categorical(levels: levels)
    case .gaussian: likelihood = .gaussian(varianceFloor: PixelEncoding.varianceFloor)
    }
  }

  /// Whether a grey level is one of those that the likelihood knows.
  public func takes(_ level: UInt8) -> Bool { Int(level) / divisor < levels }

  /// The images, a row each.
  ///
  /// - Requires: levels that the encoding takes.
  public func entries<S: BinaryFloatingPoint & Sendable>(
    _ images: ArraySlice<[UInt8]>, as type: S.Type = S.self, using generator: inout Threefry
  ) -> Rows<S> {
    var result: [S] = []
    result.reserveCapacity(images.reduce(0) { $0 + $1.count })
    for image in images {
      for level in image { result.append(S(entry(level, using: &generator))) }
    }
    return Rows(result, width: images.first?.count ?? 1)
  }

  private func entry(_ level: UInt8, using generator: inout Threefry) -> Double {
    switch likelihood {
    case .bernoulli: return level >= threshold ? 1 : 0
    case .categorical: return Double(Int(level) / divisor) / Double(levels - 1)
    case .gaussian: return (Double(level) + generator.uniform()) / Double(levels)
    }
  }

  /// The grey that the decoder means at each pixel, 0 to 1: the mean of p(x_j|z), from one row of
  /// outputs.
  public func greys(_ outputs: ArraySlice<Double>) -> [Double] {
    let (width, start) = (outputs.count / likelihood.outputsPerEntry, outputs.startIndex)
    switch likelihood {
    case .bernoulli: return outputs.map(sigmoid)
    case .gaussian: return outputs.prefix(width).map { min(max($0, 0), 1) }
    case .categorical(let levels):
      return (0..<width).map { j in
        let logits = (0..<levels).map { outputs[start + $0 * width + j] }
        let total = logSumExp(logits)
        return logits.enumerated().reduce(0) { sum, level in
          sum + Double(level.offset) * exp(level.element - total)
        } / Double(levels - 1)
      }
    }
  }
}
