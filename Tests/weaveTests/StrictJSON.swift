import Foundation

/// JSON as RFC 8259 has it, and no more: no key twice, no number that is not one, nothing after the
/// end. Foundation's reader keeps one of two members with the same key and says nothing.
indirect enum StrictJSON: Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case list([StrictJSON])
  case object([(key: String, value: StrictJSON)])

  struct Fault: Error, CustomStringConvertible {
    let description: String
  }

  init(_ text: String) throws {
    var reader = Reader(bytes: Array(text.utf8))
    reader.skipSpace()
    self = try reader.value(depth: 0)
    reader.skipSpace()
    guard reader.next == nil else { throw reader.fault }
  }

  subscript(key: String) -> StrictJSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  var keys: [String] {
    guard case .object(let members) = self else { return [] }
    return members.map(\.key)
  }

  static func == (a: StrictJSON, b: StrictJSON) -> Bool {
    switch (a, b) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.number(let a), .number(let b)): a == b
    case (.string(let a), .string(let b)): a == b
    case (.list(let a), .list(let b)): a == b
    case (.object(let a), .object(let b)): a.elementsEqual(b) { $0 == $1 }
    default: false
    }
  }
}

private struct Reader {
  let bytes: [UInt8]
  var position = 0

  var next: UInt8? { position < bytes.count ? bytes[position] : nil }
  var fault: StrictJSON.Fault { .init(description: "not JSON at byte \(position)") }

  mutating func skipSpace() {
    while let byte = next, [0x20, 0x09, 0x0a, 0x0d].contains(byte) { position += 1 }
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: scalar) else { return false }
    position += 1
    return true
  }

  private mutating func word(_ word: String, _ value: StrictJSON) throws -> StrictJSON {
    guard bytes[position...].starts(with: word.utf8) else { throw fault }
    position += word.utf8.count
    return value
  }

  mutating func value(depth: Int) throws -> StrictJSON {
    guard let byte = next, depth < 20 else { throw fault }
    switch byte {
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "["):
      var list: [StrictJSON] = []
      try elements("[", "]") { reader in list.append(try reader.value(depth: depth + 1)) }
      return .list(list)
    case UInt8(ascii: "{"): return try object(depth)
    default: return try number()
    }
  }

  private mutating func object(_ depth: Int) throws -> StrictJSON {
    var members: [(key: String, value: StrictJSON)] = []
    try elements("{", "}") { reader in
      let key = try reader.string()
      guard !members.contains(where: { $0.key == key }) else {
        throw StrictJSON.Fault(description: "two members are called \(key)")
      }
      reader.skipSpace()
      guard reader.take(":") else { throw reader.fault }
      reader.skipSpace()
      members.append((key, try reader.value(depth: depth + 1)))
    }
    return .object(members)
  }

  private mutating func elements(
    _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ element: (inout Reader) throws -> Void
  ) throws {
    guard take(open) else { throw fault }
    skipSpace()
    if take(close) { return }
    repeat {
      skipSpace()
      try element(&self)
      skipSpace()
    } while take(",")
    guard take(close) else { throw fault }
  }

  private mutating func string() throws -> String {
    let start = position
    guard take("\"") else { throw fault }
    while let byte = next, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw fault }
      position += byte == UInt8(ascii: "\\") ? 2 : 1
    }
    guard take("\"") else { throw fault }
    // Escapes and UTF-8 are Foundation's.
    let quoted = Data(bytes[start..<position])
    let text = try JSONSerialization.jsonObject(with: quoted, options: .fragmentsAllowed) as? String
    guard let text else { throw fault }
    return text
  }

  private mutating func number() throws -> StrictJSON {
    let rest = String(decoding: bytes[position...].prefix(40), as: UTF8.self)
    guard let match = rest.prefixMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/),
      let value = Double(match.0), value.isFinite
    else { throw fault }
    position += match.0.utf8.count
    return .number(value)
  }
}
