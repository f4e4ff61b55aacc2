import Foundation
import Notebook
import TinyNumerics

/// An array in the IDX format, in which MNIST and its relatives are distributed: two zero bytes,
/// the code of the number type (8: unsigned bytes), the number of dimensions, each dimension as a
/// big-endian 32-bit integer, and then the numbers, the last index running fastest.
///
/// - Source: Y. LeCun, C. Cortes and C. Burges, "The MNIST database of handwritten digits".
public struct IDX: Equatable, Sendable {
  /// Sizes: images, rows, columns; or just the number of labels.
  let dimensions: [Int]
  let bytes: [UInt8]

  /// The largest file that is read, unpacked: MNIST's is 47 MB, the largest of EMNIST's 547 MB.
  static let limit = 1 << 30

  init(dimensions: [Int], bytes: [UInt8]) {
    require(
      dimensions.count <= 255 && dimensions.allSatisfy { UInt32(exactly: $0) != nil },
      "an IDX file has at most 255 dimensions, each of 32 bits")
    require(IDX.product(dimensions) == bytes.count, "as many bytes as the dimensions say")
    (self.dimensions, self.bytes) = (dimensions, bytes)
  }

  /// Reads a file with the given number of dimensions, of images or of labels (`IDXHeader`); one
  /// that gzip has compressed is unpacked, whatever its name.
  init(contentsOf path: String, dimensions count: Int, gzip: Gzip = Gzip()) throws(Failure) {
    let data =
      try Gzip.compressed(path)
      ? try gzip.unpack(path, head: IDXHeader.length(count)) { head throws(Failure) in
        try IDX.promise(head, name: path, dimensions: count)
      }
      : try readFile(path, kind: "an IDX file", atMost: IDX.limit)
    try self.init(data, name: path, dimensions: count)
  }

  /// Takes a file's contents apart; `name` is for the complaint.
  init(_ data: Data, name: String, dimensions count: Int) throws(Failure) {
    let header = try IDXHeader(data, name: name, dimensions: count)
    let rest = data.count - header.length
    // The promise is compared with what is there before anything of its size is made.
    guard header.promised == rest else {
      if IDX.product(header.dimensions.map { Int(UInt32($0).byteSwapped) }) == rest {
        throw Failure(
          .inputIsNotWhatItClaims,
          "\(name) has its sizes in little-endian order: convert them, in NumPy with dtype='>u4'")
      }
      let promise = header.promised.map { "\($0)" } ?? "more than 2⁶³"
      throw IDX.damaged(name, "promises \(promise) bytes after its header but has \(rest)")
    }
    guard let bytes = header.number.bytes(data.suffix(rest)) else {
      throw Failure(
        .inputIsNotWhatItClaims,
        "\(name) holds \(header.number.words), and not all are whole numbers from 0 to 255, as "
          + "labels are: convert them, or give the images without labels")
    }
    (dimensions, self.bytes) = (header.dimensions, bytes)
  }

  /// How long the whole file is, by its header.
  static func promise(
    _ head: Data, name: String, dimensions count: Int
  ) throws(Failure) -> Int {
    let promised = try IDXHeader(head, name: name, dimensions: count).promised
    guard let promised, promised <= limit - head.count else {
      throw Failure(
        .inputIsNotWhatItClaims,
        "\(name) promises to unpack to more than a file may have: at most \(limit) bytes are read")
    }
    return head.count + promised
  }

  /// Nil where it cannot be counted.
  static func product(_ dimensions: [Int]) -> Int? {
    dimensions.reduce(1) { product, size in
      guard let product else { return nil }
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      return overflow ? nil : next
    }
  }

  static func damaged(_ name: String, _ fault: String) -> Failure {
    Failure(
      .inputIsNotWhatItClaims, "\(name) is not a whole IDX file: it \(fault); fetch it again")
  }
}
