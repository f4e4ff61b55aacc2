import Foundation
import Notebook
import Testing

@testable import weave

/// The chapters' programs as they were built, each run in a process of its own.
struct Program {
  let chapter: Int

  struct Result {
    let status: Int32
    let isSignal: Bool
    let output: Data
    let complaint: String
  }

  /// The chapters that there are.
  static let chapters: [Int] = {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 1...3 { root.deleteLastPathComponent() }
    return Package(root: root).chapters
  }()

  /// Beside the tests.
  static let folder: URL = {
    let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
    return bundle?.bundleURL.deletingLastPathComponent() ?? ChapterRunner.besideThisProgram.binaries
  }()

  var path: String { Program.folder.appending(path: "chapter\(chapter)").path }

  /// - Parameter redirections: the shell's, such as `2>&-`.
  /// - Parameter pipe: what reads its output; then the status is what is written.
  func run(
    _ words: [String], _ redirections: String = "", pipe: String? = nil, in folder: Fixture
  ) throws -> Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    let script =
      pipe.map { "exec 3>&1; { sleep 0.3; \"$0\" \"$@\"; echo $? >&3; } | \($0)" }
      ?? "exec \"$0\" \"$@\" \(redirections)"
    process.arguments = ["-c", script, path] + words
    let files = try ["out", "err"].map { kind in
      try folder.write("", to: "\(chapter).\(kind)")
      return folder.root.appending(path: "\(chapter).\(kind)")
    }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    try process.run()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus, isSignal: process.terminationReason != .exit,
      output: try Data(contentsOf: files[0]),
      complaint: try String(contentsOf: files[1], encoding: .utf8))
  }
}

@Suite("what the programs write, read by strict parsers")
struct StrictReadingTests {
  private static let quick = ["--epochs=1", "--hidden=4", "--held-out=20"]

  @Test("--json and every figure, of every chapter", arguments: Program.chapters)
  func reports(chapter: Int) throws {
    let fixture = try Fixture()
    let figures = fixture.root.appending(path: "figures")
    let program = Program(chapter: chapter)
    let help = String(decoding: try program.run(["--help"], in: fixture).output, as: UTF8.self)
    let quick = StrictReadingTests.quick.filter { help.contains($0.split(separator: "=")[0]) }
    let result = try program.run(
      ["--json", "--figures", figures.path] + quick,
      in: fixture)
    #expect(result.status == 0 && !result.isSignal, "\(result.complaint)")
    #expect(result.complaint == "")
    try checkReport(result.output, chapter: chapter)
    let names = try FileManager.default.contentsOfDirectory(atPath: figures.path)
    #expect(!names.isEmpty)
    for name in names {
      let figure = StrictSVG(try Data(contentsOf: figures.appending(path: name)))
      #expect(figure.elementCount > 10)
      #expect(figure.faults == [], "\(name)")
    }
  }

  private func checkReport(_ data: Data, chapter: Int) throws {
    #expect(try JSONSerialization.jsonObject(with: data) is [String: Any])
    let report = try StrictJSON(try #require(String(validating: data, as: UTF8.self)))
    #expect(report.keys == ["chapter", "title", "seed", "checks", "held", "failed"])
    #expect(report["chapter"] == .number(Double(chapter)) && report["seed"] == .number(1))
    guard case .list(let checks) = report["checks"] else { throw Complaint("no checks") }
    #expect(report["held"] == .number(Double(checks.count)) && report["failed"] == .number(0))
    for check in checks {
      #expect(
        check.keys == [
          "label", "identity", "kind", "lhs", "rhs", "difference", "allowance", "standardError",
          "z", "holds",
        ])
      // What is not finite would be a string.
      for key in ["lhs", "rhs", "difference", "allowance"] {
        guard case .number = check[key] else {
          Issue.record("\(key) is no number in \(check)")
          continue
        }
      }
      for key in ["standardError", "z"] {
        if case .string = check[key] { Issue.record("\(key) is a string in \(check)") }
      }
      #expect(check["holds"] == .bool(true))
    }
  }

  @Test("the strict reader is strict: JSON")
  func strictJSON() throws {
    #expect(try StrictJSON(#" {"a": [1, -0.5e3, null], "b": "\u00e9"} "#).keys == ["a", "b"])
    for text in [
      "", "{", "{}x", "{} {}", #"{"a": 1, "a": 2}"#, #"{"a": {"b": 1, "\u0062": 2}}"#, "[1,]",
      "[,1]", "{\"a\" 1}", "[NaN]", "[Infinity]", "[1e999]", "[01]", "[+1]", "[.5]", "[1.]", "nul",
      "\"a\nb\"", "\"\\x\"", "\"a", String(repeating: "[", count: 100),
    ] {
      #expect(throws: (any Error).self, "\(text)") { _ = try StrictJSON(text) }
    }
  }

