import TinyNumerics

/// Images of up to 64 binary pixels with their labels, and which of them is nearest: in pixels that
/// differ, the first of several.
public struct NearestImage: Sendable {
  public let images: [UInt64]
  public let labels: [Int]

  public init(images: [UInt64], labels: [Int]) { (self.images, self.labels) = (images, labels) }

  public func index(of x: UInt64) -> Int {
    images.indices.min {
      (x ^ images[$0]).nonzeroBitCount < (x ^ images[$1]).nonzeroBitCount
    } ?? 0
  }

  public func label(of x: UInt64) -> Int { labels[index(of: x)] }

  /// Of ten classes, the share of each among so many images, by their nearest ones.
  public func shares(of images: [UInt64]) -> [Double] { classShares(images.map(label)) }
}

/// The share of each of ten labels.
public func classShares(_ labels: [Int]) -> [Double] {
  (0..<10).map { digit in
    Double(labels.count { $0 == digit }) / Double(labels.count)
  }
}
