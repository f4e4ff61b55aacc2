/// Swift source with everything blanked out that only looks like code: comments and strings. Lines
/// and columns stay. A string or comment of several lines becomes one pair of parentheses, so that
/// whoever counts brackets does not stop inside it. (Regex literals are not known here.)
struct Code {
  /// The lines as they are, and blanked.
  let lines: [String]
  let blanked: [String]

  init(_ source: String) {
    var scanner = Scanner(source: Array(source))
    scanner.code(inString: false)
    lines = source.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    blanked = String(scanner.blanked).split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
  }

  private struct Scanner {
    let source: [Character]
    var blanked: [Character]
    var at = 0

    init(source: [Character]) {
      self.source = source
      blanked = source
    }

    func sees(_ text: String) -> Bool { at < source.count && source[at...].starts(with: text) }

    /// Steps over code to the end, or up to the parenthesis that closes an interpolation.
    mutating func code(inString: Bool) {
      var depth = 0
      while at < source.count {
        if sees("//") {
          blank(from: at, to: source[at...].firstIndex(of: "\n") ?? source.count)
        } else if sees("/*") {
          comment()
        } else if source[at...].drop(while: { $0 == "#" }).first == "\"" {
          string()
        } else {
          if source[at] == "(" { depth += 1 }
          if source[at] == ")" { depth -= 1 }
          at += 1
          if inString && depth < 0 { return }
        }
      }
    }

    /// Comments nest.
    mutating func comment() {
      let start = at
      var depth = 0
      repeat {
        if sees("/*") {
          depth += 1
          at += 2
        } else if sees("*/") {
          depth -= 1
          at += 2
        } else {
          at += 1
        }
      } while depth > 0 && at < source.count
      blank(from: start, to: min(at, source.count))
    }

    mutating func string() {
      let start = at
      let hashes = String(source[at...].prefix { $0 == "#" })
      at += hashes.count
      let quotes = sees("\"\"\"") ? "\"\"\"" : "\""
      at += quotes.count
      while at < source.count && !sees(quotes + hashes) {
        if sees("\\" + hashes + "(") {
          at += hashes.count + 2
          code(inString: true)
        } else {
          at += sees("\\" + hashes) ? hashes.count + 2 : 1
        }
      }
      at += quotes.count + hashes.count
      blank(from: start, to: min(at, source.count))
    }

    mutating func blank(from start: Int, to end: Int) {
      for index in start..<end where source[index] != "\n" { blanked[index] = " " }
      if source[start..<end].contains("\n") {
        blanked[start] = "("
        // What is never closed ends with the file, perhaps with a line break.
        if source[end - 1] != "\n" { blanked[end - 1] = ")" }
      }
      at = end
    }
  }
}
