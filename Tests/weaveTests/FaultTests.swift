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
    Slip(source, "func double", "func twice", "\(page):40: \(source) declares no \"double\""),
    Slip(source, "/// Eq. 1.1", "/// A note.\n/// Eq. 1.1", "\(page):19: stale: here stands [Idea"),
    Slip(page, "Idea.swift#L4", "Idea.swift#L3", "\(page):19: stale: here stands [Idea"),
    Slip(page, "#L1)", "#L2)", "\(page):19: stale: here stands [Idea.swift · half]"),
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

  private static let help = """
    Main road:
      1.1      Two halves
      1.T      Traps

    Further:
      1.2–1.3  More, in a title of
               two lines

      --all    print every row

    """

  @Test(
    "a chapter of rows: prose on either page, and no more on the main one than a reader can take")
  func roads() throws {
    let fixture = try Fixture()
    try fixture.write(FaultTests.help, to: "binaries/chapter1.help")
    let parts = try fixture.read(Slip.page).components(separatedBy: "## 1.2–1.3")
    let further = parts[1].components(separatedBy: "## 1.T")
    try fixture.write(parts[0] + "## 1.T" + further[1], to: Slip.page)
    let path = "chapters/chapter1-further.md"
    let moved = "# Further\n\n## 1.2–1.3" + further[0].replacing("(#11", with: "(chapter1.md#11")
    try fixture.write(moved, to: path)
    #expect(fixture.weave("--check").output == "6 cells, 3 quoted numbers: 0 faults\n")
    #expect(
      fixture.weave("--check", "chapter1").output.hasSuffix("6 cells, 3 quoted numbers: 0 faults\n")
    )
    try fixture.write(moved.replacing("## 1.2–1.3", with: "## More"), to: path)
    #expect(fixture.weave("--check").output.contains("\(Slip.page):1: no heading for 1.2"))
    try fixture.write(moved.replacing("double(_", with: "twice(_"), to: path)
    #expect(fixture.weave("--check").output.contains("\(path):7: stale"))
    try fixture.write(moved, to: path)
    // Formulas, cells, pictures and addresses of links are not counted.
    let main = try fixture.read(Slip.page)
    let free = "\n$$\n" + String(repeating: "x ", count: 2000) + "\n$$\n"
    try fixture.write(main + free, to: Slip.page)
    #expect(fixture.weave("--check").status == Status.allChecksHold)
    let headings = (0...8).map { "\n## 1.\($0 + 20) · More\n" }.joined()
    try fixture.write(main + String(repeating: "word ", count: 1800) + headings, to: Slip.page)
    var output = fixture.weave("--check").output
    #expect(output.contains("words beside cells and formulas: shorten it, 1800 is the limit"))
    #expect(output.contains("\(Slip.page):1: 11 rows: move one to chapters/chapter1-further.md"))
    try fixture.write(main, to: Slip.page)
    let lines = "Two halves of each x.\n" + String(repeating: "a\n", count: 250)
    try fixture.replace("Two halves of each x.\n", by: lines, in: Slip.output)
    try fixture.replace(
      "12,345 draws", by: "12,345 draws" + String(repeating: " x", count: 40), in: Slip.output)
    output = fixture.weave("--check").output
    #expect(output.contains(" lines printed: shorten the main road's output, 250 is the limit"))
    // The long line is on the further road.
    #expect(!output.contains("columns"))
    try fixture.replace(
      "Two halves of each x.\n", by: String(repeating: "b", count: 81) + "\n", in: Slip.output)
    #expect(fixture.weave("--check").output.contains("81 columns in a printed line: narrow it, 80"))
  }

  @Test("a chapter that the ledger does not know")
  func unknownChapter() throws {
    let fixture = try Fixture()
    try fixture.write("import TinyNumerics\n", to: "Sources/chapter2/Idea.swift")
    try fixture.write("# Two\n", to: "chapters/chapter2.md")
    try FileManager.default.copyItem(
      at: fixture.root.appending(path: "binaries/chapter1"),
      to: fixture.root.appending(path: "binaries/chapter2"))
    try fixture.write("Chapter 2\n", to: "binaries/chapter2.txt")
    #expect(
      fixture.weave("--check").output.contains(
        "chapters/chapter2.md:1: nothing says which rows chapter 2 owes"))
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
