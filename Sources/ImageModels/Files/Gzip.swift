import Foundation
import Notebook

/// The system's `gzip`: MNIST and its relatives are shipped compressed.
struct Gzip {
  /// The folders where programs are looked for, with colons between them.
  var searchPath = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"

  /// Whether a file is compressed, by its first two bytes: browsers unpack what they fetch and keep
  /// the name, and other programs drop the `.gz`.
  static func compressed(_ path: String) throws(Failure) -> Bool {
    let (file, _) = try openFile(path, kind: "an IDX file", atMost: IDX.limit)
    defer { try? file.close() }
    return (try? file.read(upToCount: 2)) == Data([0x1f, 0x8b])
  }

  /// The contents of a compressed file.
  ///
  /// A thousand bytes may unpack to a million, so it is not gzip that says how much there is:
  /// `promise` tells the length of the whole from its first `head` bytes, and gzip is stopped when
  /// it gives more.
  func unpack(
    _ path: String, head: Int, promise: (Data) throws(Failure) -> Int
  ) throws(Failure) -> Data {
    let (file, _) = try openFile(path, kind: "a gzip file", atMost: IDX.limit)
    defer { try? file.close() }
    let output = Pipe()
    let process = try start(reading: file, writing: output, path)
    defer { stop(process, output) }
    let data = try Gzip.collect(path, head: head, promise: promise) {
      try? output.fileHandleForReading.read(upToCount: 1 << 16)
    }
    process.waitUntilExit()
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      throw Gzip.damaged(path, "is not a whole gzip file")
    }
    return data
  }

  /// Puts pieces together until there are none, or more than promised.
  static func collect(
    _ path: String, head: Int, promise: (Data) throws(Failure) -> Int, pieces: () -> Data?
  ) throws(Failure) -> Data {
    var data = Data()
    var limit: Int?
    while let piece = pieces(), !piece.isEmpty {
      data.append(piece)
      if limit == nil, data.count >= head { limit = try promise(data.prefix(head)) }
      if let limit, data.count > limit {
        throw damaged(path, "unpacks to more than the \(limit) bytes that its header promises")
      }
    }
    return data
  }

  /// `gzip -dc < file`: the file that was looked at, whatever its name, and no name to misread.
  private func start(
    reading file: FileHandle, writing output: Pipe, _ path: String
  ) throws(Failure) -> Process {
    let process = Process()
    do {
      guard let gzip else { throw CocoaError(.fileNoSuchFile) }
      process.executableURL = gzip
      process.arguments = ["-dc"]
      // Options of the user's own would be added to ours.
      process.environment = ProcessInfo.processInfo.environment.filter { $0.key != "GZIP" }
      process.standardInput = file
      process.standardOutput = output
      // What gzip has to say is said by its exit status; nobody has to drain the words.
      process.standardError = FileHandle.nullDevice
      try process.run()
    } catch {
      throw Failure(
        .inputCannotBeRead,
        "\(path) is compressed, and the program gzip cannot be run: install gzip, or unpack the "
          + "file"
      )
    }
    return process
  }

  private var gzip: URL? {
    searchPath.split(separator: ":").map { "\($0)/gzip" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
      .map { URL(fileURLWithPath: $0) }
  }

  /// A gzip that was not read to its end is told to go.
  private func stop(_ process: Process, _ output: Pipe) {
    try? output.fileHandleForReading.close()
    if process.isRunning { process.terminate() }
    process.waitUntilExit()
  }

  private static func damaged(_ path: String, _ fault: String) -> Failure {
    Failure(.inputIsNotWhatItClaims, "\(path) \(fault): fetch it again")
  }
}
