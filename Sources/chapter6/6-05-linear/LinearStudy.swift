import ImageModels
import TinyNetworks
import TinyNumerics

/// Rows 6.5 and 6.12: linear VAEs on the training digits, grey levels over 16.
struct LinearStudy {
  /// The mean image taken off.
  let images: Rows<Double>
  let covariance: Matrix
  /// The covariance of the images at half their size: 4 × 4 means of 2 × 2 pixels.
  let smallCovariance: Matrix
  let small: Rows<Double>
  let seed: UInt64

  static let pixels = 64
  static let smallPixels = 16

  /// - Requires: images of 8 × 8 pixels.
  init(_ digits: ImageSet, seed: UInt64) {
    require(digits.rows == 8 && digits.columns == 8, "images of 8 × 8 pixels")
    (images, covariance) = centred(Rows(digits.levels.map { $0.map { Double($0) / 16 } }))
    (small, smallCovariance) = centred(Rows(digits.levels.map(halved)))
    self.seed = seed
  }
}

/// The data with their mean taken off, and their covariance.
private func centred(_ data: Rows<Double>) -> (Rows<Double>, Matrix) {
  let (mean, covariance) = covariance(of: data)
  return (Rows(data.map { zip($0, mean).map(-) }), covariance)
}

/// An 8 × 8 image of levels up to 16 as 4 × 4 numbers up to 1.
func halved(_ levels: [UInt8]) -> [Double] {
  var small = [Double](repeating: 0, count: 16)
  for (pixel, level) in levels.enumerated() {
    small[4 * (pixel / 16) + pixel % 8 / 2] += Double(level) / 64
  }
  return small
}
