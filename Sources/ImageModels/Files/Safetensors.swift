import Foundation
import Notebook
import TinyNumerics

/// Named arrays of 32-bit numbers in the safetensors format, which PyTorch, JAX and others read:
/// the length of the header as a little-endian 64-bit integer; the header, a JSON object that gives
/// each tensor's type, shape and place, and free text under `__metadata__`; then the numbers,
/// little-endian, the last index running fastest, without a gap.
///
/// - Source: the format's description in the README of github.com/huggingface/safetensors.
struct Safetensors: Equatable, Sendable {
  struct Tensor: Equatable, Sendable {
    let name: String
    /// Sizes, outermost first; none for a single number.
    let shape: [Int]
    let values: [Float]
  }

  let metadata: [String: String]
  /// In the order of their names.
  let tensors: [Tensor]

  /// The largest file and the largest header that are read. (The reference takes 100 MB of header.)
  static let limit = 1 << 30
  static let headerLimit = 1 << 20

  init(metadata: [String: String] = [:], tensors: [Tensor]) {
    for tensor in tensors {
      require(tensor.name != SafetensorsHeader.metadataKey, "\(tensor.name) is not for a tensor")
      require(
        tensor.shape.reduce(1, *) == tensor.values.count, "\(tensor.name) has another shape")
    }
    require(Set(tensors.map(\.name)).count == tensors.count, "two tensors have one name")
    self.metadata = metadata
    self.tensors = tensors.sorted { $0.name < $1.name }
  }

  subscript(name: String) -> Tensor? { tensors.first { $0.name == name } }

  // MARK: Writing

  /// The file, to the byte: keys are sorted, and the header is filled up so that numbers start at a
  /// multiple of eight bytes.
  var encoded: Data {
    var end = 0
    let places = tensors.map { tensor in
      let begin = end
      end += 4 * tensor.values.count
      return (
        tensor.name,
        JSON.object([
          ("dtype", JSON.string("F32")), ("shape", "\(tensor.shape)"),
          ("data_offsets", "\([begin, end])"),
        ])
      )
    }
    let texts = metadata.sorted { $0.key < $1.key }.map { ($0.key, JSON.string($0.value)) }
    let first = metadata.isEmpty ? [] : [(SafetensorsHeader.metadataKey, JSON.object(texts))]
    var header = Data(JSON.object(first + places).utf8)
    header.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - header.count % 8) % 8))

    var data = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) } + header
    for tensor in tensors {
      tensor.values.map { $0.bitPattern.littleEndian }
        .withUnsafeBytes { data.append(contentsOf: $0) }
    }
    return data
  }

  /// Writes the file whole or not at all, if it is one that can be read again.
  func write(to path: String) throws(Failure) {
    if let broken = tensors.first(where: { !$0.values.allSatisfy(\.isFinite) }) {
      throw Failure(
        .outputCannotBeCreated,
        "cannot write \(path): \(broken.name) has numbers that are not finite; train again with a "
          + "smaller --learning-rate")
    }
    try writeFile(encoded, to: path)
  }

  // MARK: Reading

  init(contentsOf path: String) throws(Failure) {
    let data = try readFile(path, kind: "a safetensors file", atMost: Safetensors.limit)
    try self.init(parsing: data, name: path)
  }

  /// Takes a file's contents apart; `name` is for the complaint. Whatever the header claims is
  /// compared with what is there before it is used.
  init(parsing data: Data, name: String) throws(Failure) {
    do throws(SafetensorsHeader.Fault) {
      let header = try SafetensorsHeader(data)
      metadata = header.metadata
      tensors = try header.places.sorted { $0.name < $1.name }
        .map { place throws(SafetensorsHeader.Fault) in
          let values = Safetensors.floats(data.dropFirst(header.length + place.begin), place.count)
          guard values.allSatisfy(\.isFinite) else {
            throw .init(
              "has numbers in \(shown(place.name)) that are not finite",
              remedy: "train again with a smaller --learning-rate")
          }
          return Tensor(name: place.name, shape: place.shape, values: values)
        }
    } catch {
      throw Failure(
        .inputIsNotWhatItClaims,
        "\(name) is not a model that can be read: it \(error.text); \(error.remedy)")
    }
  }

  private static func floats(_ data: Data, _ count: Int) -> [Float] {
    data.withUnsafeBytes { bytes in
      (0..<count).map { i in
        let bits = bytes.loadUnaligned(fromByteOffset: 4 * i, as: UInt32.self)
        return Float(bitPattern: UInt32(littleEndian: bits))
      }
    }
  }
}
