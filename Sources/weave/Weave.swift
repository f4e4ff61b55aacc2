import Foundation
import Notebook

import class Notebook.Progress

/// Keeps `chapters/*.md` in step with the sources and the outputs.
@main
enum Weave {
  private static let check = Option.flag("check", help: "change nothing; list what is out of step")
  private static let chapter = Option.integer(
    "chapter", in: 1...999, default: 0,
    help: "one chapter's pages only (default: all); short: weave chapter3")
  private static let folder = Option.path(
    "package", "DIR", help: "the package's folder (default: the one this was built from)")
  private static let help = Option.flag("help", help: "print this text; -h for short")
  private static let options: [any AnyOption] = [check, chapter, folder, help]

  static func main() {
    let words = Array(CommandLine.arguments.dropFirst())
    exit(perform(words, console: .standard, runner: .besideThisProgram).rawValue)
  }

  /// The whole command line, in-process.
  static func perform(
    _ words: [String], console: Console, runner: ChapterRunner, ledger: Ledger = .whole
  ) -> ExitStatus {
    do throws(Failure) {
      let arguments = try Arguments(expanded(words), options: options)
      if arguments[help] {
        try deliver(helpText, on: console)
        return .allChecksHold
      }
      let root = arguments[folder].map { URL(fileURLWithPath: $0) } ?? ownPackage
      let only = arguments[chapter] == 0 ? nil : arguments[chapter]
      let package = Package(root: root)
      if let only, package.exists("Package.swift"), !package.chapters.contains(only) {
        let chapters = package.chapters.map { "chapter\($0)" }.joined(separator: ", ")
        throw Failure(.wrongCommandLine, "there is no chapter\(only): there are \(chapters)")
      }
      var weaver = Weaver(
        package: package, ledger: ledger, checkOnly: arguments[check], only: only)
      try weaver.weave { chapters throws(Failure) in
        let progress = Progress("chapters", total: chapters.count, console: console)
        return try runner.run(chapters, progress: progress)
      }
      try deliver(report(weaver), on: console)
      return weaver.faults.isEmpty ? .allChecksHold : .aCheckFailed
    } catch {
      console.diagnostics("weave: \(error.message.onOneLine)\n")
      return error.status
    }
  }

  /// "chapter3" stands for "--chapter 3".
  private static func expanded(_ words: [String]) -> [String] {
    words.enumerated().flatMap { index, word -> [String] in
      let isValue = index > 0 && ["--package", "--chapter"].contains(words[index - 1])
      guard !isValue, let match = word.wholeMatch(of: /chapter(\d+)/) else { return [word] }
      return ["--chapter", String(match.1)]
    }
  }

  private static var ownPackage: URL {
    var folder = URL(fileURLWithPath: #filePath)
    for _ in 1...3 { folder.deleteLastPathComponent() }
    return folder
  }

  private static func report(_ weaver: Weaver) -> String {
    let written = weaver.written.map { "wrote \($0)\n" }.joined()
    let faults = weaver.faults.map { "\($0)\n" }.joined()
    let counts = "\(weaver.cellCount) cells, \(weaver.quoteCount) quoted numbers"
    return written + faults + "\(counts): \(weaver.faults.count) faults\n"
  }

  private static func deliver(_ text: String, on console: Console) throws(Failure) {
    do {
      try console.output(text)
    } catch {
      throw Failure(
        .outputCannotBeWritten,
        "standard output cannot be written: is the disk full, or its reader gone?")
    }
  }

  private static var helpText: String {
    """
    Rewrites the cells of chapters/*.md from the sources and from what the chapters print,
    and redraws chapters/figures.

    usage: swift run weave [chapterN] [options]

    \(optionTable(options))

    Exit status: 0 when all agree, 1 when something is out of step, 64 for a wrong command line,
    65 and 66 for bad input, 73 and 74 for output that cannot be written.

    """
  }
}
