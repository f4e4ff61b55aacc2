// Words and columns on a page of a given width.

enum Layout {
  /// Where nobody knows how wide the page is: a pipe, a file.
  static let standardWidth = 80

  /// Breaks a paragraph at spaces so that no line is longer than the page, unless one word is.
  static func wrap(_ paragraph: String, indent: String = "", width: Int) -> String {
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

  /// Breaks a line whose spaces mean something: at a space, or inside a word longer than the page.
  /// What follows is indented by `indent`.
  static func fold(_ line: String, indent: Int, width: Int) -> [String] {
    var lines: [String] = []
    var margin = ""
    var rest = Substring(line)
    while margin.count + rest.count > width {
      let room = max(1, width - margin.count)
      let start = rest.firstIndex { $0 != " " } ?? rest.endIndex
      // A space just behind the last column is a place to break, too.
      let space = rest.prefix(room + 1).lastIndex(of: " ") ?? rest.startIndex
      let end = space > start ? space : rest.index(rest.startIndex, offsetBy: room)
      lines.append((margin + rest[..<end]).trimmingTrailingSpace)
      rest = rest[end...].drop { $0 == " " }
      margin = String(repeating: " ", count: min(indent, width / 2))
    }
    return lines + [(margin + rest).trimmingTrailingSpace]
  }

  static func table(_ headings: [String], _ rows: [[String]], width: Int) -> String {
    Table(cells: [headings] + rows, width: width).text
  }
}

extension String {
  var trimmingTrailingSpace: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}

/// "1 image", "2 images": a count and what is counted.
public func counted(_ count: Int, _ thing: String, plural: String? = nil) -> String {
  "\(count) " + (count == 1 ? thing : plural ?? thing + "s")
}
