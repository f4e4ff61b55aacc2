import Foundation
import Testing

@testable import weave

@Suite("Weaving")
struct WeavingTests {
  @Test("empty cells are filled, figures drawn; a second time nothing is written")
  func fill() throws {
    let fixture = try Fixture()
    let whole = try fixture.read(Slip.page)
    let empty = whole.replacing(#/(?m)^(```\w+\n)[^`]+^```$/#) { "\($0.1)```" }
    #expect(!empty.contains("half(of"))
    try fixture.write(empty, to: Slip.page)
    try fixture.remove("chapters/figures")
    let first = fixture.weave("chapter1")
    #expect(
      first.output == """
        wrote chapters/figures/chapter1-half.svg
        wrote chapters/chapter1.md
        6 cells, 3 quoted numbers: 0 faults

        """)
    #expect(try fixture.read(Slip.page) == whole)
    #expect(fixture.weave().output == "6 cells, 3 quoted numbers: 0 faults\n")
    #expect(fixture.weave("--check").status == Status.allChecksHold)
  }

  @Test("another machine's last digits change nothing; other digits do")
  func lastDigits() throws {
    let fixture = try Fixture()
    let before = try fixture.read(Slip.page)
    for (old, new) in [
      ("1.5125    0.0e+00", "1.5126    3.1e-16"), ("1.0e-17", "0.0e+00"),
      ("difference 0.0e+00", "difference 4.4e-16"), ("-1.51301", "-1.51302"),
    ] {
      try fixture.replace(old, by: new, in: Slip.output)
    }
    try fixture.replace("39.5", by: "39.51", in: "binaries/chapter1.figures/chapter1-half.svg")
    #expect(fixture.weave().output == "6 cells, 3 quoted numbers: 0 faults\n")
    #expect(try fixture.read(Slip.page) == before)
    try fixture.replace("1     0.5000", by: "1     0.5002", in: Slip.output)
    #expect(fixture.weave().output.hasPrefix("wrote chapters/chapter1.md\n"))
    #expect(try fixture.read(Slip.page).contains("1     0.5002"))
  }

  @Test("a source with a fence in its comment gets a longer one")
  func fence() throws {
    let fixture = try Fixture()
    try fixture.replace("/// Eq. 1.1", by: "/// ```\n/// Eq. 1.1", in: Slip.source)
    _ = fixture.weave()
    #expect(fixture.weave("--check").status == Status.allChecksHold)
    let code = "a\n```\nb"
    let page = Page(path: "p", text: "<!-- source: x -->\n```swift\n```\n")
    let filled = page.replacing([
      (page.cells[0], code.components(separatedBy: "\n"), "[p](Sources/x)")
    ])
    #expect(filled.text == "<!-- source: x -->\n````swift\n\(code)\n````\n[p](Sources/x)\n")
    #expect(filled.cells.count == 1 && filled.faults.isEmpty)
  }

  @Test("the line of links is written where it is missing, apart from what follows")
  func references() throws {
    let fixture = try Fixture()
    let whole = try fixture.read(Slip.page)
    let lines = whole.split(separator: "\n", omittingEmptySubsequences: false)
    try fixture.write(
      lines.filter { !$0.hasPrefix("[Idea") }.joined(separator: "\n"), to: Slip.page)
    #expect(fixture.weave().status == Status.allChecksHold)
    let link = String(lines.first { $0.hasPrefix("[Idea") }!)
    let woven = try fixture.read(Slip.page)
    #expect(woven.contains("```\n\(link)\n\n<!-- output: 1.1, table 1 -->"))
    #expect(fixture.weave().output == "6 cells, 3 quoted numbers: 0 faults\n")
    #expect(fixture.weave("--check").status == Status.allChecksHold)
  }

