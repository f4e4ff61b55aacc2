import Foundation
import Notebook

/// An array in the IDX format, in which MNIST and its relatives are distributed: two zero bytes, the code
/// of the number type (8: unsigned bytes), the number of dimensions, each dimension as a big-endian
/// 32-bit integer, and then the numbers, the last index running fastest.
///
/// - Source: Y. LeCun, C. Cortes and C. Burges, "The MNIST database of handwritten digits".
struct IDX: Equatable {
  /// Sizes: images, rows, columns; or just the number of labels.
  let dimensions: [Int]
  let bytes: [UInt8]

  /// The largest file that is read: MNIST's is 47 MB.
  static let limit = 1 << 30

  /// Reads a file of unsigned bytes with the given number of dimensions.
  init(contentsOf path: String, dimensions count: Int) throws(Failure) {
    try self.init(IDX.read(path), name: path, dimensions: count)
  }

  /// Takes a file's contents apart; `name` is for the complaint.
  init(_ data: Data, name: String, dimensions count: Int) throws(Failure) {
    let header = 4 + 4 * count
    guard data.count >= header else {
      throw IDX.damaged(name, "ends inside its header (\(data.count) of \(header) bytes)")
    }
    let head = Array(data.prefix(header))
    guard head[0] == 0, head[1] == 0, head[2] == 8, Int(head[3]) == count else {
      let magic = head.prefix(4).map { String(format: "%02x", $0) }.joined()
      let expected = String(format: "0000%02x%02x", 8, count)
      throw IDX.damaged(name, "starts with \(magic) where \(expected) is expected")
    }
    dimensions = (0..<count).map { d in
      head[(4 + 4 * d)..<(8 + 4 * d)].reduce(0) { $0 << 8 | Int($1) }
    }
    // The promise is compared with what is there before anything of its size is made.
    let promised = IDX.product(dimensions)
    guard promised == data.count - header else {
      let promise = promised.map { "\($0)" } ?? "more than 2⁶³"
      throw IDX.damaged(
        name, "promises \(promise) bytes after its header but has \(data.count - header)")
    }
    bytes = Array(data.dropFirst(header))
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

  /// The contents of a regular file of acceptable size.
  private static func read(_ path: String) throws(Failure) -> Data {
    let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: resolved) else {
      throw Failure(.inputCannotBeRead, "\(path) is not there: check the path")
    }
    guard attributes[.type] as? FileAttributeType == .typeRegular else {
      throw Failure(.inputCannotBeRead, "\(path) is not a file: give the path of an IDX file")
    }
    let size = (attributes[.size] as? NSNumber)?.intValue ?? 0
    guard size <= limit else {
      throw Failure(.inputIsNotWhatItClaims, "\(path) has \(size) bytes: at most \(limit) are read")
    }
    guard let data = FileManager.default.contents(atPath: resolved) else {
      throw Failure(.inputCannotBeRead, "\(path) cannot be read: check its permissions")
    }
    return data
  }
}
