import Foundation
import TinyNetworks
import TinyNumerics

/// The bound with k draws, L_k = E[log (1/k) Σ_s w_s] with w = p(x, z)/q(z|x) (eqs. 3.15 and 6.3),
/// sampled from the guide for each image, for k = 1, 2, 4, … at once: every k sees the same draws,
/// in blocks of k.
///
/// A single draw of log w is well behaved, but w itself is not: where a guide is narrower than its
/// posterior, w has infinite variance. So nothing here is said of a single L_k's tail, only of
/// averages over images and of two halves of the same draws: by concavity
///   ½ (log mean of one half + log mean of the other half) ≤ log mean of both,
/// whatever the draws are; each of the three log means is taken of the draws themselves.
public struct ManySampleBound: Sendable {
  /// 1, 2, 4, …
  public let draws: [Int]
  /// How many blocks of the largest k were drawn for each image.
  public let blocks: Int
  /// For each k the mean over images of L_k, in nats, and its standard error.
  public let bounds: [(mean: Double, standardError: Double)]
  /// The smallest gain from a pair of halves to their union, over all blocks, images and k ≥ 2.
  public let smallestGain: Double

  /// `blocks` independent blocks of `largest` draws an image; `largest` is a power of two.
  public init(
    of decoder: Decoder<Double>, guides: [DiagonalGaussian], images: Rows<Double>, largest: Int,
    blocks: Int, seed: UInt64, eachImage: @Sendable () -> Void = {}
  ) {
    let results = concurrentMap(guides.count, each: eachImage) { i in
      var generator = Threefry(seed: seed, row: 3, part: i)
      return ImageBound(
        likelihood: LogLikelihoodGrid(decoder, images: images.row(i)), guide: guides[i],
        largest: largest, blocks: blocks, using: &generator)
    }
    self.blocks = blocks
    draws = (0..<results[0].levels.count).map { 1 << $0 }
    bounds = draws.indices.map { level in
      let images = results.map { $0.levels[level] }
      // The images are given, the draws are random: variances of the images' means add up.
      let variance = images.reduce(0) { $0 + $1.standardError * $1.standardError }
      let count = Double(images.count)
      return (images.reduce(0) { $0 + $1.mean } / count, variance.squareRoot() / count)
    }
    smallestGain = results.map(\.smallestGain).min() ?? .nan
  }
}

/// The same for one image: an `Estimate` of each L_k, over groups of k draws that share none.
private struct ImageBound {
  var levels: [Estimate] = []
  var smallestGain = Double.infinity

  init(
    likelihood: LogLikelihoodGrid, guide: DiagonalGaussian, largest: Int, blocks: Int,
    using generator: inout some RandomNumberGenerator
  ) {
    for _ in 0..<blocks {
      let points = guide.draws(largest, using: &generator)
      add(guide.logImportanceWeights(points, likelihood(points).numbers))
    }
  }

  /// log (1/k) Σ w of every k draws in a row, for k = 1, 2, 4, …
  private mutating func add(_ logWeights: [Double]) {
    var halves: [Double] = []
    var (level, k) = (0, 1)
    while k <= logWeights.count {
      let logMeans = stride(from: 0, to: logWeights.count, by: k).map {
        logMeanExp(Array(logWeights[$0..<$0 + k]))
      }
      if levels.count == level { levels.append(Estimate()) }
      for (i, logMean) in logMeans.enumerated() {
        levels[level].add(logMean)
        guard k > 1 else { continue }
        smallestGain = min(smallestGain, logMean - (halves[2 * i] + halves[2 * i + 1]) / 2)
      }
      halves = logMeans
      (level, k) = (level + 1, 2 * k)
    }
  }
}
