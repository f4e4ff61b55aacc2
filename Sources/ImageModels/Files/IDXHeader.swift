import Foundation
import Notebook

/// The header of an IDX file, or what the file is instead, and what helps.
struct IDXHeader {
  let number: IDXNumber
  let dimensions: [Int]
  /// In bytes.
  let length: Int

  /// How many bytes of numbers the header promises; nil where that cannot be counted.
  var promised: Int? { IDX.product(dimensions + [number.size]) }

  /// - Parameter count: the dimensions that are wanted: three of images, one of labels. Labels may
  ///   be numbers of any type, levels of pixels are unsigned bytes.
  init(_ data: Data, name: String, dimensions count: Int) throws(Failure) {
    func unfit(_ fault: String) -> Failure {
      Failure(.inputIsNotWhatItClaims, "\(name) \(fault)")
    }
    let head = Array(data.prefix(IDXHeader.length(count)))
    if let (kind, remedy) = IDXHeader.otherFormat(head) {
      throw unfit("is \(kind), not an IDX file: \(remedy)")
    }
    if head.count >= 4, head[0] == 0, head[1] == 0, let number = IDXNumber(rawValue: head[2]) {
      guard Int(head[3]) == count else {
        throw unfit(IDXHeader.otherDimensions(Int(head[3]), wanted: count))
      }
      guard count == 1 || number == .unsignedByte else {
        throw unfit(
          "holds \(number.words) where grey levels are unsigned bytes: convert them, in NumPy with "
            + (number == .float || number == .double
              ? "(255 * x).round().astype('uint8') if black is 0 and white is 1"
              : "x.astype('uint8') if no level is below 0 or above 255"))
      }
    }
    guard head.count == IDXHeader.length(count) else {
      throw IDX.damaged(
        name, "ends inside its header (\(head.count) of \(IDXHeader.length(count)) bytes)")
    }
    guard head[0] == 0, head[1] == 0, Int(head[3]) == count,
      let number = IDXNumber(rawValue: head[2])
    else {
      let magic = head.prefix(4).map { String(format: "%02x", $0) }.joined()
      let expected = String(format: "0000%02x%02x", 8, count)
      throw IDX.damaged(name, "starts with \(magic) where \(expected) is expected")
    }
    self.number = number
    length = IDXHeader.length(count)
    dimensions = (0..<count).map { d in
      head[(4 + 4 * d)..<(8 + 4 * d)].reduce(0) { $0 << 8 | Int($1) }
    }
  }

  static func length(_ dimensions: Int) -> Int { 4 + 4 * dimensions }

  private static func otherDimensions(_ count: Int, wanted: Int) -> String {
    let has = "has \(counted(count, "dimension"))"
    switch (count, wanted) {
    case (1, 3): return "\(has), as labels have, where images have 3: check the names of the files"
    case (2, 3):
      return "\(has) where images have 3: give each row its shape again, in NumPy with "
        + "x.reshape(-1, rows, columns)"
    case (4..., 3):
      return
        "\(has) where images have 3: colour? choose one channel, or convert to their mean, and "
        + "write unsigned bytes again"
    case (2, 1): return "\(has) where labels have 1: one-hot? convert with x.argmax(axis=1)"
    case (3, 1): return "\(has), as images have, where labels have 1: check the names of the files"
    default: return "\(has) where \(wanted) are expected: check the names of the files"
    }
  }

  /// What a file is by its first bytes, where that is nothing of ours.
  private static func otherFormat(_ head: [UInt8]) -> (kind: String, remedy: String)? {
    let unpack = "unpack it, and give the folder of what was in it"
    let export = "write its arrays as IDX, see chapters/images.md; check the names of the files"
    let known: [(start: String, kind: String, remedy: String)] = [
      ("PK\u{3}\u{4}", "a zip archive", unpack), ("BZh", "compressed by bzip2", unpack),
      ("\u{fd}7zXZ", "compressed by xz", unpack),
      ("\u{28}\u{b5}\u{2f}\u{fd}", "a zstd file", unpack),
      ("\u{93}NUMPY", "a NumPy array", export), ("\u{89}PNG", "a PNG image", export),
      ("\u{ff}\u{d8}\u{ff}", "a JPEG image", export), ("\u{89}HDF", "an HDF5 file", export),
      ("PAR1", "a Parquet file", export), ("MATLAB", "a MATLAB file", export),
      ("version ", "a pointer of Git LFS", "fetch the file itself with git lfs pull"),
      ("<!", "a web page", "fetch the file itself, its address may have moved"),
      ("<h", "a web page", "fetch the file itself, its address may have moved"),
      ("<?xml", "an XML document", "fetch the file itself, its address may have moved"),
    ]
    let other = known.first { head.starts(with: $0.start.unicodeScalars.map { UInt8($0.value) }) }
    return other.map { ($0.kind, $0.remedy) }
  }
}
