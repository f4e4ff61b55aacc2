import Foundation

/// A chapter's binary, which stands where the tests stand, and what it prints with `--json`.
struct ChapterProgram {
  let number: Int

  /// Few draws, and networks that are small and soon trained: what is compared is the same code.
  var arguments: [String] {
    let help = (try? output(of: ["--help"])).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let small = [("--epochs", "3"), ("--hidden", "8"), ("--held-out", "40")]
    return ["--json", "--seed", "7", "--samples", "500"]
      + small.filter { help.contains("\($0.0) ") }.flatMap { [$0.0, $0.1] }
  }

  /// The chapters are the folders Sources/chapter1, chapter2, …
  static let numbers: [Int] = {
    let sources = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources").standardized.path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: sources)) ?? []
    return names.filter { $0.hasPrefix("chapter") }.compactMap { Int($0.dropFirst(7)) }.sorted()
  }()

  /// What all of them print, run once.
  static let outputs: [Int: Data] = Dictionary(
    uniqueKeysWithValues: numbers.map { number in
      (number, (try? ChapterProgram(number: number).output()) ?? Data())
    })

  /// Keeps a program to one core; Linux has it.
  private static let taskset = "/usr/bin/taskset"

  func output(onOneCore: Bool = false) throws -> Data {
    try output(of: arguments, onOneCore: onOneCore)
  }

  private func output(of arguments: [String], onOneCore: Bool = false) throws -> Data {
    let binary = ChapterProgram.folder.appending(path: "chapter\(number)")
    let isLimited = onOneCore && FileManager.default.isExecutableFile(atPath: Self.taskset)
    let process = Process()
    process.executableURL = isLimited ? URL(filePath: Self.taskset) : binary
    process.arguments = (isLimited ? ["-c", "0", binary.path] : []) + arguments
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return data
  }

  private static var folder: URL {
    #if os(macOS)
      final class Here {}
      return Bundle(for: Here.self).bundleURL.deletingLastPathComponent()
    #else
      let own = Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
      return own.resolvingSymlinksInPath().deletingLastPathComponent()
    #endif
  }
}

extension ChapterProgram {
  /// What its JSON says of each check.
  struct Row: Decodable {
    let label: String
    let kind: String
  }

  private struct Document: Decodable { let checks: [Row] }

  static func rows(ofChapter number: Int) throws -> [Row] {
    try JSONDecoder().decode(Document.self, from: outputs[number] ?? Data()).checks
  }
}
