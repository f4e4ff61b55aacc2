import Foundation
import Testing

@testable import weave

/// One thing put out of step in the fixture, and what `weave --check` must say of it.
struct Slip: Sendable, CustomTestStringConvertible {
  let file: String
  let old: String
  let new: String
  let fault: String
  var testDescription: String { fault }

  init(_ file: String, _ old: String, _ new: String, _ fault: String) {
    (self.file, self.old, self.new, self.fault) = (file, old, new, fault)
  }

  static let page = "chapters/chapter1.md"
  static let source = "Sources/chapter1/Idea.swift"
  static let output = "binaries/chapter1.txt"

  static let all = [
    // Cells.
    Slip(source, "0.5 * x", "x / 2", "\(page):16: stale: the page says \"0.5 * x\""),
    Slip(page, "0.5 * x", "0.5  * x", "\(page):16: stale"),
    Slip(source, "func half", "func third", "\(page):12: \(source) declares no \"half\""),
    Slip(source, "region: double", "region: twice", "\(page):40: \(source) has no line"),
    Slip(source, "  // end region\n", "", "\(page):40: \(source) region double is never closed"),
    Slip(page, "Idea.swift, half", "Ideal.swift, half", "\(page):12: there is no readable"),
    Slip(page, "Idea.swift, half", "../Idea.swift", "\(page):12: a source marker reads"),
    Slip(
      page, "<!-- output: 1.1, table 1 -->\n", "<!-- output: 1.1, table 1 -->\n\n", "\(page):20:"),
    Slip(page, "table 1", "table 2", "\(page):20: section 1.1 has 1 tables, not 2"),
    Slip(page, "table 1", "table 1, rows 2-3", "\(page):20: the table has 2 rows"),
    Slip(page, "table 1", "tables", "\(page):20: \"tables\" selects nothing"),
    Slip(page, "table 1", "table 1, roughly", "\(page):20: \"roughly\" is no option"),
    Slip(page, "table 1", "table 1, within a bit", "\(page):20: \"within a bit\" is no tolerance"),
    Slip(
      page, "1.1, table", "1.7, table", "\(page):20: chapter1 prints no section 1.7: it prints 1.1"),
    Slip(page, "1.1, table", "2.1, table", "\(page):20: there is no chapter 2"),
    Slip(page, "\"doubled\"", "\"halved\"", "\(page):59: section 1.2–1.3 prints no such check"),
    Slip(page, "block \"▒▒\"", "block \"zzz\"", "\(page):45: no block"),
    Slip(output, "1.5125    0", "1.5127    0", "\(page):25: stale: the page says \"3     1.5125"),
    Slip(output, "x      half", "y      half", "\(page):22: stale"),
    Slip(output, "mean of many", "mean of few", "\(page):32: stale"),
    Slip(output, "z = -0.43", "z = -0.45", "\(page):33: stale"),
    Slip(output, "12,345", "19,345", "\(page):48: stale"),
    Slip(output, "0.0e+00 ≤ 1.0e-15", "2.0e-15 ≤ 1.0e-15", "\(page):31: stale"),
    Slip(page, "3     1.5125    0", "3    1.5125    0", "\(page):25: stale"),
    Slip(page, "    1 ≤ 2.5   margin 1.5\n", "", "\(page):50: stale"),
    Slip(
      page, "```\n\n![A", "![A", "\(page):29: this fenced block is never closed: add a line ```"),
    // Quoted numbers.
    Slip(page, "1.5<!-- 1.1", "1.6<!-- 1.1", "\(page):5: section 1.1 does not print 1.6"),
    Slip(page, "-1.513$", "-1.516$", "\(page):5: section 1.1 does not print -1.516"),
    Slip(page, "12,345<!", "12,346<!", "\(page):6: section 1.2 does not print 12,346"),
    Slip(page, "1.5<!--", "x <!--", "\(page):5: no number stands directly before"),
    Slip(page, "<!-- 1.2 -->", "<!-- 1.7 -->", "\(page):6: chapter1 prints no section 1.7"),
    Slip(page, "<!-- 1.2 -->", "<!-- 1.2 ± 3 -->", "\(page):6: \"<!-- 1.2 ± 3 -->\" reads"),
    Slip(page, "<!-- 1.2 -->", "<!-- 3.2 -->", "\(page):6: there is no output of a chapter 3"),
    // Figures.
    Slip(page, "![A line](figures/chapter1-half.svg)", "", "\(page):1: the figure is not shown"),
    Slip(page, "![A line]", "[A line]", "\(page):1: the figure is not shown"),
    Slip(page, "half.svg", "third.svg", "\(page):36: links to chapters/figures/chapter1-third.svg"),
    Slip(
      "chapters/figures/chapter1-half.svg", "Half", "Third", "chapters/figures/chapter1-half.svg:1:"
    ),
    Slip(
      "chapters/figures/chapter1-half.svg", "39.5", "38.5", "chapters/figures/chapter1-half.svg:1:"),
    // Labels.
    Slip(page, "## 1.2–1.3 ·", "## 1.3 ·", "\(page):1: no heading for 1.2"),
    Slip(source, "Eq. 1.1:", "It is", "\(page):3: no source mentions eq. 1.1"),
    Slip(output, "eq. 1.2  ", "eq. 1.3  ", "\(page):38: chapter1 prints no check of eq. 1.2"),
    Slip(
      "Tests/chapter1Tests/IdeaTests.swift", ", 1.T", "",
      "\(page):57: no test is named after eq. 1.T"),
    // Links.
    Slip(page, "(README.md)", "(../README.md)", "\(page):55: links to README.md"),
    Slip(page, "(README.md)", "(../../../etc/passwd)", "\(page):55: links to"),
    Slip(
      page, "(#11--two", "(#11-two", "\(page):55: links to #11-two-halves, but chapters/chapter1.md"
    ),
    Slip("chapters/README.md", "#11", "#12", "chapters/README.md:3: links to #12--two-halves"),
    // Mathematics.
    Slip(page, "$a + b$", "$a + b", "\(page):6: an odd number of $"),
    Slip(page, "$$\nx = 2 y\n$$", "$$ x = 2 y $$", "\(page):8: $$ is not alone"),
    Slip(page, "x = 2 y\n$$", "x = 2 y", "\(page):8: this $$ is never closed"),
  ]
}

