import TinyNetworks
import TinyNumerics

/// Black and white images of at most 64 pixels, each in the bits of one word: to compare two of
/// them is to count the bits of their difference.
public struct BitImages: Sendable {
  public let pixels: Int
  public let words: [UInt64]

  /// Images whose pixels are light where they are above 0: 0 and 1, or −1 and +1.
  ///
  /// - Requires: at most 64 pixels an image.
  public init(_ images: Rows<Double>) {
    require(images.width <= 64, "an image that fits a word")
    pixels = images.width
    words = images.map { image in
      image.enumerated().reduce(0) { $1.element > 0 ? $0 | 1 << UInt64($1.offset) : $0 }
    }
  }

  /// In how many pixels an image differs from each of these.
  public func distances(to word: UInt64) -> [Int] { words.map { ($0 ^ word).nonzeroBitCount } }

  /// How many of these images differ from an image in 0, 1, …, J pixels.
  public func distanceCounts(to word: UInt64) -> [Int] {
    var counts = Array(repeating: 0, count: pixels + 1)
    for distance in distances(to: word) { counts[distance] += 1 }
    return counts
  }

  /// The first of the images that differ least from an image, and in how many pixels.
  ///
  /// - Requires: at least one image.
  public func nearest(to word: UInt64) -> (index: Int, distance: Int) {
    require(!words.isEmpty, "an image to be the nearest")
    let nearest = distances(to: word).enumerated().min { $0.element < $1.element }
    return nearest.map { ($0.offset, $0.element) } ?? (0, 0)
  }
}
