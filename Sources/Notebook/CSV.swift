import Foundation

/// A table for other programs: comma-separated values as RFC 4180 has them, though each line ends
/// in a line feed alone, which every reader takes.
public struct CSV {
  public let header: [String]
  public private(set) var rows: [[Double?]] = []

  public init(_ header: [String]) {
    guard !header.isEmpty else { fatalError("a table needs a column") }
    self.header = header
  }

  /// One number a column; nil is an empty cell.
  public mutating func append(_ row: [Double?]) {
    guard row.count == header.count else {
      fatalError("a row of \(row.count) cells in a table of \(header.count) columns")
    }
    rows.append(row)
  }

  public var text: String {
    let lines = [header.map(CSV.cell)] + rows.map { $0.map(CSV.cell) }
    return lines.map { $0.joined(separator: ",") + "\n" }.joined()
  }

  public func write(to path: String) throws(Failure) {
    try writeFile(Data(text.utf8), to: path)
  }

  /// The shortest digits that give the same `Double` back: 3 for 3.0, and nan, inf and -inf.
  private static func cell(_ value: Double?) -> String {
    guard let value else { return "" }
    let digits = "\(value)"
    return digits.hasSuffix(".0") ? String(digits.dropLast(2)) : digits
  }

  private static func cell(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else {
      return text
    }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