@Suite("Faults")
struct FaultTests {
  @Test("a package that is in step has none")
  func none() throws {
    let result = try Fixture().weave("--check")
    #expect(result.output == "6 cells, 3 quoted numbers: 0 faults\n")
    #expect(result.status == Status.allChecksHold)
    #expect(result.diagnostics == "")
  }

  @Test(
    "each kind of slip is named with its file and line, and nothing is changed", arguments: Slip.all
  )
  func slip(_ slip: Slip) throws {
    let fixture = try Fixture()
    try fixture.replace(slip.old, by: slip.new, in: slip.file)
    let before = try fixture.read(Slip.page)
    let result = fixture.weave("--check")
    #expect(result.status == Status.aCheckFailed)
    #expect(
      result.output.split(separator: "\n").contains { $0.hasPrefix(slip.fault) }, "\(result.output)"
    )
    #expect(try fixture.read(Slip.page) == before)
  }

  @Test("a page that is missing, a figure that is missing or that nobody draws")
  func files() throws {
    let fixture = try Fixture()
    try fixture.remove("chapters/chapter1.md")
    try fixture.remove("chapters/figures/chapter1-half.svg")
    try fixture.write("x", to: "chapters/figures/chapter1-old.svg")
    try fixture.write("x", to: "chapters/figures/notes.txt")
    let output = fixture.weave("--check").output
    #expect(!output.contains("README.md:3: links to"))
    #expect(output.contains("chapters/chapter1.md:1: there is no such page: write it\n"))
    #expect(output.contains("chapters/figures/chapter1-half.svg:1: is missing: run"))
    #expect(
      output.contains("chapters/figures/chapter1-old.svg:1: no chapter draws it: remove it\n"))
    #expect(output.contains("chapters/figures/notes.txt:1: no chapter draws it: remove it\n"))
  }

  @Test("a chapter that fails is a fault, and its output is not woven")
  func failure() throws {
    let fixture = try Fixture()
    try fixture.write("1", to: "binaries/chapter1.status")
    try fixture.replace("1.5125    0", by: "1.6    0", in: Slip.output)
    let before = try fixture.read(Slip.page)
    let result = fixture.weave()
    #expect(result.status == Status.aCheckFailed)
    #expect(
      result.output.hasPrefix(
        "\(Slip.page):1: chapter1 ended with status 1: mend it first (out of ink)\n"))
    #expect(try fixture.read(Slip.page) == before)
  }

  @Test("a wrong command line, no package, no binary, no text: one line and a status of its own")
  func misuse() throws {
    let fixture = try Fixture()
    #expect(fixture.weave("--chek").status == Status.wrongCommandLine)
    #expect(fixture.weave("chapter7").status == Status.wrongCommandLine)
    #expect(fixture.weave("--help").output.contains("usage: swift run weave"))
    try fixture.remove("binaries/chapter1")
    let unbuilt = fixture.weave()
    #expect(unbuilt.status == Status.inputCannotBeRead)
    #expect(unbuilt.diagnostics.hasSuffix("build it with: swift build --product chapter1\n"))
    try Data([0xff, 0xfe]).write(to: fixture.root.appending(path: Slip.page))
    #expect(fixture.weave().status == Status.inputIsNotWhatItClaims)
    try fixture.remove("Package.swift")
    #expect(fixture.weave().status == Status.inputCannotBeRead)
  }
}
