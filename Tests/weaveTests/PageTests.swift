import Testing

@testable import weave

@Suite("Pages")
struct PageTests {
  @Test("GitHub's slugs")
  func slugs() {
    let page = Page(
      path: "p",
      text: """
        # Chapter 3 · The ELBO
        ## 3.1–3.6 · The derivation, line by line
        ## 3.8 · ELBO ≤ log p(x)
        ### `weave` and *more* [links](x.md)
        ## Exercises
        ## Exercises
        ## Hello_World - ½ and x² ##
        ```
        # not a heading
        ```
        """)
    #expect(
      page.slugs == [
        "chapter-3--the-elbo", "3136--the-derivation-line-by-line", "38--elbo--log-px",
        "weave-and-more-links", "exercises", "exercises-1", "hello_world----and-x",
      ])
  }

  @Test("labels: rows, runs and what a sentence mentions")
  func labels() {
    #expect(Label("3.1–3.3")?.rows == ["3.1", "3.2", "3.3"])
    #expect(Label("3.1-3.3")?.description == "3.1–3.3")
    #expect(Label("3.T")?.chapter == 3)
    for wrong in ["", "3", "3.x", "3.3–3.1", "3.1–4.2", "3.1.2", "99999999999999999999.1"] {
      #expect(Label(wrong) == nil, "\(wrong)")
    }
    let text = "See Eq. 3.1–3.3, eqs. 1.9, 1.10 and 2.5. Not 4.1 nor freq. 7.1a; eq. 5.T"
    #expect(
      Label.mentioned(in: text).isSuperset(of: ["3.1", "3.2", "3.3", "1.9", "1.10", "2.5", "5.T"]))
    #expect(!Label.mentioned(in: text).contains("4.1"))
  }

  @Test("markers keep commas in quotation marks, in any order of options")
  func markers() throws {
    let marker = try OutputMarker("3.8, check 3.8 \"a, b\" #2, within 5%")
    #expect(marker.selection == .check(row: "3.8", number: 2, words: "a, b"))
    #expect(marker.tolerance == .relative(0.05))
    let table = try OutputMarker("3.1–3.6, table 2, within 0.02, rows 2–4")
    #expect(table.selection == .table(2) && table.rows == 2...4)
    #expect(
      try OutputMarker("3.8, check \"x\"").selection == .check(row: nil, number: nil, words: "x"))
    #expect(throws: Complaint.self) { try OutputMarker("3.8, check") }
  }

  @Test("dollars in code and escaped ones need no partner; paragraphs are counted one by one")
  func dollars() {
    func faults(_ text: String) -> [Int] {
      Page(path: "p", text: text).mathematicsFaults.map(\.line)
    }
    #expect(faults("run `$ swift` and \\$5\n\n```\n$\n```\n$`a`$ and $b$").isEmpty)
    #expect(faults("$a$\n$b\n\nc$ d").sorted() == [2, 4])
    #expect(faults("$$\na\n\n$$") == [1, 4])
    #expect(faults("a\n\n$$\nb\n$$\n\n$$\nc\n$$").isEmpty)
    #expect(faults("before $$") == [1])
  }

  @Test("a table's rows, a numbered check, a group's member")
  func selections() throws {
    let transcript = Transcript(Fixture.output)
    func quote(_ marker: String) throws -> [String] {
      try transcript.quote(OutputMarker(marker))
    }
    #expect(try quote("1.1, table, rows 2").count == 3)
    #expect(try quote("1.1, table, rows 2").last == "3     1.5125    0.0e+00")
    #expect(try quote("1.1, check 1.1 #2").first == "✓ eq. 1.1  mean of many = half")
    #expect(try quote("1.1, block \"Two halves\"") == ["Two halves of each x."])
    #expect(try quote("1.3, check 1.2").count == 2)
    #expect(transcript.checkedRows == ["1.1", "1.2", "1.T"])
    #expect(transcript.sections.last?.lines.last?.contains("checks:") == false)
  }
}
