import TinyNumerics

/// Images of up to 64 binary pixels with their labels, and which of them is nearest: in pixels that
/// differ, the first of several.
struct NearestImage: Sendable {
  let images: [UInt64]
  let labels: [Int]

  func index(of x: UInt64) -> Int {
    images.indices.min {
      (x ^ images[$0]).nonzeroBitCount < (x ^ images[$1]).nonzeroBitCount
    } ?? 0
  }

  func label(of x: UInt64) -> Int { labels[index(of: x)] }

  /// Of ten classes, the share of each among so many images, by their nearest ones.
  func shares(of images: [UInt64]) -> [Double] { classShares(images.map(label)) }
}

/// The share of each of ten labels.
func classShares(_ labels: [Int]) -> [Double] {
  (0..<10).map { digit in
    Double(labels.count { $0 == digit }) / Double(labels.count)
  }
}
