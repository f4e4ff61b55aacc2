import Foundation
import TinyNetworks
import TinyNumerics

/// log p(x) where the latent space has too many dimensions for a grid: importance sampling through the
/// defensive mixture q_α = (1 − α) q(z|x) + α p(z), whose weights p(x, z)/q_α(z) never exceed p(x|z)/α
/// (eq. 2.5).
///
/// An estimate, with a standard error, and no more: the mean weight is unbiased, so its logarithm is too
/// small on average, and a lower bound on log p(x) in expectation. Where the effective sample size is a few
/// draws the standard error has not seen the weights that matter.
struct EstimatedEvidence {
  let weights: [ImportanceWeights]

  /// α: every tenth draw is the prior's.
  static let priorShare = 0.1

  init(
    of model: VariationalAutoencoder<Double>, images: [Double], scoring: Scoring? = nil,
    draws: Int, seed: UInt64, eachImage: @Sendable () -> Void = {}
  ) {
    let width = model.dataWidth
    let guides = model.guides(for: images, rows: images.count / width)
    weights = concurrentMap(guides.count, each: eachImage) { i in
      var generator = Threefry(seed: seed, stream: 6_130_000 + UInt64(i))
      let image = Array(images[i * width..<(i + 1) * width])
      let likelihood = LogLikelihoodGrid(model, images: image, scoring: scoring)
      let mixture = MixtureProposal(guide: guides[i])
      var logarithms: [Double] = []
      // By the hundred, for the decoder works on many points at once and its outputs take room.
      for start in stride(from: 0, to: draws, by: 100) {
        let points = (start..<min(start + 100, draws)).flatMap { _ in
          mixture.sample(using: &generator)
        }
        logarithms += mixture.logWeights(points, likelihood(points))
      }
      return ImportanceWeights(logarithms: logarithms)
    }
  }

  var logEvidence: [Double] { weights.map(\.logMean) }

  /// The standard error of the mean over the images: the images are given, the draws are random.
  var standardError: Double {
    let variance = weights.reduce(0) { $0 + $1.relativeStandardError * $1.relativeStandardError }
    return variance.squareRoot() / Double(weights.count)
  }

  /// The effective sample sizes' median.
  var medianEffectiveSampleSize: Double {
    let sizes = weights.map(\.effectiveSampleSize).sorted()
    return sizes.isEmpty ? .nan : sizes[sizes.count / 2]
  }
}

/// q_α around one guide.
private struct MixtureProposal {
  let guide: DiagonalGaussian
  private let prior: DiagonalGaussian

  init(guide: DiagonalGaussian) {
    self.guide = guide
    prior = .standard(dimension: guide.dimension)
  }

  func sample(using generator: inout Threefry) -> [Double] {
    let fromPrior = generator.uniform() < EstimatedEvidence.priorShare
    return (fromPrior ? prior : guide).sample(using: &generator)
  }

  /// log w = log p(x|z) + log p(z) − log q_α(z).
  func logWeights(_ points: [Double], _ logLikelihoods: [Double]) -> [Double] {
    let dimension = guide.dimension
    let share = EstimatedEvidence.priorShare
    return logLikelihoods.indices.map { i in
      let z = Array(points[i * dimension..<(i + 1) * dimension])
      let logPrior = prior.logDensity(z)
      let logProposal = logSumExp([log(1 - share) + guide.logDensity(z), log(share) + logPrior])
      return logLikelihoods[i] + logPrior - logProposal
    }
  }
}
