import Foundation
import Testing

/// Same seed, same machine: the same bytes, run after run and whatever the number of cores.
struct DeterminismTests {
  /// Keeps a program to one core; Linux has it.
  static let taskset = "/usr/bin/taskset"
  static let oneCoreIsPossible = FileManager.default.isExecutableFile(atPath: taskset)

  /// Few draws, and a network that is small and soon trained: what is compared is the same code.
  static let arguments = ["--json", "--seed", "7", "--samples", "500"]
  static let ofChapter6 = ["--epochs", "3", "--hidden", "8", "--held-out", "40"]

  @Test("--json of a chapter: the same bytes twice, the second time on one core", arguments: 1...6)
  func sameBytes(chapter: Int) throws {
    let words = DeterminismTests.arguments + (chapter == 6 ? DeterminismTests.ofChapter6 : [])
    let first = try output(of: chapter, words)
    let second = try output(of: chapter, words, onOneCore: DeterminismTests.oneCoreIsPossible)
    #expect(!first.isEmpty)
    #expect(first == second, "chapter\(chapter) \(words.joined(separator: " "))")
  }

  /// What the chapter's binary writes. It stands where the tests stand.
  private func output(
    of chapter: Int, _ words: [String], onOneCore: Bool = false
  ) throws -> Data {
    let binary = DeterminismTests.folder.appending(path: "chapter\(chapter)")
    let process = Process()
    process.executableURL = onOneCore ? URL(filePath: DeterminismTests.taskset) : binary
    process.arguments = (onOneCore ? ["-c", "0", binary.path] : []) + words
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
