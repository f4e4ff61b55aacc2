import Foundation
import Synchronization
import Testing

@testable import Notebook

/// What two rows of a chapter share, and how often it was made.
final class Shared {
  static let count = Mutex(0)
  init() { Shared.count.withLock { $0 += 1 } }

  func showThird(in notebook: Notebook) {
    notebook.check(.exact("8.3", "shared", 1, 1, allowance: 0))
  }
  func showFourth(in notebook: Notebook) {
    notebook.check(.exact("8.4", "shared", 1, 1, allowance: 0))
  }
}

/// A chapter of rows with a setting of each kind.
struct Rows: Chapter {
  static let number = 8
  static let title = "Rows"
  static let summary = "A chapter of rows."
  static let x = Option.number("x", in: -3...3, default: 0.5, help: "where")
  static let n = Option.integer("n", in: 1...9, default: 2, help: "how many")
  static let p = Option.distribution("P", count: 2...4, default: [0.25, 0.75], help: "the first")
  static let at = Option.numbers("at", in: 0...1, count: 1...3, default: [0, 1], help: "places")
  static let way = Option.choice("way", "WAY", of: ["up", "down"], default: "up", help: "which")
  static let loud = Option.flag("loud", help: "say more")
  static let options: [any AnyOption] = [loud]

  static let rows: [Row<Shared>] = [
    Row("8.1–8.2", "The first two", .main, set: [x, n, p, at, way], show: showFirst),
    Row("8.3", "Shared", .further, show: Shared.showThird),
    Row("8.4", "Shared, again", .main, show: Shared.showFourth),
    Row("8.5", "Fails unless x is 1", .further, set: [x], show: showFails),
    Row("8.T", "Traps", .further) { $0.undefined("there is no trap here") },
  ]

  static func prepare(in notebook: Notebook) -> Shared { Shared() }

  static func showFirst(in notebook: Notebook) throws {
    let (p, at) = (notebook[p], notebook[at])
    if p.count == 4, at.count == 3 { throw Failure(.wrongCommandLine, "P and at do not fit") }
    notebook.text("x \(notebook[x]) n \(notebook[n]) P \(p) at \(at) \(notebook[way])")
    guard notebook[x] != 0 else { return notebook.undefined("1/x has no value at x = 0") }
    notebook.check(.exact("8.1", "x/x = 1", notebook[x] / notebook[x], 1, allowance: 0))
    notebook.check(.exact("8.2", "Σ P = 1", p.reduce(0, +), 1, allowance: 1e-12))
  }

  static func showFails(in notebook: Notebook) {
    notebook.text("words of 8.5")
    notebook.check(.exact("8.5", "x = 1", notebook[x], 1, allowance: 0))
  }
}

@Suite("Rows")
struct RowTests {
  private func run(_ words: String...) -> Run { run(words) }

  private func run(_ words: [String], width: Int? = nil) -> Run {
    let recorder = Recorder()
    var console = recorder.console()
    if let width { console.width = width }
    let outcome = Rows.perform(words, console: console)
    return Run(status: outcome.status, output: recorder.output, diagnostics: recorder.diagnostics)
  }

