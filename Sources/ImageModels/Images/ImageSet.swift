import Notebook

/// Grey images of one size, with their labels if they have any.
public struct ImageSet: Equatable, Sendable {
  public let rows: Int
  public let columns: Int
  /// Grey levels, `pixels` bytes an image.
  public let levels: [[UInt8]]
  /// One an image, or none at all.
  public let labels: [UInt8]

  public var pixels: Int { rows * columns }

  /// The largest image that is taken: a network has a weight for each pixel and hidden unit.
  static let largest = 1 << 16

  init(images: IDX, labels: IDX?, name: String) throws(Failure) {
    let (count, rows, columns) = (
      images.dimensions[0], images.dimensions[1], images.dimensions[2]
    )
    // No image's bytes vouch for the other two dimensions of an empty set: they may be anything.
    guard count > 0 else { throw ImageSet.unusable("\(name) has no images: fetch it again") }
    guard rows > 0, columns > 0 else {
      throw ImageSet.unusable("\(name) has images without pixels: fetch it again")
    }
    let size = rows * columns
    guard size <= ImageSet.largest else {
      throw ImageSet.unusable(
        "\(name) has images of \(rows) × \(columns) pixels: at most \(ImageSet.largest) pixels are "
          + "taken, scale them down")
    }
    if let labels, labels.dimensions[0] != count {
      throw ImageSet.unusable(
        "\(name) has \(count) images but \(labels.dimensions[0]) labels: "
          + "fetch both files of one set")
    }
    self.init(
      rows: rows, columns: columns,
      levels: (0..<count).map { Array(images.bytes[$0 * size..<($0 + 1) * size]) },
      labels: labels?.bytes ?? [])
  }

  /// Some of the images, with their labels.
  subscript(indices: some Sequence<Int>) -> ImageSet {
    let indices = Array(indices)
    return ImageSet(
      rows: rows, columns: columns, levels: indices.map { levels[$0] },
      labels: labels.isEmpty ? [] : indices.map { labels[$0] })
  }

  /// Rows and columns exchanged, as EMNIST's images need it.
  var transposed: ImageSet {
    ImageSet(
      rows: columns, columns: rows,
      levels: levels.map { image in
        (0..<columns).flatMap { x in (0..<rows).map { y in image[y * columns + x] } }
      }, labels: labels)
  }

  public var brightest: UInt8 { levels.lazy.compactMap { $0.max() }.max() ?? 0 }

  /// - Requires: rows × columns levels an image, and a label for each image or none at all.
  public init(rows: Int, columns: Int, levels: [[UInt8]], labels: [UInt8]) {
    (self.rows, self.columns) = (rows, columns)
    (self.levels, self.labels) = (levels, labels)
  }

  private static func unusable(_ message: String) -> Failure {
    Failure(.inputIsNotWhatItClaims, message)
  }
}
