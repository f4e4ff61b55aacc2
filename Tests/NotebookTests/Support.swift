import Foundation

@testable import Notebook

/// A console that remembers what was written.
final class Recorder {
  private(set) var output = ""
  private(set) var diagnostics = ""

  func console(
    terminal: Bool = false, diagnosticsTerminal: Bool = false, environment: [String: String] = [:]
  ) -> Console {
    Console(
      output: { self.output += $0 }, diagnostics: { self.diagnostics += $0 },
      outputIsTerminal: terminal, diagnosticsIsTerminal: diagnosticsTerminal,
      environment: environment)
  }
}

/// A chapter with one option of each kind, which ends as `--end` says.
struct Sample: Chapter {
  static let number = 9
  static let title = "A \"sample\""
  static let summary =
    "Shows what a chapter can do, in a sentence that is longer than one line can "
    + "hold on a page of fixed width."

  static let count = Option.integer("count", in: 1...100, default: 10, help: "how many")
  static let rate = Option.number("rate", in: 0.5...2, default: 1, help: "how fast")
  static let end = Option.choice(
    "end", "WAY", of: ["well", "badly", "failure", "error"], default: "well",
    help: "how the chapter ends: a help text that needs more than the one line that is left for it")
  static let file = Option<String?>.path("file", "FILE", help: "where")
  static let loud = Option.flag("loud", help: "say more")
  static let options: [any AnyOption] = [count, rate, end, file, loud]

  struct Odd: Error, CustomStringConvertible {
    let description = "first line\nsecond line"
  }

  static func run(in notebook: Notebook) throws {
    notebook.section("9.1", "One")
    notebook.text("\(notebook[count]) \(notebook[rate]) \(notebook[file] ?? "-")")
    notebook.text(notebook[loud] ? "loud" : "quiet")
    notebook.text("samples \(notebook.samples(default: 1000))")
    notebook.check(.exact("9.1", "a = b", 1, 1, allowance: 0))
    if notebook[end] == "badly" { notebook.check(.exact("9.2", "a = c", 1, 2, allowance: 0.5)) }
    if notebook[end] == "failure" {
      throw Failure(.inputIsNotWhatItClaims, "x is damaged: mend it")
    }
    if notebook[end] == "error" { throw Odd() }
  }
}

/// Swift Testing has an `ExitStatus` of its own: this file does not import it.
typealias Status = ExitStatus

struct Run {
  let status: Status
  let output: String
  let diagnostics: String
}

func run(
  _ words: [String], terminal: Bool = false, environment: [String: String] = [:]
) -> Run {
  let recorder = Recorder()
  let outcome = Sample.perform(
    words, console: recorder.console(terminal: terminal, environment: environment))
  return Run(status: outcome.status, output: recorder.output, diagnostics: recorder.diagnostics)
}

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): the Notebook's tests know no other module.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// A folder of the test's own, removed with the value.
final class TemporaryFolder {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appending(path: "notebook-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var contents: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }
}
