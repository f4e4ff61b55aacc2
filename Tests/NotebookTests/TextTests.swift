import Foundation
import Testing

@testable import Notebook

@Suite("Numbers as text")
struct NumberTextTests {
  @Test("decimals")
  func decimals() {
    #expect((-20.55312).decimals(2) == "-20.55")
    #expect(2.0.decimals(0) == "2")
    #expect(1234.5678.decimals(3) == "1234.568")
    #expect(1e22.decimals(1) == "10000000000000000000000.0")
  }

  @Test("what rounds to zero has no sign")
  func zero() {
    #expect((-0.0).decimals(2) == "0.00")
    #expect((-0.001).decimals(2) == "0.00")
    #expect((-0.4).decimals(0) == "0")
    #expect((-0.01).decimals(2) == "-0.01")
    #expect((-0.0).significant(3) == "0")
    #expect((-0.0).scientific == "0.0e+00")
  }

  @Test("significant and scientific")
  func significant() {
    #expect(1.23456.significant(3) == "1.23")
    #expect(0.000012345.significant(3) == "1.23e-05")
    #expect((-1234567.0).significant(9) == "-1234567")
    #expect(Double.leastNonzeroMagnitude.scientific == "4.9e-324")
    #expect((-3.14e-9).scientific == "-3.1e-09")
  }

  @Test("not finite")
  func notFinite() {
    for (value, text) in [(Double.nan, "nan"), (.infinity, "inf"), (-.infinity, "-inf")] {
      #expect(value.decimals(2) == text)
      #expect(value.significant(2) == text)
      #expect(value.scientific == text)
    }
  }
}

@Suite("Layout")
struct LayoutTests {
  @Test("wrap: greedy lines, none too long, no word lost")
  func wrap() {
    #expect(Layout.wrap("a bb  ccc\ndd", width: 4) == "a bb\nccc\ndd")
    #expect(Layout.wrap("a bb ccc", indent: "  ", width: 6) == "  a bb\n  ccc")
    #expect(Layout.wrap("", width: 4) == "")
    #expect(Layout.wrap("a wordlongerthanthepage b", width: 5) == "a\nwordlongerthanthepage\nb")
    let words = (1...200).map { String(repeating: "σ", count: $0 % 13 + 1) }
    let lines = Layout.wrap(words.joined(separator: " "), width: 92).split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 92 })
    #expect(lines.flatMap { $0.split(separator: " ").map(String.init) } == words)
  }

  @Test("table: first column left, others right, under a rule")
  func table() {
    #expect(
      Layout.table(["name", "x"], [["a", "10.5"], ["longer", "2"]], width: 80)
        == """
          name        x
          ──────   ────
          a        10.5
          longer      2
        """)
  }

  @Test("table: ragged rows, empty cells, no rows, no columns")
  func ragged() {
    #expect(
      Layout.table(["a", "b"], [["1"], [], ["1", "2", "wide"]], width: 80)
        == """
          a   b
          ─   ─   ────
          1

          1   2   wide
        """)
    #expect(Layout.table(["a"], [], width: 80) == "  a\n  ─")
    #expect(Layout.table([], [], width: 80) == "\n")
  }

  @Test("table: a letter with its accents, in however many scalars, takes one column")
  func unicode() {
    let composed = "x\u{302}"
    let lines = Layout.table(["z", "n"], [[composed, "1"], ["µσ", "22"]], width: 80).split(
      separator: "\n")
    #expect(lines[2] == "  \(composed)     1")
    #expect(lines[3] == "  µσ   22")
  }
}

@Suite("Progress")
struct ProgressTests {
  private func drawn(
    total: Int, terminal: Bool, environment: [String: String] = [:], _ updates: [Int]
  ) -> String {
    let recorder = Recorder()
    let console = recorder.console(diagnosticsTerminal: terminal, environment: environment)
    let progress = Progress("work", total: total, console: console)
    for done in updates { progress.update(done, note: "note") }
    progress.finish()
    #expect(recorder.output == "")
    return recorder.diagnostics
  }

  @Test("nothing unless a person looks at a terminal that can rewrite a line")
  func silent() {
    #expect(drawn(total: 4, terminal: false, [1, 2, 4]) == "")
    #expect(drawn(total: 4, terminal: true, environment: ["TERM": "dumb"], [1, 2, 4]) == "")
  }

  @Test("on a terminal: the share done, then the time; no line is left behind")
  func bar() {
    let text = drawn(total: 4, terminal: true, [1, 4])
    #expect(text.contains("work ███████░░░"))
    #expect(text.contains(" 25%  note"))
    #expect(text.contains(" 100%  note"))
    #expect(text.hasSuffix(" s\n"))
    #expect(text.filter { $0 == "\n" }.count == 1)
  }

  @Test("steps from every core are all counted, and a full bar starts again")
  func shared() {
    let recorder = Recorder()
    let progress = Progress(
      "work", total: 500, console: recorder.console(diagnosticsTerminal: true))
    DispatchQueue.concurrentPerform(iterations: 500) { _ in progress.advance() }
    #expect(recorder.diagnostics.hasSuffix(" 100%  "))
    for _ in 0..<250 { progress.advance() }
    #expect(recorder.diagnostics.hasSuffix(" 50%  "))
    progress.clear()
    #expect(recorder.diagnostics.hasSuffix("%  \r\u{1B}[K"))
    #expect(!recorder.diagnostics.contains("\n"))
  }

  @Test("work beside a bar: its result, its error, and no trace of the bar")
  func working() throws {
    struct Busy: Chapter {
      static let (number, title, summary) = (1, "", "")
      static func run(in notebook: Notebook) throws {
        let result = notebook.working("summing", steps: 2) { advance in
          advance()
          return 5
        }
        notebook.text("\(result)")
        try notebook.working("failing", steps: 2) { _ in
          throw Failure(.inputCannotBeRead, "lost: choose")
        }
      }
    }
    for terminal in [true, false] {
      let recorder = Recorder()
      let outcome = Busy.perform([], console: recorder.console(diagnosticsTerminal: terminal))
      #expect(outcome.status == .inputCannotBeRead)
      #expect(recorder.output.hasSuffix("5\n\n"))
      #expect(recorder.diagnostics.contains("\rsumming") == false)
      #expect(recorder.diagnostics.contains("summing ") == terminal)
      #expect(recorder.diagnostics.contains(" 50%") == terminal)
      #expect(recorder.diagnostics.hasSuffix("chapter1: lost: choose\n"))
      if terminal { #expect(recorder.diagnostics.contains("\u{1B}[Kchapter1: lost")) }
    }
  }

  @Test("redrawn at most once for each half percent")
  func rarely() {
    let text = drawn(total: 100_000, terminal: true, Array(0...100_000))
    #expect(text.components(separatedBy: "note").count - 1 == 201)
  }

  @Test("totals and counts that make no sense do not trap", arguments: [0, -5, 1, .max, .min])
  func hostile(_ total: Int) {
    let text = drawn(total: total, terminal: true, [.min, -1, 0, 1, .max])
    #expect(text.contains("0%") && text.contains("100%"))
  }
}
