import Figures
import Foundation
import Testing

@testable import Notebook

@Suite("Command line")
struct CommandLineTests {
  @Test("no words: the defaults, every check, a last line that sums up")
  func plain() {
    let result = run([])
    #expect(result.status == .allChecksHold)
    #expect(result.diagnostics == "")
    #expect(result.output.hasPrefix("Chapter 9 · A \"sample\"\n\n── 9.1  One ──"))
    #expect(result.output.contains("\n10 1.0 -\n"))
    #expect(result.output.contains("\nquiet\n"))
    #expect(result.output.contains("\nsamples 1000\n"))
    #expect(result.output.contains("\n✓ eq. 9.1  a = b\n    1 = 1   difference"))
    #expect(result.output.hasSuffix("\n1 check: 1 held, 0 failed\n"))
  }

  @Test("a check that fails shows, and decides the status")
  func failing() {
    let result = run(["--end", "badly"])
    #expect(result.status == .aCheckFailed)
    #expect(result.status.rawValue == 1)
    #expect(
      result.output.contains("\n✗ eq. 9.2  a = c\n    1 ≠ 2   difference 1.0e+00 > 5.0e-01\n"))
    #expect(result.output.hasSuffix("\n2 checks: 1 held, 1 failed\n"))
  }

  @Test("options, in both spellings and any order")
  func options() {
    let words = ["--loud", "--rate=1.5", "--count", "100", "--file=a=b", "--samples", "2"]
    for line in [
      words, ["--file", "a=b", "--samples=2", "--count=100", "--rate", "1.5", "--loud"],
    ] {
      let result = run(line)
      #expect(result.status == .allChecksHold)
      #expect(result.output.contains("\n100 1.5 a=b\n"))
      #expect(result.output.contains("\nloud\n"))
      #expect(result.output.contains("\nsamples 2\n"))
    }
  }

  @Test("a chapter that cannot start says so on standard error alone")
  func cannotStart() {
    struct Impossible: Chapter {
      static let (number, title, summary) = (1, "", "")
      static func run(in notebook: Notebook) throws {
        throw Failure(.inputCannotBeRead, "x is not there: choose another")
      }
    }
    let recorder = Recorder()
    let outcome = Impossible.perform([], console: recorder.console())
    #expect(outcome.status == .inputCannotBeRead)
    #expect(recorder.output == "")
    #expect(recorder.diagnostics == "chapter1: x is not there: choose another\n")
  }

  @Test("a chapter of few words: the title first, once, and not beside data")
  func titleOnce() {
    struct Terse: Chapter {
      static let (number, title, summary) = (1, "Little", "")
      static func run(in notebook: Notebook) {}
    }
    let recorder = Recorder()
    _ = Terse.perform([], console: recorder.console())
    #expect(recorder.output == "Chapter 1 · Little\n\n0 checks: 0 held, 0 failed\n")
    let data = Recorder()
    _ = Terse.perform(["--json"], console: data.console())
    #expect(data.output.hasPrefix("{"))
  }

  @Test("seeds up to the last one")
  func seeds() {
    struct Seeded: Chapter {
      static let (number, title, summary) = (1, "", "")
      static func run(in notebook: Notebook) { notebook.text("seed \(notebook.seed)") }
    }
    for (words, seed) in [
      ([], "1"), (["--seed=0"], "0"), (["--seed", "\(UInt64.max)"], "\(UInt64.max)"),
    ] {
      let recorder = Recorder()
      _ = Seeded.perform(words, console: recorder.console())
      #expect(recorder.output.contains("seed \(seed)\n"))
    }
  }

  @Test("--help and -h say everything there is", arguments: ["--help", "-h"])
  func help(_ word: String) {
    let result = run([word])
    #expect(result.status == .allChecksHold)
    #expect(result.diagnostics == "")
    #expect(result.output.hasPrefix("Chapter 9 · A \"sample\"\n\nShows what"))
    #expect(result.output.contains("usage: swift run chapter9 [options]"))
    for option in Sample.options + CommonOption.all {
      let spelled = "  --\(option.name)" + (option.placeholder.map { " \($0)" } ?? "") + " "
      #expect(result.output.contains(spelled))
    }
    #expect(result.output.hasSuffix("\n"))
    let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.allSatisfy { $0.count <= Layout.standardWidth && $0.last != " " })
    // Help asked for together with a run: the run does not happen.
    #expect(run(["--json", word]).output == result.output)
  }

  /// Words, and what the one line about them has to contain.
  static let wrong: [([String], String)] = [
    (["--sede", "3"], "unknown option --sede: did you mean --seed? see --help"),
    (["--jason"], "unknown option --jason: did you mean --json? see --help"),
    (["--quite-unlike"], "unknown option --quite-unlike: see --help"),
    (["--=3"], "unknown option --: see --help"),
    (["--seed"], "--seed needs a value: --seed K"),
    (["--samples", "--json"], "--samples needs a value: --samples N"),
    (["--file"], "--file needs a value: --file FILE"),
    (["--json=1"], "--json takes no value: write --json"),
    (["--json="], "--json takes no value: write --json"),
    (["--loud", "yes"], "unexpected 'yes': an option is written --name, see --help"),
    (["--seed", "1", "--seed", "2"], "--seed is given twice: give it once"),
    (["--json", "--json"], "--json is given twice: give it once"),
    (["--seed", "x"], "--seed takes a whole number from 0 to 18446744073709551615, not 'x'"),
    (["--seed", "-1"], "--seed takes a whole number from 0 to 18446744073709551615, not '-1'"),
    (["--seed=1.5"], "not '1.5'"), (["--seed="], "not ''"), (["--seed", ""], "not ''"),
    (["--seed", "18446744073709551616"], "not '18446744073709551616'"),
    (["--seed", "-h"], "--seed takes a whole number"),
    (["--samples", "0"], "--samples takes a whole number from 2 to 1000000000, not '0'"),
    (["--samples", "1"], "not '1'"), (["--samples", "-7"], "not '-7'"),
    (["--samples", "1e6"], "not '1e6'"),
    (["--samples", "1000000001"], "not '1000000001'"),
    (["--samples", "99999999999999999999999999"], "not '99999999999999999999999999'"),
    (["--count", "0"], "--count takes a whole number from 1 to 100, not '0'"),
    (["--count", "101"], "not '101'"), (["--count", "٣"], "not '٣'"),
    (["--count", " 5"], "not ' 5'"),
    (["--rate", "fast"], "--rate takes a number from 0.5 to 2.0, not 'fast'"),
    (["--rate", "nan"], "not 'nan'"), (["--rate", "inf"], "not 'inf'"),
    (["--rate", "-1"], "not '-1'"), (["--rate", "1e999"], "not '1e999'"),
    (["--end", "never"], "--end takes one of well, badly, failure, error, not 'never'"),
    (["--file", ""], "--file takes a path, not ''"),
    (["--file", "a\0b"], "--file takes a path, not 'a\\0b'"),
    ([""], "unexpected '': an option is written --name, see --help"),
    (["--"], "unexpected '--': an option is written --name, see --help"),
    (["-"], "unexpected '-'"), (["-x"], "unexpected '-x'"), (["-seed", "1"], "unexpected '-seed'"),
    (["7"], "unexpected '7'"), (["--seed", "1", "stray"], "unexpected 'stray'"),
    (["--he\nlp"], "unknown option --he\\nlp"), (["\u{1B}[31m"], "unexpected '\\u{1B}[31m'"),
    (["a\u{2028}b\rc"], "unexpected 'a\\u{2028}b\\rc'"),
  ]

  @Test("a wrong command line: status 64, one line, nothing on standard output", arguments: wrong)
  func refused(_ words: [String], _ complaint: String) {
    let result = run(words)
    #expect(result.status == .wrongCommandLine)
    #expect(result.status.rawValue == 64)
    #expect(result.output == "")
    #expect(result.diagnostics.hasPrefix("chapter9: "))
    #expect(result.diagnostics.contains(complaint), "\(result.diagnostics)")
    #expect(result.diagnostics.filter(\.isNewline).count == 1 && result.diagnostics.last == "\n")
  }

  @Test("colour: on a terminal that has it and where it is wanted")
  func colour() {
    func coloured(_ terminal: Bool, _ environment: [String: String]) -> Bool {
      run(["--end=badly"], terminal: terminal, environment: environment).output.contains("\u{1B}[")
    }
    #expect(coloured(true, [:]))
    #expect(coloured(true, ["TERM": "xterm-256color"]))
    // https://no-color.org: set and not empty.
    #expect(coloured(true, ["NO_COLOR": ""]))
    #expect(!coloured(true, ["NO_COLOR": "1"]))
    #expect(!coloured(true, ["TERM": "dumb"]))
    #expect(!coloured(false, [:]))
    let painted = run([], terminal: true).output
    let plain = painted.replacing(/\u{1B}\[[0-9]+m/, with: "")
    #expect(plain == run([]).output)
    #expect(!run(["--json"], terminal: true).output.contains("\u{1B}"))
  }

  @Test("output that cannot be written: status 74, one line, and no second attempt")
  func brokenOutput() {
    struct Full: Error {}
    for words in [[], ["--json"], ["--help"], ["--end=badly"]] {
      var attempts = 0
      let recorder = Recorder()
      var console = recorder.console()
      console.output = { _ in
        attempts += 1
        throw Full()
      }
      let outcome = Sample.perform(words, console: console)
      #expect(outcome.status == .outputCannotBeWritten)
      #expect(outcome.status.rawValue == 74)
      #expect(attempts == 1)
      #expect(
        recorder.diagnostics
          == "chapter9: standard output cannot be written: is the disk full, or its reader gone?\n")
    }
  }

  @Test("a chapter that meets bad input ends with that input's status and one line")
  func failure() {
    let result = run(["--end=failure"])
    #expect(result.status == .inputIsNotWhatItClaims)
    #expect(result.diagnostics == "chapter9: x is damaged: mend it\n")
    #expect(run(["--json", "--end=failure"]).output == "")
    let odd = run(["--end=error"])
    #expect(odd.status == .inputCannotBeRead)
    #expect(odd.diagnostics == "chapter9: first line\\nsecond line\n")
  }

  @Test("--figures: the folder is made before any work, or refused before any word")
  func figures() throws {
    struct Drawing: Chapter {
      static let (number, title, summary) = (1, "", "")
      static func run(in notebook: Notebook) throws {
        try notebook.figure("chapter1-x") { Figure("x", panels: [Panel(marks: [.line([(0, 1)])])]) }
      }
    }
    func draw(_ words: [String]) -> (Status, String, String) {
      let recorder = Recorder()
      let outcome = Drawing.perform(words, console: recorder.console())
      return (outcome.status, recorder.output, recorder.diagnostics)
    }
    let folder = try TemporaryFolder()
    #expect(draw(["--figures", folder.path + "/a/b"]).0 == .allChecksHold)
    #expect(folder.contents == ["a"])
    let drawn = try String(contentsOfFile: folder.path + "/a/b/chapter1-x.svg", encoding: .utf8)
    #expect(drawn.hasPrefix("<svg"))
    let file = folder.path + "/a/b/chapter1-x.svg"
    for target in [file, file + "/d", "/dev/null"] {
      let (status, output, complaint) = draw(["--figures", target])
      #expect(status == .outputCannotBeCreated)
      #expect(output == "")
      #expect(complaint.contains(target) && complaint.filter(\.isNewline).count == 1)
    }
    #expect(try String(contentsOfFile: file, encoding: .utf8) == drawn)
    // A link where the figure should go stays, and what it points at too.
    let (other, link) = (folder.path + "/other", folder.path + "/chapter1-x.svg")
    try writeFile(Data("kept".utf8), to: other)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "other")
    #expect(draw(["--figures", folder.path]).0 == .outputCannotBeCreated)
    #expect(try String(contentsOfFile: other, encoding: .utf8) == "kept")
  }

  @Test("the exit statuses are those of sysexits")
  func statuses() {
    let statuses: [Status] = [
      .allChecksHold, .aCheckFailed, .wrongCommandLine, .inputIsNotWhatItClaims,
      .inputCannotBeRead, .outputCannotBeCreated, .outputCannotBeWritten,
    ]
    #expect(statuses.map(\.rawValue) == [0, 1, 64, 65, 66, 73, 74])
  }

  @Test(
    "10,000 random command lines: never a trap, always a declared status, at most one complaint")
  func fuzz() {
    let pieces = [
      "--", "-", "=", "seed", "samples", "json", "help", "count", "rate", "end", "file", "loud",
      "--seed", "--samples", "--json", "--help", "-h", "--count", "--rate=", "--end=", "--file",
      "--seed=3", "--end=badly", "--end=failure", "well", "badly", "failure", "0", "1", "7", "-1",
      "1e3", "0.5", "nan", "99999999999999999999",
      "", " ", "\0", "\n", "é", "👩‍👩‍👧", "\u{301}", "\u{202E}", "٣", "'", "\"", "\\", "%s%n",
    ]
    var generator = SplitMix64(state: 1)
    var seen: Set<Status> = []
    for _ in 0..<10_000 {
      let words = (0..<Int.random(in: 0...4, using: &generator)).map { _ in
        (0..<Int.random(in: 0...3, using: &generator)).map { _ in
          pieces.randomElement(using: &generator)!
        }.joined()
      }
      let result = run(words)
      seen.insert(result.status)
      let lines = result.diagnostics.filter(\.isNewline).count
      let tidy =
        switch result.status {
        case .allChecksHold, .aCheckFailed: lines == 0 && !result.output.isEmpty
        case .wrongCommandLine: lines == 1 && result.output.isEmpty
        case .inputIsNotWhatItClaims: lines == 1
        default: false
        }
      if !tidy {
        Issue.record("\(words) gives \(result)")
        break
      }
    }
    #expect(seen == [.allChecksHold, .aCheckFailed, .wrongCommandLine, .inputIsNotWhatItClaims])
  }
}
