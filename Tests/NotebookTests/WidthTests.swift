import Foundation
import Testing

@testable import Notebook

@Suite("Width")
struct WidthTests {
  private static func text(_ length: Int, using generator: inout SplitMix64) -> String {
    String((0..<length).map { _ in "abcµσ01 .,–".randomElement(using: &generator)! })
  }

  @Test("tables of any shape fit pages of 40 to 120 columns, and lose no letter")
  func tables() {
    var generator = SplitMix64(state: 3)
    for width in 40...120 {
      for _ in 0..<20 {
        let columns = Int.random(in: 1...12, using: &generator)
        let longest = Int.random(in: 1...60, using: &generator)
        func row() -> [String] {
          (0..<columns).map { column in
            let length = Int.random(in: 0...(column == 0 ? longest : 14), using: &generator)
            return WidthTests.text(length, using: &generator)
          }
        }
        let cells = (0..<Int.random(in: 1...5, using: &generator)).map { _ in row() }
        let table = Layout.table(cells[0], Array(cells.dropFirst()), width: width)
        for line in table.split(separator: "\n") {
          #expect(line.count <= width, "\(width): \(line)")
        }
        func letters(_ text: String) -> [Character: Int] {
          text.reduce(into: [:]) { $0[$1, default: 0] += " \n─".contains($1) ? 0 : 1 }
        }
        let others = letters(cells.map { $0.dropFirst().joined() }.joined())
        let all = letters(table)
        #expect(others.allSatisfy { $0.value <= all[$0.key, default: 0] })
      }
    }
  }

  @Test("a table that is too wide: its first column is broken, then it goes on below")
  func narrowing() {
    let table = Layout.table(
      ["model", "a", "b"], [["linear-Gaussian, the posterior", "1.000", "2.000"]], width: 34)
    #expect(
      table == """
          model                   a      b
          ──────────────────  ─────  ─────
          linear-Gaussian,    1.000  2.000
            the posterior
        """)
    let wide = Layout.table(
      ["x"] + (1...9).map { "column \($0)" }, [["first"] + (1...9).map { "\($0)" }], width: 40)
    #expect(wide.components(separatedBy: "\n\n").count == 3)
    #expect(wide.components(separatedBy: "first").count == 4)
  }

  @Test(
    "a page of any width: prose, rules, formulas, checks", arguments: [40, 53, 72, 80, 100, 120])
  func page(width: Int) {
    struct Wordy: Chapter {
      static let (number, title, summary) = (
        1, "A title that goes on and on, for fifty columns", ""
      )
      static func run(in notebook: Notebook) {
        let long = String(repeating: "words and ", count: 20)
        notebook.section("1.10–1.12", "A heading " + long)
        notebook.text(long)
        notebook.verbatim("    f(x) = " + long + "\n" + String(repeating: "█", count: 150))
        notebook.table(["a", "b"], [[long, long]])
        for value in [1.0, -.pi * 1e-300, .infinity, .nan, 1e300] {
          notebook.check(.exact("1.10", long, value, .pi, allowance: 1e-12))
          notebook.check(.bound("1.11", "≤", lower: value, upper: .pi, standardError: .pi))
          notebook.check(.trap("1.T", long, wrong: value, right: .pi, allowance: 1e-9))
          notebook.check(
            .monteCarlo("1.12", "=", estimate: value, standardError: 0.1, exact: 1, promise: 0.1))
        }
        notebook.undefined(long)
      }
    }
    for words in [[], ["--help"]] {
      let recorder = Recorder()
      var console = recorder.console()
      console.width = width
      _ = Wordy.perform(words, console: console)
      for line in recorder.output.split(separator: "\n") {
        #expect(line.count <= width, "\(line)")
        #expect(line.last != " ")
      }
    }
  }

  @Test("folding keeps the spaces inside a line, and breaks at them")
  func fold() {
    #expect(Layout.fold("  a   b  c", indent: 4, width: 80) == ["  a   b  c"])
    #expect(Layout.fold("  a   bb  cc", indent: 4, width: 8) == ["  a   bb", "    cc"])
    #expect(Layout.fold("abcdefgh", indent: 2, width: 5) == ["abcde", "  fgh"])
    #expect(Layout.fold("", indent: 2, width: 5) == [""])
  }

  @Test("the progress bar takes one line of any terminal", arguments: [10, 20, 40, 60, 200])
  func bar(width: Int) {
    let recorder = Recorder()
    var console = recorder.console(diagnosticsTerminal: true)
    console.diagnosticsWidth = width
    let progress = Progress("training the network", total: 10, console: console)
    for step in 0...10 { progress.update(step, note: "epoch \(step), held-out ELBO -123.45") }
    for line in recorder.diagnostics.split(separator: "\r") {
      #expect(line.replacing("\u{1B}[K", with: "").count < width, "\(line)")
    }
  }

  @Test("a count and what is counted")
  func counts() {
    #expect(counted(0, "image") == "0 images" && counted(1, "image") == "1 image")
    #expect(counted(2, "axis", plural: "axes") == "2 axes")
  }

  @Test("--json says so, last, where Ctrl-C ended the work")
  func interrupted() {
    struct Long: Chapter {
      static let (number, title, summary) = (1, "", "")
      static func run(in notebook: Notebook) { notebook.isInterrupted = true }
    }
    let recorder = Recorder()
    _ = Long.perform(["--json"], console: recorder.console())
    #expect(recorder.output.hasSuffix("\"failed\": 0, \"interrupted\": true}\n"))
    #expect(!run(["--json"]).output.contains("interrupted"))
  }
}
