/// The rows that each chapter owes: 1.1 … 1.13 and the traps 1.T, and so on.
struct Ledger {
  var rows: [Int: [String]]

  static let whole = Ledger(rows: [
    1: rows(1, 13), 2: rows(2, 13), 3: rows(3, 21), 4: rows(4, 9), 5: rows(5, 10), 6: rows(6, 12),
    7: rows(7, 12), 8: rows(8, 12),
  ])

  private static func rows(_ chapter: Int, _ count: Int) -> [String] {
    (1...count).map { "\(chapter).\($0)" } + ["\(chapter).T"]
  }

  /// A row is shown four times: in prose, in a source file, in a printed check and in a test's
  /// name.
  /// - Parameter pages: the main page, and the one with the further rows; a row's prose is on
  ///   either.
  func faults(of chapter: Int, pages: [Page], transcript: Transcript?, in package: Package)
    -> [Fault]
  {
    guard let main = pages.first else { return [] }
    guard let owed = rows[chapter] else {
      return [
        main.fault(0, "nothing says which rows chapter \(chapter) owes: add them to Ledger.swift")
      ]
    }
    let headings = pages.flatMap { page in
      page.headings.compactMap { line, words in
        Label.heading(words).map { (page, line, $0.rows) }
      }
    }
    let libraries = [
      "TinyNumerics", "TinyNetworks", "ToyModels", "ImageModels", "chapter\(chapter)",
    ]
    let sources = package.swiftFiles(under: libraries.map { "Sources/\($0)" })
    let tests = package.swiftFiles(under: libraries.map { "Tests/\($0)Tests" })
    let inSources = Set(sources.flatMap(Label.mentioned))
    let inTests = Set(tests.flatMap(Ledger.testNames).flatMap(Label.mentioned))
    return owed.flatMap { row -> [Fault] in
      let heading = headings.first { $0.2.contains(row) }
      var missing: [String] = []
      if heading == nil {
        missing.append("no heading for \(row): write a section \"## \(row) · …\"")
      }
      if !inSources.contains(row) {
        missing.append("no source mentions eq. \(row): say \"Eq. \(row)\" where it is implemented")
      }
      if transcript?.checkedRows.contains(row) == false {
        missing.append("chapter\(chapter) prints no check of eq. \(row): add one")
      }
      if !inTests.contains(row) {
        missing.append("no test is named after eq. \(row): write @Test(\"eq. \(row): …\")")
      }
      return missing.map { (heading?.0 ?? main).fault(heading?.1 ?? 0, $0) }
    }
  }

  private static func testNames(_ source: String) -> [String] {
    source.matches(of: /@(?:Test|Suite)\(\s*"((?:[^"\\]|\\.)*)"/).map { String($0.1) }
  }
}
