/// What a chapter printed, section by section.
struct Transcript {
  struct Section {
    let label: Label
    /// The lines under the heading, without empty ones at either end.
    let lines: [String]
    var text: String { lines.joined(separator: "\n") }
  }

  private(set) var sections: [Section] = []

  init(_ text: String) {
    var label: Label?
    var lines: [String] = []
    func close() {
      guard let label else { return }
      let start = lines.drop { $0.isEmpty }
      sections.append(
        Section(label: label, lines: start.reversed().drop { $0.isEmpty }.reversed()))
    }
    var afterFigure = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if let heading = line.prefixMatch(of: #/── (\S+)  /#), let next = Label(heading.1) {
        close()
        (label, lines) = (next, [])
      } else if line.hasPrefix("figure: ") {
        // Said because of `--figures`, with an empty line: not part of what the chapter says.
        afterFigure = true
        continue
      } else if !(afterFigure && line.isEmpty) {
        lines.append(line)
      }
      afterFigure = false
    }
    // The last line sums up the chapter, and belongs to no section.
    if lines.last == "" { lines.removeLast() }
    if lines.last?.contains(#/^\d+ checks: /#) == true { lines.removeLast() }
    close()
  }

  /// The rows that have a printed check.
  var checkedRows: Set<String> {
    Set(sections.flatMap { checks(in: $0.lines).map(\.row) })
  }

  /// The section with this label, or the group that it belongs to.
  func section(_ label: Label) throws(Complaint) -> Section {
    let exact = sections.filter { $0.label == label }
    let wide = sections.filter { Set($0.label.rows).isSuperset(of: label.rows) }
    guard let first = exact.first ?? wide.first else {
      throw Complaint(
        "chapter\(label.chapter) prints no section \(label): it prints "
          + sections.map(\.label.description).joined(separator: ", "))
    }
    return first
  }

  /// The lines that a cell quotes.
  func quote(_ marker: OutputMarker) throws(Complaint) -> [String] {
    let section = try section(marker.section)
    guard marker.rows == nil || marker.selection.isTable else {
      throw Complaint("only a table has rows: leave \"rows\" out")
    }
    switch marker.selection {
    case .table(let number):
      let tables = tables(in: section.lines)
      guard tables.indices.contains(number - 1) else {
        throw Complaint("section \(section.label) has \(tables.count) tables, not \(number)")
      }
      return try deindented(rows(marker.rows, of: tables[number - 1]))
    case .checks:
      let found = checks(in: section.lines)
      guard !found.isEmpty else { throw Complaint("section \(section.label) prints no check") }
      return found.flatMap(\.lines)
    case .check(let row, let number, let words):
      var found = checks(in: section.lines).filter { check in
        (row ?? check.row) == check.row
          && (words.isEmpty || check.lines.contains { $0.contains(words) })
      }
      if let number { found = Array(found.dropFirst(max(0, number - 1)).prefix(1)) }
      guard !found.isEmpty else {
        throw Complaint("section \(section.label) prints no such check: mend the selection")
      }
      return found.flatMap(\.lines)
    case .block(let words):
      let blocks = section.lines.split(separator: "")
      guard let block = blocks.first(where: { $0.first?.contains(words) == true }) else {
        throw Complaint("no block of section \(section.label) begins with a line with \"\(words)\"")
      }
      return deindented(Array(block))
    }
  }

  /// A table is a header, a rule and rows, up to an empty line.
  private func tables(in lines: [String]) -> [[String]] {
    lines.indices.dropFirst().filter { isRule(lines[$0]) }.map { rule in
      let rows = lines[(rule + 1)...].prefix { !$0.isEmpty }
      return [lines[rule - 1], lines[rule]] + rows
    }
  }

  private func rows(
    _ range: ClosedRange<Int>?, of table: [String]
  ) throws(Complaint) -> [String] {
    guard let range else { return table }
    guard range.upperBound <= table.count - 2 else {
      throw Complaint("the table has \(table.count - 2) rows: mend \"rows\"")
    }
    return Array(table.prefix(2)) + table[(range.lowerBound + 1)...(range.upperBound + 1)]
  }

  /// A check is two lines: what should hold, and the numbers.
  private func checks(in lines: [String]) -> [(row: String, lines: [String])] {
    zip(lines, lines.dropFirst()).compactMap { sentence, evidence in
      sentence.prefixMatch(of: #/[✓✗] eq\. (\S+)  /#).map { (String($0.1), [sentence, evidence]) }
    }
  }
}

extension OutputMarker.Selection {
  var isTable: Bool {
    if case .table = self { return true }
    return false
  }
}

/// The line under a table's header.
func isRule(_ line: String) -> Bool {
  line.contains("─") && line.allSatisfy { $0 == "─" || $0 == " " }
}
