import TinyNumerics

/// A model that has learned its training images by heart, and flips each pixel with probability ε
/// (eq. 8.11): p(x) = (1/N) Σ_i ε^{d_i} (1 − ε)^{J − d_i}, where x differs from training image i
/// in d_i of its J pixels.
public struct Memoriser: Sendable {
  public let images: BitImages
  /// ε.
  public let flip: Double

  public init(_ images: BitImages, flip: Double) {
    require(flip > 0 && flip < 1, "a probability between 0 and 1")
    (self.images, self.flip) = (images, flip)
  }

  /// ε chosen so that every training image is most probable under the others. At the maximum ε is
  /// the share of pixels in which an image is expected to differ from the one that it comes from
  /// (a step of EM): the share is put in for ε until it stays.
  public init(leavingOneOut images: BitImages) {
    let counts = Memoriser.countsWithoutItself(images)
    var flip = 0.1
    for _ in 0..<1000 {
      let next = Memoriser.expectedShare(counts, pixels: images.pixels, flip: flip)
      let change = abs(next - flip)
      flip = next
      if change < 1e-13 { break }
    }
    self.init(images, flip: flip)
  }

  public func logProbability(_ word: UInt64) -> Double {
    let counts = images.distanceCounts(to: word)
    return logSumExp(Memoriser.logTerms(counts, flip: flip)) - log(Double(images.words.count))
  }

  /// The mean over training images of log p under all the others.
  public var leaveOneOutLogProbability: Double {
    let others = Double(images.words.count - 1)
    return mean(
      Memoriser.countsWithoutItself(images).map {
        logSumExp(Memoriser.logTerms($0, flip: flip)) - log(others)
      })
  }

  public func sample(using generator: inout some RandomNumberGenerator) -> UInt64 {
    let word = images.words[Int(generator.uniform() * Double(images.words.count))]
    return (0..<images.pixels).reduce(word) { word, j in
      generator.uniform() < flip ? word ^ (1 << UInt64(j)) : word
    }
  }

  /// log of n_d ε^d (1 − ε)^{J − d}, d = 0 … J, n_d the number of images at distance d.
  private static func logTerms(_ counts: [Int], flip: Double) -> [Double] {
    counts.enumerated().map { d, count in
      log(Double(count)) + Double(d) * log(flip) + Double(counts.count - 1 - d) * log1p(-flip)
    }
  }

  private static func countsWithoutItself(_ images: BitImages) -> [[Int]] {
    images.words.map { word in
      var counts = images.distanceCounts(to: word)
      counts[0] -= 1
      return counts
    }
  }

  private static func expectedShare(_ counts: [[Int]], pixels: Int, flip: Double) -> Double {
    mean(
      counts.map { counts in
        let terms = logTerms(counts, flip: flip)
        let total = logSumExp(terms)
        return terms.enumerated().reduce(0) {
          $0 + exp($1.element - total) * Double($1.offset)
        } / Double(pixels)
      })
  }
}
