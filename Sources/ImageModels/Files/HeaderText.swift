/// The JSON of a safetensors header, read byte by byte: objects, strings and lists of whole numbers
/// are all there is.
///
/// Foundation's reader would take a key given twice (and keep one of the two), `true` or `1.0` for
/// 1, and other things that make one file mean two things. The grammar here has no recursion, so no
/// header is too deep, and a byte is looked at once or twice.
struct HeaderText {
  typealias Fault = SafetensorsHeader.Fault

  let bytes: [UInt8]
  var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The byte that is read next, if there is one.
  var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// `{"key": value, …}`: `member` reads the value. No key comes twice.
  mutating func object(
    _ member: (inout HeaderText, _ key: String) throws(Fault) -> Void
  ) throws(Fault) {
    var keys: Set<String> = []
    try list("{", "}") { text throws(Fault) in
      let key = try text.string()
      guard keys.insert(key).inserted else { throw Fault("names \(shown(key)) twice") }
      try text.expect(":")
      try member(&text, key)
    }
  }

  /// `[1, 2, …]`.
  mutating func integers() throws(Fault) -> [Int] {
    var values: [Int] = []
    try list("[", "]") { text throws(Fault) in values.append(try text.integer()) }
    return values
  }

  /// Nothing but spaces is left.
  func end() throws(Fault) { if next != nil { throw unexpected } }

  private mutating func list(
    _ open: Unicode.Scalar, _ close: Unicode.Scalar,
    _ element: (inout HeaderText) throws(Fault) -> Void
  ) throws(Fault) {
    try expect(open)
    if next != UInt8(ascii: close) {
      try element(&self)
      while next == UInt8(ascii: ",") {
        try expect(",")
        try element(&self)
      }
    }
    try expect(close)
  }

  /// Digits without a sign, a fraction or a leading zero.
  private mutating func integer() throws(Fault) -> Int {
    let digits = bytes[position...].prefix { (0x30...0x39).contains($0) }
    guard let first = digits.first, first != 0x30 || digits.count == 1 else { throw unexpected }
    guard let value = Int(String(decoding: digits, as: UTF8.self)) else {
      throw Fault("has a number in its header that is too large to be true")
    }
    position += digits.count
    skipSpace()
    return value
  }

  mutating func expect(_ scalar: Unicode.Scalar, spaceAfter: Bool = true) throws(Fault) {
    guard next == UInt8(ascii: scalar) else { throw unexpected }
    position += 1
    if spaceAfter { skipSpace() }
  }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d {
      position += 1
    }
  }

  var unexpected: Fault {
    Fault("has a header that is not the JSON it should be, at byte \(8 + position)")
  }
}
