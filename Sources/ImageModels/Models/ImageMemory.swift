import TinyNumerics

/// A model that has learnt its training images by heart and flips each pixel with probability ε:
///   p(x) = (1/N) Σ_i ε^{d_i} (1 − ε)^{J − d_i},  d_i the pixels in which x and image i differ.
/// With ε = 0 its samples are perfect, and every other image has log p(x) = −∞.
public struct ImageMemory: Sendable {
  public let images: [UInt64]
  public let pixels: Int

  public init(images: [UInt64], pixels: Int) { (self.images, self.pixels) = (images, pixels) }

  /// How many images are d pixels away from x, for d = 0 … J.
  private func histogram(_ x: UInt64) -> [Double] {
    images.reduce(into: Array(repeating: 0, count: pixels + 1)) {
      $0[(x ^ $1).nonzeroBitCount] += 1
    }
  }

  /// log (1/N) Σ_d n_d ε^d (1 − ε)^{J − d}, in nats.
  private func logProbability(_ counts: [Double], flips epsilon: Double) -> Double {
    logSumExp(
      counts.indices.map { d in
        log(counts[d]) + Double(d) * log(epsilon) + Double(pixels - d) * log1p(-epsilon)
      }) - log(counts.reduce(0, +))
  }

  public func logProbability(_ x: UInt64, flips epsilon: Double) -> Double {
    logProbability(histogram(x), flips: epsilon)
  }

  /// ε by leaving each training image out of the sum for itself: J ε flips are to be what it has,
  /// by the posterior of the image that it was made from. Each turn raises Σ log p.
  public func bestFlips(turns: Int) -> Double {
    let counts = countsOfOthers
    var epsilon = 0.1
    for _ in 0..<turns {
      let flips = counts.map { counts in
        let total = logProbability(counts, flips: epsilon) + log(counts.reduce(0, +))
        return counts.indices.reduce(0) { sum, d in
          counts[d] == 0
            ? sum
            : sum + Double(d) * counts[d]
              * exp(Double(d) * log(epsilon) + Double(pixels - d) * log1p(-epsilon) - total)
        }
      }
      epsilon = mean(flips) / Double(pixels)
    }
    return epsilon
  }

  /// The mean of log p of each image under all the others.
  public func leaveOneOutLogProbability(flips epsilon: Double) -> Double {
    mean(countsOfOthers.map { logProbability($0, flips: epsilon) })
  }

  public func sample(
    flips epsilon: Double, using generator: inout some RandomNumberGenerator
  ) -> UInt64 {
    let image = images[Int(generator.uniform() * Double(images.count))]
    return (0..<pixels).reduce(image) { image, j in
      generator.uniform() < epsilon ? image ^ (1 << UInt64(j)) : image
    }
  }

  private var countsOfOthers: [[Double]] {
    images.map { x in
      var counts = histogram(x)
      counts[0] -= 1
      return counts
    }
  }
}
