import Foundation

/// The number types of the IDX format, by their codes; all are big-endian.
enum IDXNumber: UInt8, CaseIterable {
  case unsignedByte = 0x08
  case signedByte = 0x09
  case short = 0x0b
  case int = 0x0c
  case float = 0x0d
  case double = 0x0e

  /// Bytes a number.
  var size: Int {
    switch self {
    case .unsignedByte, .signedByte: 1
    case .short: 2
    case .int, .float: 4
    case .double: 8
    }
  }

  /// "32-bit floats".
  var words: String {
    switch self {
    case .unsignedByte: "unsigned bytes"
    case .signedByte: "signed bytes"
    case .short: "16-bit integers"
    case .int: "32-bit integers"
    case .float: "32-bit floats"
    case .double: "64-bit floats"
    }
  }

  /// The numbers as bytes, as labels are kept; nil where one is no whole number from 0 to 255.
  func bytes(_ data: Data) -> [UInt8]? {
    guard self != .unsignedByte else { return Array(data) }
    let all = Array(data)
    var result: [UInt8] = []
    for start in stride(from: 0, to: all.count, by: size) {
      let bits = all[start..<start + size].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      guard let byte = UInt8(exactly: value(bits)) else { return nil }
      result.append(byte)
    }
    return result
  }

  private func value(_ bits: UInt64) -> Double {
    switch self {
    case .unsignedByte: Double(bits)
    case .signedByte: Double(Int8(truncatingIfNeeded: bits))
    case .short: Double(Int16(truncatingIfNeeded: bits))
    case .int: Double(Int32(truncatingIfNeeded: bits))
    case .float: Double(Float(bitPattern: UInt32(bits)))
    case .double: Double(bitPattern: bits)
    }
  }
}
