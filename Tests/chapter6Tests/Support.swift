import Foundation
import Notebook
import Testing

@testable import chapter6

/// The folder of the sources: what is committed, not what the build copied.
let digitsFolder =
  URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .appending(path: "../../Sources/chapter6/Digits").standardizedFileURL.path
let imagesName = "digits-images-idx3-ubyte"
let labelsName = "digits-labels-idx1-ubyte"

func committed(_ name: String) throws -> Data {
  try Data(contentsOf: URL(fileURLWithPath: digitsFolder + "/" + name))
}

/// A folder of the test's own, removed with the value.
final class TemporaryFolder {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appending(path: "chapter6-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ data: Data, _ name: String) throws -> String {
    let file = path + "/" + name
    // `Data.write` waits for the disk, and some file systems do so when a file is emptied.
    unlink(file)
    let stream = try #require(fopen(file, "wb"))
    let written = data.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, stream) }
    #expect(fclose(stream) == 0 && written == data.count)
    return file
  }
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
  let remedies = ["fetch", "check", "give the path", "at most", "delete .build"]
  #expect(remedies.contains { failure.message.contains($0) }, "\(failure.message)")
  return failure
}
