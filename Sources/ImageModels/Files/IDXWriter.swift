import Foundation
import Notebook
import TinyNumerics

extension IDX {
  /// Images of `rows` × `columns` pixels, one after the other: 0 is black, 1 is level 255, the
  /// nearest level is taken, and what lies outside is black or white.
  public init(images values: [Double], rows: Int, columns: Int) {
    require(rows > 0 && columns > 0, "an image has pixels")
    require(values.count.isMultiple(of: rows * columns), "whole images")
    self.init(
      dimensions: [values.count / (rows * columns), rows, columns],
      // `Double.maximum` takes the number when the other one is NaN.
      bytes: values.map { UInt8((255 * Double.minimum(1, .maximum(0, $0))).rounded()) })
  }

  /// The file, to the byte.
  var encoded: Data {
    var data = Data([0, 0, 8, UInt8(dimensions.count)])
    for size in dimensions {
      withUnsafeBytes(of: UInt32(size).bigEndian) { data.append(contentsOf: $0) }
    }
    return data + bytes
  }

  /// Writes the file whole or not at all.
  public func write(to path: String) throws(Failure) {
    try IDX.requirePlainName(path)
    try writeFile(encoded, to: path)
  }

  /// What is written is never compressed, so its name must not say it is.
  public static func requirePlainName(_ path: String) throws(Failure) {
    guard !path.hasSuffix(".gz") else {
      throw Failure(
        .outputCannotBeCreated, "cannot write \(path) compressed: choose a path without .gz")
    }
  }
}
