import Foundation
import Notebook

import class Notebook.Progress

/// What one run of a chapter left: its words, its figures, and how it ended.
struct ChapterRun {
  let transcript: Transcript
  let contents: Contents
  /// The SVG by the file's name.
  let figures: [String: String]
  /// Why its output is not to be trusted, or nil.
  let complaint: String?
}

/// Runs chapters' binaries. (A nested `swift run` would wait for SwiftPM's lock for ever.)
struct ChapterRunner {
  let binaries: URL

  /// Beside this program's own binary.
  static var besideThisProgram: ChapterRunner {
    let own = Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
    return ChapterRunner(binaries: own.resolvingSymlinksInPath().deletingLastPathComponent())
  }

  /// Each chapter once, two at a time.
  func run(_ chapters: [Int], progress: Progress) throws(Failure) -> [Int: ChapterRun] {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "weave-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    var runs: [Int: ChapterRun] = [:]
    var running: [(chapter: Int, process: Process)] = []
    var contents: [Int: Contents] = [:]
    func finishOne() {
      let (chapter, process) = running.removeFirst()
      process.waitUntilExit()
      let words = contents[chapter] ?? Contents(help: "")
      runs[chapter] = result(chapter, process, folder.appending(path: "\(chapter)"), words)
      progress.update(runs.count, note: "chapter\(chapter)")
    }
    progress.update(0)
    for chapter in chapters {
      if running.count == 2 { finishOne() }
      do {
        let own = folder.appending(path: "\(chapter)")
        let help = try start(chapter, ["--help"], own)
        help.waitUntilExit()
        let words = Contents(help: (try? Package(root: own).text("output")) ?? "")
        contents[chapter] = words
        let figures = ["--figures", own.appending(path: "figures").path]
        running.append(
          (chapter, try start(chapter, (words.hasRows ? ["--all"] : []) + figures, own)))
      } catch {
        while !running.isEmpty { finishOne() }
        throw Failure(
          .inputCannotBeRead,
          "cannot run \(binary(chapter).path): build it with: swift build --product chapter\(chapter)"
        )
      }
    }
    while !running.isEmpty { finishOne() }
    progress.finish()
    return runs
  }

  private func binary(_ chapter: Int) -> URL { binaries.appending(path: "chapter\(chapter)") }

  /// Output goes to a file: a pipe that nobody reads would fill up.
  private func start(_ chapter: Int, _ words: [String], _ folder: URL) throws -> Process {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let process = Process()
    process.executableURL = binary(chapter)
    process.arguments = words
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try emptyFile(folder.appending(path: "output"))
    process.standardError = try emptyFile(folder.appending(path: "diagnostics"))
    try process.run()
    return process
  }

  private func emptyFile(_ url: URL) throws -> FileHandle {
    try Data().write(to: url)
    return try FileHandle(forWritingTo: url)
  }

  private func result(
    _ chapter: Int, _ process: Process, _ folder: URL, _ contents: Contents
  ) -> ChapterRun {
    let here = Package(root: folder)
    var figures: [String: String] = [:]
    for name in here.files(in: "figures", ending: ".svg") {
      figures[name] = try? here.text("figures/\(name)")
    }
    let ended = process.terminationReason == .exit ? "status" : "signal"
    let words = ((try? here.text("diagnostics")) ?? "").split(separator: "\n").first ?? ""
    let complaint =
      "chapter\(chapter) ended with \(ended) \(process.terminationStatus): mend it first"
      + (words.isEmpty ? "" : " (\(words))")
    return ChapterRun(
      transcript: Transcript((try? here.text("output")) ?? ""), contents: contents,
      figures: figures,
      complaint: process.terminationReason == .exit && process.terminationStatus == 0
        ? nil : complaint)
  }
}
