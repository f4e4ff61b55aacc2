import Foundation
import TinyNetworks
import TinyNumerics
import ToyModels

/// log p(x) where the latent space has too many dimensions for a grid: importance sampling through
/// the defensive mixture q_α = (1 − α) q(z|x) + α p(z), whose weights p(x, z)/q_α(z) never exceed
/// p(x|z)/α (eq. 2.5).
///
/// An estimate, with a standard error, and no more: the mean weight is unbiased, so its logarithm
/// is too small on average, and a lower bound on log p(x) in expectation. Where the effective
/// sample size is a few draws the standard error has not seen the weights that matter.
public struct EstimatedEvidence: Sendable {
  public let weights: [ImportanceWeights]

  /// α: every tenth draw is the prior's.
  public static let priorShare = 0.1

  public init(
    of decoder: Decoder<Double>, guides: [DiagonalGaussian], images: Rows<Double>,
    scoring: Scoring? = nil, draws: Int, seed: UInt64, eachImage: @Sendable () -> Void = {}
  ) {
    weights = concurrentMap(guides.count, each: eachImage) { i in
      var generator = Threefry(seed: seed, row: 3, part: 100_000 + i)
      let likelihood = LogLikelihoodGrid(decoder, images: images.row(i), scoring: scoring)
      let prior = DiagonalGaussian.standard(dimension: guides[i].dimension)
      let mixture = DefensiveMixture(
        of: guides[i], and: prior, priorShare: EstimatedEvidence.priorShare)
      var logarithms: [Double] = []
      // By the hundred, for the decoder works on many points at once and its outputs take room.
      for start in stride(from: 0, to: draws, by: 100) {
        let points = mixture.draws(min(100, draws - start), using: &generator)
        logarithms += mixture.logImportanceWeights(points, likelihood(points).numbers)
      }
      return ImportanceWeights(logarithms: logarithms)
    }
  }

  public var logEvidence: [Double] { weights.map(\.logMean) }

  /// The standard error of the mean over the images: the images are given, the draws are random.
  public var standardError: Double {
    let variance = weights.reduce(0) { $0 + $1.relativeStandardError * $1.relativeStandardError }
    return variance.squareRoot() / Double(weights.count)
  }

  /// The effective sample sizes' median.
  public var medianEffectiveSampleSize: Double {
    let sizes = weights.map(\.effectiveSampleSize).sorted()
    return sizes.isEmpty ? .nan : sizes[sizes.count / 2]
  }
}
