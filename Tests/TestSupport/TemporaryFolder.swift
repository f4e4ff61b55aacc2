import Foundation
import TinyNumerics

/// A folder of the test's own, removed with the value.
public final class TemporaryFolder {
  public let path: String

  public init() throws {
    path =
      FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appending(path: "vae-by-numbers-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and returns its path.
  public func write(_ data: Data, _ name: String) throws -> String {
    let file = path + "/" + name
    // `Data.write` waits for the disk, and some file systems do so when a file is emptied.
    unlink(file)
    guard let stream = fopen(file, "wb") else { throw CocoaError(.fileWriteUnknown) }
    let written = data.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, stream) }
    require(fclose(stream) == 0 && written == data.count, "the whole file is written")
    return file
  }
}
