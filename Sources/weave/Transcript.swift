/// What a chapter printed, section by section.
struct Transcript {
  struct Section {
    let label: Label
    /// The lines under the heading, without empty ones at either end.
    let lines: [String]
    /// How many lines it takes with its heading and the empty lines around it.
    let lineCount: Int
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
        Section(
          label: label, lines: start.reversed().drop { $0.isEmpty }.reversed(),
          lineCount: lines.count + 1))
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
  private func tables(in lines: [String]) -> [Table] {
    lines.indices.dropFirst().filter { isRule(lines[$0]) }.map { rule in
      var start = rule - 1
      while start > 0 && isContinued(lines[start], under: lines[rule]) { start -= 1 }
      var rows: [[String]] = []
      for line in lines[(rule + 1)...].prefix(while: { !$0.isEmpty }) {
        if isContinued(line, under: lines[rule]), !rows.isEmpty {
          rows[rows.count - 1].append(line)
        } else {
          rows.append([line])
        }
      }
      return Table(head: Array(lines[start...rule]), rows: rows)
    }
  }

  /// Rows of one line or more: a long text in the first column goes on below.
  private struct Table {
    let head: [String]
    let rows: [[String]]
  }

  /// Whether a line only goes on with the text of the first column, two columns further in.
  private func isContinued(_ line: String, under rule: String) -> Bool {
    let column = rule.drop { $0 == " " }.prefix { $0 == "─" }.count
    return line.hasPrefix("    ") && line.count <= column + 2
  }

  private func rows(
    _ range: ClosedRange<Int>?, of table: Table
  ) throws(Complaint) -> [String] {
    guard let range else { return table.head + table.rows.joined() }
    guard range.upperBound <= table.rows.count else {
      throw Complaint("the table has \(table.rows.count) rows: mend \"rows\"")
    }
    return table.head + table.rows[(range.lowerBound - 1)...(range.upperBound - 1)].joined()
  }

  /// A check is what should hold and the numbers: a line each, or more where the page is too
  /// narrow.
  private func checks(in lines: [String]) -> [(row: String, lines: [String])] {
    let whole = CheckLines.join(lines)
    return zip(whole, whole.dropFirst()).compactMap { sentence, evidence in
      sentence.text.prefixMatch(of: #/[✓✗] eq\. (\S+)  /#).map { match in
        (String(match.1), Array(lines[sentence.lines.lowerBound..<evidence.lines.upperBound]))
      }
    }
  }
}

/// Checks whose sentence or numbers took more than one line, as one line each.
enum CheckLines {
  /// What goes on is indented by six; the numbers by four; nothing else stands between.
  static func join(_ lines: [String]) -> [(text: String, lines: Range<Int>)] {
    var joined: [(text: String, lines: Range<Int>)] = []
    var isCheck = false
    for (index, line) in lines.enumerated() {
      let indent = line.prefix { $0 == " " }.count
      if isCheck, indent == 6, let last = joined.popLast() {
        joined.append((last.text + " " + line.trimmed, last.lines.lowerBound..<index + 1))
        continue
      }
      isCheck = line.contains(#/^[✓✗] eq\. /#) || isCheck && indent == 4
      joined.append((line, index..<index + 1))
    }
    return joined
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
