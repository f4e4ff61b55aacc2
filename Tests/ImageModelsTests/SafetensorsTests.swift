import Foundation
import Notebook
import TestSupport
import Testing
import TinyNumerics

@testable import ImageModels

/// A safetensors file with this header, its length told truly or not, and these numbers.
func safetensors(_ header: String, length: UInt64? = nil, _ values: [Float] = []) -> Data {
  let claim = length ?? UInt64(header.utf8.count)
  let head = withUnsafeBytes(of: claim.littleEndian) { Data($0) } + Data(header.utf8)
  return values.reduce(into: head) { data, value in
    withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
  }
}

/// Made by the reference implementation, safetensors 0.8.0 in Python:
///     save({"b": array([1.5, -2, 3.25e-3]), "a.weight": arange(6).reshape(2, 3) / 3, "scalar":
///     array(7),
///           "empty": zeros((0, 4))}, {"likelihood": "bernoulli", "note": 'line\n"quoted" \\ µ 😀
///           \x01'})
/// with all arrays in float32.
let referenceFile = Data(
  base64Encoded: """
    SAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJsaWtlbGlob29kIjoiYmVybm91bGxpIiwibm90ZSI6ImxpbmVcblwicXVv\
    dGVkXCIgXFwgwrUg8J+YgCBcdTAwMDEifSwiYS53ZWlnaHQiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzIsM10sImRh\
    dGFfb2Zmc2V0cyI6WzAsMjRdfSwiYiI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbM10sImRhdGFfb2Zmc2V0cyI6WzI0\
    LDM2XX0sImVtcHR5Ijp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOlswLDRdLCJkYXRhX29mZnNldHMiOlszNiwzNl19LCJz\
    Y2FsYXIiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6W10sImRhdGFfb2Zmc2V0cyI6WzM2LDQwXX19ICAgAAAAAKuqqj6r\
    qio/AACAP6uqqj9VVdU/AADAPwAAAMD0/VQ7AADgQA==
    """)!

let referenceModel = Safetensors(
  metadata: ["likelihood": "bernoulli", "note": "line\n\"quoted\" \\ µ 😀 \u{1}"],
  tensors: [
    .init(name: "scalar", shape: [], values: [7]),
    .init(name: "b", shape: [3], values: [1.5, -2, 3.25e-3]),
    .init(name: "empty", shape: [0, 4], values: []),
    .init(name: "a.weight", shape: [2, 3], values: (0..<6).map { Float($0) / 3 }),
  ])

