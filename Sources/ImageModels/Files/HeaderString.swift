/// Strings in a safetensors header.
extension HeaderText {
  /// `"…"`, with JSON's escapes, in UTF-8.
  mutating func string() throws(Fault) -> String {
    try expect("\"", spaceAfter: false)
    var text: [UInt8] = []
    while let byte = next, byte != UInt8(ascii: "\""), byte >= 0x20 {
      position += 1
      if byte == UInt8(ascii: "\\") {
        text += String(try escape()).utf8
      } else {
        text.append(byte)
      }
    }
    try expect("\"")
    guard let string = String(validating: text, as: UTF8.self) else {
      throw Fault("has a header that is not in UTF-8")
    }
    return string
  }

  /// What follows a backslash. A character beyond U+FFFF is written as two halves.
  private mutating func escape() throws(Fault) -> Unicode.Scalar {
    guard let byte = next else { throw unexpected }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): break
    default: throw unexpected
    }
    var code = try hexadecimal()
    if (0xd800..<0xdc00).contains(code) {
      try expect("\\", spaceAfter: false)
      try expect("u", spaceAfter: false)
      let low = try hexadecimal()
      guard (0xdc00..<0xe000).contains(low) else { throw unexpected }
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00)
    }
    guard let scalar = Unicode.Scalar(code) else { throw unexpected }
    return scalar
  }

  private mutating func hexadecimal() throws(Fault) -> UInt32 {
    let digits = bytes[position...].prefix(4)
    // The initializer takes a sign, too.
    guard digits.count == 4, digits.allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit }),
      let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw unexpected }
    position += 4
    return code
  }
}
