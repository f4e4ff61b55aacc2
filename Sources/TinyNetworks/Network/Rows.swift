import TinyNumerics

/// Rows of equally many numbers, one after the other in one buffer: the data points of a batch,
/// their latents, a network's outputs.
public struct Rows<Scalar: Sendable>: RandomAccessCollection, Sendable {
  /// How many numbers a row has.
  public let width: Int
  /// Row after row.
  public var numbers: [Scalar]

  /// - Requires: whole rows of a positive width.
  public init(_ numbers: [Scalar], width: Int) {
    require(width > 0 && numbers.count % width == 0, "whole rows of a positive width")
    self.width = width
    self.numbers = numbers
  }

  /// - Requires: rows of one width, and at least one of them.
  public init(_ rows: [[Scalar]]) {
    require(rows.allSatisfy { $0.count == rows[0].count }, "rows of one width")
    self.init(rows.flatMap { $0 }, width: rows[0].count)
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { numbers.count / width }

  /// Row i.
  public subscript(i: Int) -> ArraySlice<Scalar> { numbers[i * width..<(i + 1) * width] }

  /// Rows i in `range`, on their own.
  public func rows(_ range: Range<Int>) -> Rows {
    Rows(Array(numbers[range.lowerBound * width..<range.upperBound * width]), width: width)
  }

  /// Row i, on its own.
  public func row(_ i: Int) -> Rows { rows(i..<i + 1) }
}

extension Rows: Equatable where Scalar: Equatable {}
