import ImageModels
import TinyNetworks
import TinyNumerics

/// A line of the table of 8.11: what a model says of held-out images, what it costs, what it draws.
struct ModelOnDigits: Sendable {
  let name: String
  /// log p(x) of each held-out image, in nats; or a lower bound on it.
  let scores: [Double]
  let isBound: Bool
  /// Numbers that were learned.
  let parameters: Int
  /// The share of fresh training images and samples that a network tells apart (7.12).
  var told: Estimate?
  /// Passes through a network for one sample.
  let passes: Int
  /// Images 0/1 that the model drew.
  let samples: Rows<Double>

  /// Nats an image shared among pixels, in bits.
  var bitsPerPixel: Double { -mean(scores) / (log(2) * Double(samples.width)) }
}

/// What the samples of a model look like beside the images trained on (eqs. 8.11 and 8.12).
struct SampleStatistics: Sendable {
  /// In how many pixels a sample differs from the training image that is nearest to it.
  let distances: [Double]
  /// Total variation between the classes of the samples, each taken from its nearest training
  /// image, and those of the training images.
  let classes: Double

  init(_ samples: Rows<Double>, training: NearestImage) {
    let words = samples.bits
    let nearest = concurrentMap(words.count) { training.index(of: words[$0]) }
    distances = zip(words, nearest).map { Double(($0 ^ training.images[$1]).nonzeroBitCount) }
    let shares = (classShares(nearest.map { training.labels[$0] }), classShares(training.labels))
    classes = 0.5 * zip(shares.0, shares.1).reduce(0) { $0 + abs($1.0 - $1.1) }
  }
}