@Suite("Safetensors files")
struct SafetensorsTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("a file of the reference implementation")
  func reference() throws {
    let model = try Safetensors(parsing: referenceFile, name: "x")
    #expect(model == referenceModel)
    #expect(model["b"]?.values == [1.5, -2, 3.25e-3] && model["c"] == nil)
    // A slice of a larger `Data` does not start at index 0.
    let slice = (Data(count: 5) + referenceFile).dropFirst(5)
    #expect(try Safetensors(parsing: slice, name: "x") == referenceModel)
  }

  /// Opened with `safetensors.numpy.load` it gave {'a': [[0.5, -1.0]], 'b': 3.0}, both float32.
  @Test("what is written, to the byte: sorted, filled up with spaces, numbers at a multiple of 8")
  func bytes() {
    let model = Safetensors(
      metadata: ["z": "1", "epochs": "20\n"],
      tensors: [
        .init(name: "b", shape: [], values: [3]),
        .init(name: "a", shape: [1, 2], values: [0.5, -1]),
      ])
    let header = """
      {"__metadata__": {"epochs": "20\\n", "z": "1"}, \
      "a": {"dtype": "F32", "shape": [1, 2], "data_offsets": [0, 8]}, \
      "b": {"dtype": "F32", "shape": [], "data_offsets": [8, 12]}}
      """
    let filled = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    #expect(model.encoded == safetensors(filled, [0.5, -1, 3]))
    #expect((model.encoded.count - 12).isMultiple(of: 8))
    #expect(Safetensors(tensors: []).encoded == safetensors("{}      "))
  }

  @Test("what is written is read back; the same model gives the same bytes")
  func roundTrip() throws {
    var generator = Threefry(seed: 1)
    let odd = ["", " ", "\"", "\\u0041", "é", "a\u{0}b", "\u{2028}", "👩‍👩‍👧", "\u{7f}"]
    let sizes = [[], [1], [0], [3, 0, 2], [4, 5], [2, 1, 3], [30, 20]]
    for _ in 0..<20 {
      let names = odd.shuffled(using: &generator)
      let tensors = zip(names, sizes).map { name, shape in
        let values = (0..<shape.reduce(1, *)).map { _ in Float(generator.normal()) }
        return Safetensors.Tensor(name: name, shape: shape, values: values)
      }
      let texts = zip(odd, names).map { ($0, $1) }
      let model = Safetensors(
        metadata: Dictionary(uniqueKeysWithValues: texts), tensors: tensors)
      #expect(try Safetensors(parsing: model.encoded, name: "x") == model)
      let shuffled = Safetensors(
        metadata: Dictionary(uniqueKeysWithValues: texts.shuffled(using: &generator)),
        tensors: tensors.shuffled(using: &generator))
      #expect(shuffled.encoded == model.encoded)
      try model.write(to: folder.path + "/model")
      #expect(try Safetensors(contentsOf: folder.path + "/model") == model)
    }
  }

  @Test("every finite number comes back to the bit")
  func bits() throws {
    let values: [Float] = [
      0, -0.0, .leastNonzeroMagnitude, -.leastNormalMagnitude, .greatestFiniteMagnitude, .pi,
      .ulpOfOne,
    ]
    let model = Safetensors(tensors: [.init(name: "x", shape: [7], values: values)])
    let read = try Safetensors(parsing: model.encoded, name: "x")
    #expect(read["x"]?.values.map(\.bitPattern) == values.map(\.bitPattern))
  }

  @Test("JSON that others may write: spaces, any order, escapes")
  func json() throws {
    let header = """
      {  "b" :\t{"data_offsets":[ 4 , 8 ],\r\n"shape":[ ],"dtype":"\\u0046\\u00332"},
       "__metadata__":{}, "\\ud83d\\uDE00\\/\\b\\f\\n\\r\\t\\"\\\\":
       {"dtype":"F32","shape":[1,1],"data_offsets":[0,4]} }  \n
      """
    let model = try Safetensors(parsing: safetensors(header, [1, 2]), name: "x")
    #expect(model["b"]?.values == [2])
    #expect(model["😀/\u{8}\u{c}\n\r\t\"\\"]?.values == [1])
  }

  @Test("an empty tensor behind another one's numbers may be listed before it")
  func emptyFirst() throws {
    let header = """
      {"none": {"dtype": "F32", "shape": [0], "data_offsets": [8, 8]}, \
      "two": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}
      """
    let model = try Safetensors(parsing: safetensors(header, [1, 2]), name: "x")
    #expect(model["none"]?.values == [] && model["two"]?.values == [1, 2])
  }

  @Test("numbers that are not finite are not written: status 73, and the old file stays")
  func notFinite() throws {
    let path = folder.path + "/model"
    try referenceModel.write(to: path)
    for value in [Float.nan, .infinity, -.infinity, .signalingNaN] {
      let model = Safetensors(tensors: [.init(name: "w", shape: [2], values: [0, value])])
      let error = try failure(naming: path) { try model.write(to: path) }
      #expect(error.status == .outputCannotBeCreated)
    }
    #expect(try Safetensors(contentsOf: path) == referenceModel)
  }

  @Test("a model does not replace a link, a folder or a device")
  func unwritable() throws {
    let link = folder.path + "/link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "target")
    for path in [folder.path, link, folder.path + "/no/x", "/proc/x", ""] {
      let error = try failure(naming: path) { try referenceModel.write(to: path) }
      #expect(error.status == .outputCannotBeCreated)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["link"])
  }

  @Test("what is no file: status 66, and nothing is waited for", .timeLimit(.minutes(1)))
  func noFile() throws {
    let pipe = folder.path + "/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    for path in [folder.path, folder.path + "/missing", pipe, "", "/dev/zero", "/dev/null"] {
      let error = try failure(naming: path) { _ = try Safetensors(contentsOf: path) }
      #expect(error.status == .inputCannotBeRead, "\(path)")
    }
  }
}
