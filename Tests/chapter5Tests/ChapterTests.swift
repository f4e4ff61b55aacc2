import Foundation
import Notebook
import Testing
import TinyNumerics

@testable import chapter5

@Suite("chapter 5")
struct ChapterTests {
  /// Collects what a run writes.
  private final class Recorder: @unchecked Sendable {
    var words = ""
    var console: Console {
      Console(output: { self.words += $0 }, diagnostics: { self.words += $0 })
    }
  }

  @Test("every row is printed and holds; figures are written", arguments: [1, 2] as [UInt64])
  func run(seed: UInt64) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "chapter5-\(seed)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let recorder = Recorder()
    let outcome = Chapter5.perform(
      ["--seed", "\(seed)", "--figures", folder], console: recorder.console)
    #expect(outcome.checks.filter { !$0.holds }.map(\.identity) == [])
    #expect(outcome.status == .allChecksHold)
    let labels = Set(outcome.checks.map(\.label))
    #expect(labels == Set((1...11).map { "5.\($0)" } + ["5.T"]))
    for row in (1...11).map({ "\($0)" }) + ["T"] {
      #expect(recorder.words.contains("── 5.\(row)  "))
    }
    let figures = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(figures == ["chapter5-no-path.svg", "chapter5-signal.svg", "chapter5-spread.svg"])
  }

  @Test("too few draws are too coarse, and say so")
  func coarse() {
    let outcome = Chapter5.perform(["--samples", "50", "--json"], console: Recorder().console)
    #expect(outcome.status == .aCheckFailed)
    let failed = outcome.checks.filter { !$0.holds }
    #expect(!failed.isEmpty && failed.allSatisfy { $0.kind == .monteCarlo && !$0.resolves })
  }

  @Test("same seed, same bytes; another seed, other draws")
  func seeds() {
    func words(_ seed: Int) -> String {
      let recorder = Recorder()
      _ = Chapter5.perform(
        ["--json", "--samples", "500", "--seed", "\(seed)"], console: recorder.console)
      return recorder.words
    }
    #expect(words(3) == words(3))
    #expect(words(3) != words(4))
  }
}
