import TinyNetworks
import TinyNumerics

/// Eq. 8.9 for images that are given: of each the mean of several draws of −ELBO, in nats.
struct SampledScore: Sendable {
  /// One an image, over its draws.
  let images: [Estimate]
  /// The three parts, averaged over images and draws.
  let parts: DenoisingBound

  /// The bound, averaged over the images.
  var mean: Double { TinyNumerics.mean(images.map(\.mean)) }
  /// The ELBO of each image.
  var elbos: [Double] { images.map { -$0.mean } }

  /// Of the mean: the images are given, the draws are random.
  var standardError: Double {
    let variance = images.reduce(0) { $0 + $1.standardError * $1.standardError }
    return variance.squareRoot() / Double(images.count)
  }
}

extension Schedule {
  /// −ELBO of every image, `draws` times; each has a stream of its own, and may have a core.
  ///
  /// - Parameter logOdds: as for `sampledBounds`.
  func score(
    _ images: Rows<Double>, draws: Int, seed: UInt64, row: Int, part: Int,
    logOdds: @Sendable (_ noisy: [Double], _ t: Int) -> [Double]
  ) -> SampledScore {
    let bounds = concurrentMap(draws) { k in
      var generator = Threefry(seed: seed, row: row, part: 10_000 * part + k)
      return sampledBounds(
        images.numbers, width: images.width, using: &generator, logOdds: logOdds)
    }
    let sum = bounds.joined().reduce(DenoisingBound(), +)
    return SampledScore(
      images: images.indices.map { i in Estimate(bounds.map { $0[i].total }) },
      parts: (1 / Double(draws * images.count)) * sum)
  }
}