  @Test(
    "checks and tables whose lines were folded are quoted whole, and compared as if they were not")
  func folded() throws {
    let lines = """
      ── 1.1  Folded ──────

        model        half
        ─────────  ──────
        linear,    0.5000
          wide
        narrow     1.5125

      ✓ eq. 1.1  x = 2 · half, linear, wide:
            worst of 2 cases
          3 = 3   difference 0.0e+00
            ≤ 1.0e-15
      ✓ eq. 1.1  next
          1 ≤ 2   margin 1
      """
    let transcript = Transcript(lines)
    func quote(_ marker: String) throws -> [String] {
      try transcript.quote(OutputMarker(marker))
    }
    #expect(try quote("1.1, table 1, rows 1").count == 4)
    #expect(try quote("1.1, table 1, rows 2").last == "narrow     1.5125")
    #expect(try quote("1.1, check 1.1 #1").count == 4)
    #expect(try quote("1.1, check 1.1 #2").first == "✓ eq. 1.1  next")
    let section = try transcript.section(Label("1.1")!)
    let old = try quote("1.1, checks")
    var other = old
    other.replaceSubrange(
      0..<4,
      with: [
        "✓ eq. 1.1  x = 2 · half, narrow: worst of 2", "      cases",
        "    1.5 = 1.5   difference 1.0e-16 ≤ 2.0e-15",
      ])
    let agreement = Agreement(section: section.text)
    #expect(agreement.firstFault(other, old) == nil)
    other[1] = "      phases"
    #expect(agreement.firstFault(other, old) == 0)
  }

  @Test("a Python script goes into a fence of its own language")
  func python() throws {
    let fixture = try Fixture()
    try fixture.write("import sys\nprint(1 + 1)\n", to: script)
    let cells = ["whole file"].map {
      "\n<!-- source: \(script), \($0) -->\n```\n```\n"
    }
    try fixture.write(try fixture.read(Slip.page) + cells.joined(), to: Slip.page)
    #expect(fixture.weave().status == Status.allChecksHold)
    let page = try fixture.read(Slip.page)
    #expect(page.contains("```python\nimport sys\nprint(1 + 1)\n```\n"))
    try fixture.replace("1 + 1", by: "1 + 2", in: script)
    #expect(fixture.weave("--check").status != Status.allChecksHold)
    #expect(throws: Complaint.self) { try SourceMarker("\(script), sum") }
    #expect(throws: Complaint.self) { try SourceMarker("Sources/x.py, whole file") }
  }

  private var script: String { "chapters/peers/sum.py" }

  @Test("whatever a file holds, it is read without a trap")
  func damaged() throws {
    var generator = SystemRandomNumberGenerator()
    let marks = Array("`$<>!-#(){}[]\"\\─✓|%,.:/\n 0e9é")
    for text in [Fixture.page, Fixture.source, Fixture.output, Fixture.figure] {
      for _ in 0..<50 {
        var damaged = Array(text)
        for _ in 0..<Int.random(in: 1...12, using: &generator) where !damaged.isEmpty {
          let place = Int.random(in: 0..<damaged.count, using: &generator)
          if Bool.random(using: &generator) {
            damaged[place] = marks.randomElement(using: &generator)!
          } else {
            damaged.removeSubrange(place..<min(damaged.count, place + Int.random(in: 1...40)))
          }
        }
        read(String(damaged))
      }
    }
  }

  private func read(_ text: String) {
    let transcript = Transcript(text)
    let page = Page(path: "chapters/x.md", text: text)
    for cell in page.cells + Page(path: "p", text: Fixture.page).cells {
      if let marker = try? OutputMarker(cell.marker) { _ = try? transcript.quote(marker) }
      if let marker = try? SourceMarker(cell.marker) { _ = try? marker.quote(from: text) }
    }
    _ = page.mathematicsFaults + page.quoteFaults([1: transcript])
    _ = (page.links, page.slugs, Label.mentioned(in: text), transcript.checkedRows)
    _ = DeclarationReader(Code(text)).declarations
    _ = FigureComparison(wordsOnly: false).agree(text, Fixture.figure)
    #expect(page.text == text)
  }
}
