import Foundation
import Notebook
import TestSupport
import Testing
import TinyNumerics

@testable import ImageModels

/// The folder of the sources: what is committed, not what the build copied.
let digitsFolder =
  URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .appending(path: "../../Sources/ImageModels/Digits").standardizedFileURL.path
let imagesName = "digits-images-idx3-ubyte"
let labelsName = "digits-labels-idx1-ubyte"

func committed(_ name: String) throws -> Data {
  try Data(contentsOf: URL(fileURLWithPath: digitsFolder + "/" + name))
}

/// A header of dimensions, as an IDX file writes it, and `body` bytes.
func idx(_ dimensions: [UInt32], body: Int) -> Data {
  var data = Data([0, 0, 8, UInt8(dimensions.count)])
  for size in dimensions { withUnsafeBytes(of: size.bigEndian) { data.append(contentsOf: $0) } }
  return data + Data(count: body)
}

/// The failure that `body` throws: one line that names `name` and says what to do.
func failure(naming name: String, _ body: () throws -> Void) throws -> Failure {
  let failure = try #require(throws: Failure.self, performing: body)
  #expect(name.isEmpty || failure.message.contains(name), "\(failure.message)")
  #expect(failure.message.filter(\.isNewline).isEmpty, "\(failure.message)")
  let remedies = [
    "fetch", "check", "give the path", "at most", "delete .build", "save it again", "convert it",
    "train again", "install gzip", "choose", "convert", "reshape", "unpack", "names of the files",
    "save the model again", "save its tensors",
    "give",
  ]
  #expect(remedies.contains { failure.message.contains($0) }, "\(failure.message)")
  return failure
}

/// Whether a complaint about a damaged IDX file says what helps.
func saysWhatHelps(_ message: String) -> Bool {
  [
    "fetch", "convert", "reshape", "names of the files", "save the model again", "save its tensors",
    "unpack",
  ].contains { message.contains($0) }
}

/// Bits flipped, the end or a middle piece cut out, bytes put in; the header is hit half of the
/// time.
func damagedCopy(of whole: Data, header: Int = 20, using generator: inout Threefry) -> Data {
  var data = whole
  for _ in 0..<Int.random(in: 1...3, using: &generator) where !data.isEmpty {
    let reach = Bool.random(using: &generator) ? min(header, data.count) : data.count
    let place = Int.random(in: 0..<reach, using: &generator)
    let length = Int.random(in: 1...40, using: &generator)
    switch Int.random(in: 0..<6, using: &generator) {
    case 0: data.removeSubrange(place...)
    case 1: data.removeSubrange(place..<min(place + length, data.count))
    case 2:
      let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
      data.insert(contentsOf: bytes, at: place)
    default: data[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
    }
  }
  return data
}

/// What the system's gzip makes of some bytes.
func gzip(_ data: Data, in folder: TemporaryFolder) throws -> Data {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = ["gzip", "-nc1", "--", try folder.write(data, "to-compress")]
  let output = Pipe()
  process.standardOutput = output
  try process.run()
  let compressed = try #require(try output.fileHandleForReading.readToEnd())
  process.waitUntilExit()
  #expect(process.terminationStatus == 0)
  return compressed
}