  @Test(
    "the strict reader is strict: SVG",
    arguments: [
      "<path d='M1 1H41'/>", "<path d='M1 1h-2'/>", "<path d='M1 1V21'/>", "<path d='M1'/>",
      "<path d='M1 nan'/>", "<path d='M1 1L2 2'/>", "<path d='1 1'/>", "<path d='H3'/>",
      "<path d='M1 inf'/>", "<path d='M1 1e3'/>", "<text x='nan' y='1'>a</text>",
      "<text x='1' y='-1'>a</text>", "<text x='50' y='1'>a</text>", "<text y='1'>a</text>",
      "<g clip-path='url(#area1)'/>", "<g transform='translate(1 50)'/>", "<g transform='x'/>",
      "<script/>", "<path onclick='x'/>", "<path fill-opacity='.5x'/>", "<g>", "</g>", "&",
      "<svg/>",
    ])
  func strictSVG(content: String) {
    func faults(_ content: String) -> [String] {
      let head = "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'"
      let figure = StrictSVG(Data("\(head) viewBox='0 0 40 20'>\(content)</svg>".utf8))
      return figure.faults
    }
    #expect(faults("<path d='M0 0h40v20M1 2 3 4m-1 0z'/><text x='0' y='20'>a</text>") == [])
    #expect(!faults(content).isEmpty)
  }
}

/// A shell may start a program without its standard streams, or with a full disk behind them.
@Suite("closed and full standard streams", .timeLimit(.minutes(5)))
struct StreamTests {
  @Test(
    "the exit status tells, and standard error, if there is one, in one line",
    arguments: [
      ("--help", "", 0, false), ("--help", "2>&-", 0, false), ("--help", "<&- 2>&-", 0, false),
      ("--help", ">&-", 74, true), ("--help", ">&- 2>&-", 74, false),
      ("--help", "<&- >&- 2>&-", 74, false), ("--jason", "", 64, true),
      ("--jason", "2>&-", 64, false),
      ("--jason", ">&-", 64, true), ("--jason", "<&- >&- 2>&-", 64, false),
      ("--figures=/dev/null", "<&- 2>&-", 73, false),
    ])
  func closed(word: String, redirections: String, status: Int32, complains: Bool) throws {
    let fixture = try Fixture()
    for chapter in Program.chapters {
      let result = try Program(chapter: chapter).run([word], redirections, in: fixture)
      #expect(result.status == status && !result.isSignal, "\(result)")
      #expect(result.output.isEmpty == (status != 0))
      #expect(result.complaint.filter(\.isNewline).count == (complains ? 1 : 0))
    }
  }

  #if os(Linux)
    @Test(
      "a full disk",
      arguments: [
        ("--help", ">/dev/full", 74, true), ("--help", ">/dev/full 2>/dev/full", 74, false),
        ("--jason", "2>/dev/full", 64, false), ("--json", ">/dev/full", 74, true),
        ("--seed=3", ">/dev/full", 74, true),
      ])
    func full(word: String, redirections: String, status: Int32, complains: Bool) throws {
      let fixture = try Fixture()
      let result = try Program(chapter: 1).run([word], redirections, in: fixture)
      #expect(result.status == status && !result.isSignal, "\(result)")
      #expect(
        result.complaint.contains("cannot be written: is the disk full, or its reader gone?")
          == complains)
      #expect(result.complaint.filter(\.isNewline).count == (complains ? 1 : 0))
    }
  #endif

  @Test("a reader that has gone is like a full disk: work goes on, status 74, one line")
  func closedPipe() throws {
    let fixture = try Fixture()
    let result = try Program(chapter: Program.chapters[0]).run(
      ["--seed=3"], pipe: "true", in: fixture)
    #expect(result.output == Data("74\n".utf8))
    #expect(result.complaint.contains("or its reader gone?"))
    #expect(result.complaint.filter(\.isNewline).count == 1)
  }

  /// A program without standard streams gets their numbers for the files it opens: no word may end
  /// up in one of those. Compressed images, because gzip is another program with streams of its
  /// own.
  @Test("without any stream: results are written to the byte, the status tells of the lost words")
  func results() throws {
    let fixture = try Fixture()
    // 40 images of 2 × 3 pixels, compressed.
    let bytes = (0..<240).map { UInt8($0 * 73 % 251) }
    let images = fixture.root.appending(path: "train-images-idx3-ubyte")
    try Data([0, 0, 8, 3, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 3] + bytes).write(to: images)
    let gzip = try Process.run(
      URL(fileURLWithPath: "/usr/bin/env"), arguments: ["gzip", "-n", images.path])
    gzip.waitUntilExit()
    func files(_ name: String, _ redirections: String, isLost: Bool) throws -> [Data] {
      let folder = fixture.root.appending(path: name)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
      let paths = ["model", "history", "images", "figures"].map { folder.appending(path: $0) }
      let result = try Program(chapter: 6).run(
        [
          "--data", fixture.root.path, "--epochs=1", "--hidden=2", "--batch=10", "--samples=64",
          "--save", paths[0].path, "--history", paths[1].path, "--generated", paths[2].path,
          "--figures", paths[3].path,
        ], redirections, in: fixture)
      // 64 draws are too few for what some checks promise; on own images that is no failure.
      #expect(result.status == (isLost ? 74 : 0) && !result.isSignal, "\(redirections): \(result)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 4)
      let figures = try FileManager.default.contentsOfDirectory(atPath: paths[3].path).sorted()
      #expect(figures.count > 1)
      return try (paths.prefix(3) + figures.map { paths[3].appending(path: $0) }).map {
        try Data(contentsOf: $0)
      }
    }
    let expected = try files("all", "", isLost: false)
    for (redirections, isLost) in [
      ("2>&-", false), (">&-", true), ("<&- >&- 2>&-", true), ("<&- 2>&-", false),
    ] {
      let written = try files(redirections, redirections, isLost: isLost)
      #expect(written == expected, "\(redirections)")
    }
  }
}
