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

  /// Reads a file of unsigned bytes with the given number of dimensions; `.gz` is unpacked.
  init(contentsOf path: String, dimensions count: Int, gzip: Gzip = Gzip()) throws(Failure) {
    let data =
      path.hasSuffix(".gz")
      ? try gzip.unpack(path, head: IDX.headerSize(count)) { head throws(Failure) in
        try IDX.promise(head, name: path, dimensions: count)
      }
      : try readFile(path, kind: "an IDX file", atMost: IDX.limit)
    try self.init(data, name: path, dimensions: count)
  }

  /// Takes a file's contents apart; `name` is for the complaint.
  init(_ data: Data, name: String, dimensions count: Int) throws(Failure) {
    dimensions = try IDX.sizes(data, name: name, dimensions: count)
    let rest = data.count - IDX.headerSize(count)
    // The promise is compared with what is there before anything of its size is made.
    let promised = IDX.product(dimensions)
    guard promised == rest else {
      let promise = promised.map { "\($0)" } ?? "more than 2⁶³"
      throw IDX.damaged(name, "promises \(promise) bytes after its header but has \(rest)")
    }
    bytes = Array(data.suffix(rest))
  }

  static func headerSize(_ dimensions: Int) -> Int { 4 + 4 * dimensions }

  private static func sizes(
    _ data: Data, name: String, dimensions count: Int
  ) throws(Failure) -> [Int] {
    let header = headerSize(count)
    guard data.count >= header else {
      throw damaged(name, "ends inside its header (\(data.count) of \(header) bytes)")
    }
    let head = Array(data.prefix(header))
    guard head[0] == 0, head[1] == 0, head[2] == 8, Int(head[3]) == count else {
      let magic = head.prefix(4).map { String(format: "%02x", $0) }.joined()
      let expected = String(format: "0000%02x%02x", 8, count)
      throw damaged(name, "starts with \(magic) where \(expected) is expected")
    }
    return (0..<count).map { d in
      head[(4 + 4 * d)..<(8 + 4 * d)].reduce(0) { $0 << 8 | Int($1) }
    }
  }

  /// How long the whole file is, by its header.
  static func promise(
    _ head: Data, name: String, dimensions count: Int
  ) throws(Failure) -> Int {
    let promised = product(try sizes(head, name: name, dimensions: count))
    guard let promised, promised <= limit - head.count else {
      throw Failure(
        .inputIsNotWhatItClaims,
        "\(name) promises to unpack to more than a file may have: at most \(limit) bytes are read")
    }
    return head.count + promised
  }

  private static func product(_ dimensions: [Int]) -> Int? {
    dimensions.reduce(1) { product, size in
      guard let product else { return nil }
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      return overflow ? nil : next
    }
  }

  private static func damaged(_ name: String, _ fault: String) -> Failure {
    Failure(
      .inputIsNotWhatItClaims, "\(name) is not a whole IDX file: it \(fault); fetch it again")
  }
}
