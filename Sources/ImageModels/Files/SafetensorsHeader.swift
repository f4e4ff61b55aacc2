import Foundation

/// The header of a safetensors file, every claim in it checked against the file.
struct SafetensorsHeader {
  /// Where a tensor's numbers are, in bytes after the header.
  struct Place {
    let name: String
    let shape: [Int]
    let begin: Int
    let end: Int
    /// How many numbers there are.
    var count: Int { (end - begin) / 4 }
  }

  /// What is wrong with a file, as in "it ends inside its header", and what helps.
  struct Fault: Error {
    let text: String
    let remedy: String

    init(_ text: String, remedy: String = "save it again or give another file") {
      (self.text, self.remedy) = (text, remedy)
    }
  }

  static let metadataKey = "__metadata__"

  private(set) var metadata: [String: String] = [:]
  /// In the order of the numbers.
  private(set) var places: [Place] = []
  /// Bytes before the numbers: the eight of the header's own length among them.
  let length: Int

  init(_ data: Data) throws(Fault) {
    guard data.count >= 8 else { throw Fault("has \(data.count) bytes, too few for a header") }
    let claim = data.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard claim <= Safetensors.headerLimit else {
      if let other = SafetensorsHeader.otherFormat(data) { throw other }
      throw Fault(
        "claims a header of \(claim) bytes, and at most \(Safetensors.headerLimit) are read")
    }
    length = 8 + Int(claim)
    guard data.count >= length else {
      throw Fault("ends inside its header (\(data.count) of \(length) bytes)")
    }
    try read(HeaderText(Array(data.prefix(length).dropFirst(8))))
    // A byte that belongs to no tensor, or to two, is a file that means two things to two readers.
    places.sort { ($0.begin, $0.end) < ($1.begin, $1.end) }
    var end = 0
    for place in places {
      guard place.begin == end else {
        throw Fault("has a gap or an overlap before the numbers of \(shown(place.name))")
      }
      end = place.end
    }
    guard end == data.count - length else {
      throw Fault("promises \(end) bytes of numbers but has \(data.count - length)")
    }
  }

  /// What other programs keep models in.
  private static func otherFormat(_ data: Data) -> Fault? {
    let known: [([UInt8], String)] = [
      ([0x50, 0x4b, 0x03, 0x04], "is a zip archive, as torch.save writes them"),
      ([0x80, 0x02], "is a Python pickle"), ([0x80, 0x04], "is a Python pickle"),
      ([0x89, 0x48, 0x44, 0x46], "is an HDF5 file"), ([0x47, 0x47, 0x55, 0x46], "is a GGUF file"),
    ]
    return known.first { data.starts(with: $0.0) }.map {
      Fault($0.1, remedy: "save its tensors again with save_file of safetensors.torch")
    }
  }

  private mutating func read(_ header: HeaderText) throws(Fault) {
    var text = header
    guard text.next == UInt8(ascii: "{") else {
      throw Fault("has a header that is not a JSON object")
    }
    try text.object { text, name throws(Fault) in
      if name == SafetensorsHeader.metadataKey {
        try text.object { text, key throws(Fault) in metadata[key] = try text.string() }
      } else {
        places.append(try SafetensorsHeader.place(name, &text))
      }
    }
    try text.end()
  }

  private static func place(_ name: String, _ text: inout HeaderText) throws(Fault) -> Place {
    var dtype: String?
    var shape: [Int]?
    var offsets: [Int]?
    try text.object { text, key throws(Fault) in
      switch key {
      case "dtype": dtype = try text.string()
      case "shape": shape = try text.integers()
      case "data_offsets": offsets = try text.integers()
      default: throw Fault("says \(shown(key)) of \(shown(name)), which the format does not know")
      }
    }
    guard let dtype, let shape, let offsets, offsets.count == 2 else {
      throw Fault("does not say dtype, shape and two data_offsets of \(shown(name))")
    }
    guard dtype == "F32" else {
      throw Fault(
        "has \(shown(name)) in \(shown(dtype)) where only F32 is read",
        remedy: "convert it, in PyTorch with tensor.float()")
    }
    guard let size = bytes(shape), offsets[0] <= offsets[1], offsets[1] - offsets[0] == size else {
      throw Fault("gives \(shown(name)) a shape that is not as large as its data_offsets say")
    }
    return Place(name: name, shape: shape, begin: offsets[0], end: offsets[1])
  }

  /// The size of an array of this shape, or nil when that cannot be counted.
  private static func bytes(_ shape: [Int]) -> Int? {
    shape.reduce(4) { product, size in
      guard let (next, overflow) = product?.multipliedReportingOverflow(by: size), !overflow
      else { return nil }
      return next
    }
  }
}

/// A name from a file, fit for a line of text whatever is in it.
func shown(_ name: String) -> String {
  let scalars = name.unicodeScalars
  let text = scalars.prefix(40).map { $0.escaped(asASCII: true) }.joined()
  return "'\(text)\(scalars.count > 40 ? "…" : "")'"
}