  @Test("no words: the main road in full, a line for each further row, all checks counted")
  func plain() {
    let result = run()
    #expect(result.status == .aCheckFailed)
    #expect(result.output.hasPrefix("Chapter 8 · Rows\n\n── 8.1–8.2  The first two ──"))
    #expect(result.output.contains("x 0.5 n 2 P [0.25, 0.75] at [0.0, 1.0] up\n"))
    #expect(
      result.output.hasSuffix(
        """
          8.3  Shared                ✓ 1 check
          8.5  Fails unless x is 1   ✗ 1 of 1 check
        ✗ eq. 8.5  x = 1
            0.5 ≠ 1   difference 5.0e-01 > 0.0e+00
          8.T  Traps                 – there is no trap here

        5 checks: 4 held, 1 failed

        """), "\(result.output)")
    #expect(!result.output.contains("words of 8.5"))
    #expect(run("--json").output.contains("\"held\": 4, \"failed\": 1}"))
  }

  @Test("--all: each row in full, in reading order")
  func everything() {
    let output = run("--all").output
    let headings = output.split(separator: "\n").filter { $0.hasPrefix("── ") }
    #expect(
      headings.map { $0.split(separator: " ")[1] } == ["8.1–8.2", "8.3", "8.4", "8.5", "8.T"])
    #expect(output.contains("\n– there is no trap here\n"))
    #expect(output.contains("words of 8.5"))
  }

  @Test("the main road is the same lines as with --all, and a line for each further row")
  func sameLines() {
    let (plain, whole) = (run().output, run("--all").output)
    let main = plain.components(separatedBy: "\n── Further")[0]
    for section in main.components(separatedBy: "\n── ") { #expect(whole.contains(section)) }
  }

  @Test("a row by its label, or by one of its labels; several in the order given, each once")
  func chosen() {
    for word in ["8.1", "8.2", "8.1–8.2", "8.1-8.2"] {
      #expect(run(word).output.hasSuffix("\n2 checks: 2 held, 0 failed\n"), "\(word)")
    }
    let several = run("8.4", "--seed", "3", "8.2", "8.1").output
    #expect(several.hasSuffix("\n3 checks: 3 held, 0 failed\n"))
    #expect(
      several.firstRange(of: "8.4  Shared")!.lowerBound < several.firstRange(of: "8.1–")!.lowerBound
    )
    #expect(run("8.T").output.hasSuffix("– there is no trap here\n\n0 checks: 0 held, 0 failed\n"))
    #expect(run("8.T").status == .allChecksHold)
  }

  @Test("numbers of the reader's own")
  func settings() {
    let words = [
      "8.1", "--set", "x=-2", "--set=P=0.2,0.3,0.5", "--set", "n=9", "--set", "way=down",
    ]
    let result = run(words + ["--set", "at=0.5"])
    #expect(result.output.contains("x -2.0 n 9 P [0.2, 0.3, 0.5] at [0.5] down\n"))
    #expect(result.status == .allChecksHold)
    // One name, two rows.
    #expect(run("8.1", "8.5", "--set", "x=1").status == .allChecksHold)
    let undefined = run("8.1", "--set", "x=0")
    #expect(undefined.status == .allChecksHold)
    #expect(undefined.output.contains("\n– 1/x has no value at x = 0\n"))
    // Thirds, as they are typed.
    #expect(run("8.1", "--set", "P=0.3333333,0.3333333,0.3333333").status == .allChecksHold)
  }

  static let wrong: [([String], String)] = [
    (["8.9"], "there is no row '8.9': the rows are 8.1–8.2, 8.3, 8.4, 8.5, 8.T"),
    ([""], "there is no row ''"), (["8.1–8.3"], "there is no row"), (["8"], "there is no row '8'"),
    (["8.1\n"], "there is no row '8.1\\n'"), (["8.1", "9.1"], "there is no row '9.1'"),
    (["--set", "x=1"], "--set x=1 needs a row: chapter8 8.1–8.2 --set x=1"),
    (["8.1", "--set", "y=1"], "row 8.1–8.2 has no 'y': what can be set is P, at, n, way, x"),
    (["8.3", "--set", "x=1"], "row 8.3 has no 'x': nothing can be set there, see chapter8 --help"),
    (["8.1", "--set", "x=4"], "x takes a number from -3.0 to 3.0, not '4'"),
    (["8.1", "--set", "x=nan"], "not 'nan'"), (["8.1", "--set", "x="], "not ''"),
    (["8.1", "--set", "x"], "--set takes name=value, not 'x'"),
    (["8.1", "--set", "=1"], "--set takes name=value, not '=1'"),
    (["8.1", "--set", "x=1", "--set", "x=1"], "x is set twice: set it once"),
    (["8.1", "--set", "n=1.5"], "n takes a whole number from 1 to 9, not '1.5'"),
    (
      ["8.1", "--set", "P=0.5,0.6"],
      "P takes 2 to 4 numbers from 0.0 to 1.0 that add up to 1, with commas, not '0.5,0.6'"
    ),
    (["8.1", "--set", "P=1"], "P takes 2 to 4 numbers"),
    (["8.1", "--set", "at=0,0,0,0"], "at takes up to 3 numbers from 0.0 to 1.0, with commas"),
    (["8.1", "--set", "way=left"], "way takes one of up, down, not 'left'"),
    (
      ["8.1", "--set", "P=0.25,0.25,0.25,0.25", "--set", "at=0,0,0"], "P and at do not fit"
    ),
    (["8.1", "--all"], "--all prints every row: leave it or 8.1–8.2 out"),
    (["8.1", "--set"], "--set needs a value: --set name=value"),
    (["8.1", "-x"], "unexpected '-x'"), (["8.1", "--sset=1"], "unknown option --sset"),
  ]

  @Test("a wrong row or number: status 64, one line, nothing on standard output", arguments: wrong)
  func refused(_ words: [String], _ complaint: String) {
    let result = run(words)
    #expect(result.status == .wrongCommandLine && result.output == "")
    #expect(result.diagnostics.hasPrefix("chapter8: "))
    #expect(result.diagnostics.contains(complaint), "\(result.diagnostics)")
    #expect(result.diagnostics.filter(\.isNewline).count == 1)
  }

  @Test("what rows share is made once, and only where it is needed")
  func shared() {
    // The only test that runs alone with this chapter's state.
    struct Counted: Chapter {
      static let (number, title, summary) = (7, "", "")
      static let made = Mutex(0)
      static let rows: [Row<Int>] = [
        Row("7.1", "Alone", .main) { $0.text("alone") },
        Row("7.2", "With", .main) { state in { $0.text("made \(state)") } },
        Row("7.3", "With", .further) { state in { $0.text("made \(state)") } },
      ]
      static func prepare(in notebook: Notebook) -> Int {
        made.withLock {
          $0 += 1
          return $0
        }
      }
    }
    let console = Recorder().console()
    _ = Counted.perform(["7.1"], console: console)
    #expect(Counted.made.withLock { $0 } == 0)
    _ = Counted.perform(["--all"], console: console)
    #expect(Counted.made.withLock { $0 } == 1)
  }

  @Test("--help: the contents; of a row, what can be set", arguments: [40, 80, 100])
  func help(width: Int) {
    let whole = run(["--help"], width: width).output
    let usage = whole.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(usage.contains("usage: swift run chapter8 [row …] [options]"))
    #expect(whole.contains("\nMain road:\n  8.1–8.2  The first two\n  8.4      Shared, again\n"))
    #expect(whole.contains("\nFurther:\n  8.3      Shared\n"))
    let row = run(["8.2", "--help"], width: width).output
    let words = row.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("P the first: 2 to 4 numbers from 0.0 to 1.0 that add up to 1"))
    #expect(words.contains("x where: a number from -3.0 to 3.0 (default 0.5)"))
    #expect(run("8.3", "--help").output.contains("nothing can be set here"))
    for line in (whole + row).split(separator: "\n") { #expect(line.count <= width, "\(line)") }
  }

  @Test("ten thousand command lines: no trap; 64 says one line, the rest is a chapter's own")
  func random() {
    var generator = SplitMix64(state: 1)
    let words = [
      "8.1", "8.2", "8.3", "8.4", "8.5", "8.T", "8.1–8.2", "8.1-8.2", "8.7", "8", "", "-", "–",
      "8.–",
      "--set", "--all", "--json", "--loud", "--help", "--seed", "3", "--set=", "--set=x=1", "x=0",
      "x=1", "x=-3", "x=1e400", "x=-nan", "n=2", "n=99999999999999999999", "P=0.5,0.5", "P=,,,",
      "P=1e308,1e308", "P=0,1", "at=1", "at=", "way=up", "way=", "=", "==", "y=1", "--samples=2",
      "x=0x1p-1074", "P=0.1,0.2,0.3,0.4", "at=0,0,0", "\u{0}", "x=1\n", "🙂=1",
    ]
    for _ in 0..<10_000 {
      let line = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
        words.randomElement(using: &generator)!
      }
      let result = run(line, width: Int.random(in: 40...100, using: &generator))
      let isRefused = result.status == .wrongCommandLine
      #expect(isRefused == (result.diagnostics.filter(\.isNewline).count == 1), "\(line)")
      #expect(isRefused == result.output.isEmpty, "\(line)")
      // 8.5 holds for x = 1 alone; nothing else may fail.
      let failed = result.output.split(separator: "\n").filter { $0.hasPrefix("✗") }
      #expect(failed.allSatisfy { $0.hasPrefix("✗ eq. 8.5") }, "\(line)")
    }
  }
}
