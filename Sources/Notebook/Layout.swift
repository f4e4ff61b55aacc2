// Words and columns on a page of fixed width.

enum Layout {
  static let width = 92

  /// Breaks a paragraph at spaces so that no line is longer than the page, unless one word is.
  static func wrap(_ paragraph: String, indent: String = "", width: Int = width) -> String {
    var lines: [String] = []
    var line = ""
    for word in paragraph.split(whereSeparator: \.isWhitespace) {
      if !line.isEmpty && indent.count + line.count + 1 + word.count > width {
        lines.append(indent + line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return (lines + [indent + line]).joined(separator: "\n")
  }

  /// Columns under their headings, the first aligned left and the others right. Rows may be ragged.
  static func table(_ headings: [String], _ rows: [[String]]) -> String {
    let cells = [headings] + rows
    let widths = (0..<(cells.map(\.count).max() ?? 0)).map { column in
      cells.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    func pad(_ text: String, _ column: Int) -> String {
      let space = String(repeating: " ", count: max(0, widths[column] - text.count))
      return column == 0 ? text + space : space + text
    }
    func line(_ row: [String]) -> String {
      let padded = zip(row, row.indices).map { pad($0, $1) }.joined(separator: "   ")
      return ("  " + padded).trimmingTrailingSpace
    }
    let rule = widths.map { String(repeating: "─", count: $0) }
    return ([line(headings), line(rule)] + rows.map(line)).joined(separator: "\n")
  }
}

extension String {
  var trimmingTrailingSpace: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
