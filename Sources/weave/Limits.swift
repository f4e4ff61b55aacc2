/// How much a first reader is asked to read.
enum Limits {
  static let words = 1800
  static let rows = 8
  static let lines = 250
  static let columns = 80

  /// What is too much on a chapter's main page and in what `swift run chapterN` prints.
  static func faults(of run: ChapterRun, page: Page) -> [Fault] {
    guard run.contents.hasRows else { return [] }
    let labels = Set(run.contents.further.map(\.description))
    let sections = run.transcript.sections.filter { !labels.contains($0.label.description) }
    // Beside the sections: the title, the further rows in one line each, the last line.
    let brief = labels.isEmpty ? 0 : labels.count + 3
    let lines = 3 + brief + sections.reduce(0) { $0 + $1.lineCount }
    let columns = sections.flatMap(\.lines).map(\.count).max() ?? 0
    let rows = page.headings.count { Label.heading($0.words) != nil }
    let further = page.path.replacing(".md", with: "-further.md")
    let checks = [
      (page.wordCount, words, "words beside cells and formulas: shorten it"),
      (rows, self.rows, "rows: move one to \(further)"),
      (lines, self.lines, "lines printed: shorten the main road's output"),
      (columns, self.columns, "columns in a printed line: narrow it"),
    ]
    return checks.filter { $0.0 > $0.1 }.map { count, limit, what in
      page.fault(0, "\(count) \(what), \(limit) is the limit")
    }
  }
}

extension Page {
  /// The words of the prose: no cells, formulas, pictures, or addresses of links.
  var wordCount: Int {
    var isFormula = false
    return prose.reduce(0) { count, line in
      if lines[line].trimmed == "$$" {
        isFormula.toggle()
        return count
      }
      if isFormula { return count }
      let text = lines[line].replacing(/<!--.*?-->/, with: "")
        .replacing(/!\[[^\]]*\]\([^)]*\)/, with: "").replacing(/\]\([^)]*\)/, with: "]")
        .replacing(/\$`?[^$]*`?\$/, with: "").replacing(/<[^>]*>/, with: "")
      return count
        + text.split(whereSeparator: \.isWhitespace).count {
          $0.contains { $0.isLetter || $0.isNumber }
        }
    }
  }
}
