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
    let filled = page.replacing([(page.cells[0], code.components(separatedBy: "\n"))])
    #expect(filled.text == "<!-- source: x -->\n````swift\n\(code)\n````\n")
    #expect(filled.cells.count == 1 && filled.faults.isEmpty)
  }

  @Test("a Python script, whole or a region, goes into a fence of its own language")
  func python() throws {
    let fixture = try Fixture()
    try fixture.write("import sys\n# region: sum\nprint(1 + 1)\n# end region\n", to: script)
    let cells = ["whole file", "region sum"].map {
      "\n<!-- source: \(script), \($0) -->\n```\n```\n"
    }
    try fixture.write(try fixture.read(Slip.page) + cells.joined(), to: Slip.page)
    #expect(fixture.weave().status == Status.allChecksHold)
    let page = try fixture.read(Slip.page)
    #expect(page.contains("```python\nimport sys\nprint(1 + 1)\n```\n"))
    #expect(page.contains("```python\nprint(1 + 1)\n```\n"))
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
