import Foundation
import Notebook

@testable import weave

/// Swift Testing has an `ExitStatus` of its own: this file does not import it.
typealias Status = ExitStatus

/// A small package of one chapter, with everything in step, in a folder of its own.
final class Fixture {
  let root: URL
  static let ledger = Ledger(rows: [1: ["1.1", "1.2", "1.T"]])

  init() throws {
    root = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appending(path: "weave-tests-\(UUID().uuidString)")
    for (path, text) in Fixture.files { try write(text, to: path) }
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "chapter.sh")
    try FileManager.default.createSymbolicLink(
      at: root.appending(path: "binaries/chapter1"), withDestinationURL: script)
  }

  deinit { try? FileManager.default.removeItem(at: root) }

  func write(_ text: String, to path: String) throws {
    let url = root.appending(path: path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  func read(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  func remove(_ path: String) throws {
    try FileManager.default.removeItem(at: root.appending(path: path))
  }

  /// Replaces the one place where `old` stands.
  func replace(_ old: String, by new: String, in path: String) throws {
    let parts = try read(path).components(separatedBy: old)
    guard parts.count == 2 else {
      throw Complaint("\(path) has \(parts.count - 1) times \(old)")
    }
    try write(parts.joined(separator: new), to: path)
  }

  struct Result {
    let status: Status
    let output: String
    let diagnostics: String
  }

  func weave(_ words: String...) -> Result {
    var (output, diagnostics) = ("", "")
    let console = Console(output: { output += $0 }, diagnostics: { diagnostics += $0 })
    let status = Weave.perform(
      words + ["--package", root.path], console: console,
      runner: ChapterRunner(binaries: root.appending(path: "binaries")), ledger: Fixture.ledger)
    return Result(status: status, output: output, diagnostics: diagnostics)
  }

  static let files = [
    "Package.swift": "",
    "Sources/chapter1/Idea.swift": source,
    "Tests/chapter1Tests/IdeaTests.swift": tests,
    "chapters/README.md": "# Contents\n\n[One](chapter1.md#11--two-halves)\n",
    "chapters/chapter1.md": page,
    "chapters/figures/chapter1-half.svg": figure,
    "binaries/chapter1.txt": output,
    "binaries/chapter1.figures/chapter1-half.svg": figure,
  ]

  static let source = """
    import TinyNumerics

    /// Eq. 1.1: half of x.
    func half(of x: Double) -> Double {
      0.5 * x
    }

    /// Eqs. 1.2 and 1.T.
    enum Wrong {
      static func double(_ x: Double) -> Double { 2 * x }
    }

    """

  static let tests = """
    @Test("eq. 1.1: a half") func half() { _ = half(of: 1) }
    @Test(
      "eqs. 1.2, 1.T: the rest", arguments: [1]) func rest(x: Int) {}

    """

  static let figure = """
    <svg viewBox="0 0 40 20"><title>Half of x, to 0.5</title><path d="M0.25,10L39.5,1.25"/></svg>

    """

  static let output = """
    Chapter 1 · Halves

    ── 1.1  Two halves ──────

    Two halves of each x.

      x      half    residual
      ───   -─────   ────────
      1     0.5000    1.0e-17
      3     1.5125    0.0e+00

    ✓ eq. 1.1  x = 2 · half, x = 3: worst of 2 cases
        3 = 3   difference 0.0e+00 ≤ 1.0e-15
    ✓ eq. 1.1  mean of many = half
        -1.51301 ± 0.0012 ≈ -1.5125   z = -0.43, notices 0.006

    ── 1.2–1.3  More ────────

      #  ▒▒██
      7  ░░██  12,345 draws
    ✓ eq. 1.2  a ≤ b
        1 ≤ 2.5   margin 1.5
    ✓ eq. 1.T  doubled
        wrong 6, right 1.5: off by 4.5, allowed 1.0e-15

    4 checks: 4 held, 0 failed

    """.replacing("-─", with: "──")

  static let page = """
    # Chapter 1

    ## 1.1 · Two halves

    Half of three is 1.5<!-- 1.1 -->, the mean $-1.513$<!-- 1.1, within 0.1% --> of
    12,345<!-- 1.2 --> draws. Then $a + b$ and $`c`$, which costs \\$5 and `$`.

    $$
    x = 2 y
    $$

    <!-- source: Sources/chapter1/Idea.swift, half -->
    ```swift
    /// Eq. 1.1: half of x.
    func half(of x: Double) -> Double {
      0.5 * x
    }
    ```
    [Idea.swift · half](../Sources/chapter1/Idea.swift#L4) · [test](../Tests/chapter1Tests/IdeaTests.swift#L1)
    <!-- output: 1.1, table 1 -->
    ```text
    x      half    residual
    ───   ──────   ────────
    1     0.5000    1.0e-17
    3     1.5125    0.0e+00
    ```

    <!-- output: 1.1, checks -->
    ```text
    ✓ eq. 1.1  x = 2 · half, x = 3: worst of 2 cases
        3 = 3   difference 0.0e+00 ≤ 1.0e-15
    ✓ eq. 1.1  mean of many = half
        -1.51301 ± 0.0012 ≈ -1.5125   z = -0.43, notices 0.006
    ```

    ![A line](figures/chapter1-half.svg)

    ## 1.2–1.3 · More

    <!-- source: Sources/chapter1/Idea.swift, double -->
    ```swift
    static func double(_ x: Double) -> Double { 2 * x }
    ```
    [Idea.swift · Wrong.double](../Sources/chapter1/Idea.swift#L10)
    <!-- output: 1.2, block "▒▒", within 5% -->
    ```text
      #  ▒▒██
      7  ░░██  12,345 draws
    ✓ eq. 1.2  a ≤ b
        1 ≤ 2.5   margin 1.5
    ✓ eq. 1.T  doubled
        wrong 6, right 1.5: off by 4.5, allowed 1.0e-15
    ```

    See [above](#11--two-halves), [the contents](README.md) and [elsewhere](https://example.org/#x).

    ## 1.T · Traps

    <!-- output: 1.2, check 1.T "doubled" -->
    ```text
    ✓ eq. 1.T  doubled
        wrong 6, right 1.5: off by 4.5, allowed 1.0e-15
    ```

    """
}
