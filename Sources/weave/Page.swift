/// A page of the notebook, taken apart into prose and cells. Lines are counted from 0 here, from 1
/// in faults.
struct Page {
  /// The path from the package's root: "chapters/chapter3.md".
  let path: String
  private(set) var lines: [String]
  private(set) var cells: [Cell] = []
  /// The lines outside every fenced block.
  private(set) var prose: [Int] = []
  private(set) var faults: [Fault] = []
  private var openBlocks: Set<Int> = []

  /// A marker and the fenced block that it fills.
  struct Cell {
    enum Kind: String { case source, output }
    let kind: Kind
    /// What stands after "source:" or "output:".
    let marker: String
    let line: Int
    /// From the opening fence to the closing one.
    let fences: ClosedRange<Int>
    /// The line of links below a source cell, once it was written.
    var reference: Int?
    var contents: Range<Int> { fences.lowerBound + 1..<fences.upperBound }
    /// What the fence says it holds.
    var language: String {
      guard kind == .source else { return "text" }
      return marker.prefix { $0 != "," }.trimmed.hasSuffix(".py") ? "python" : "swift"
    }
  }

  init(path: String, text: String) {
    self.path = path
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    read()
  }

  var text: String { lines.joined(separator: "\n") }

  func fault(_ line: Int, _ message: String) -> Fault {
    Fault(file: path, line: line + 1, message: message)
  }

  /// The page with other contents in its cells, and the lines of links below them.
  func replacing(_ contents: [(cell: Cell, lines: [String], reference: String?)]) -> Page {
    var lines = lines
    for (cell, new, reference) in contents.sorted(by: { $0.cell.line > $1.cell.line }) {
      // A fence must be longer than any run of backticks that begins a line inside it.
      let ticks = new.map { $0.drop { $0 == " " }.prefix { $0 == "`" }.count }.max() ?? 0
      let fence = String(repeating: "`", count: max(3, ticks + 1))
      if let reference, let line = cell.reference {
        lines[line] = reference
      } else if let reference {
        let next = cell.fences.upperBound + 1
        // A paragraph that follows at once would go on in the line of links.
        let isFree = next >= lines.count || lines[next].trimmed.isEmpty
        lines.insert(contentsOf: isFree ? [reference] : [reference, ""], at: next)
      }
      lines.replaceSubrange(cell.fences, with: [fence + cell.language] + new + [fence])
    }
    return Page(path: path, text: lines.joined(separator: "\n"))
  }

  private mutating func read() {
    var line = 0
    while line < lines.count {
      if Page.fence(lines[line]) != nil {
        line = endOfBlock(line) + 1
      } else if lines[line].contains("<!--"),
        let marker = lines[line].wholeMatch(of: /\s*<!--\s*(source|output)\s*:(.*)-->\s*/),
        let kind = Cell.Kind(rawValue: String(marker.1))
      {
        guard line + 1 < lines.count, Page.fence(lines[line + 1]) != nil else {
          faults.append(
            fault(line, "no fenced block follows the marker: add a line ``` and a line ```"))
          line += 1
          continue
        }
        let end = endOfBlock(line + 1)
        let isReference =
          kind == .source && end + 1 < lines.count
          && lines[end + 1].contains(/^\[[^\]]+\]\((?:\.\.\/)*(?:Sources|chapters\/peers)\//)
        cells.append(
          Cell(
            kind: kind, marker: marker.2.trimmed, line: line,
            fences: line + 1...max(end, line + 1), reference: isReference ? end + 1 : nil))
        line = end + (isReference ? 2 : 1)
      } else {
        prose.append(line)
        line += 1
      }
    }
    // To fill a cell without an end would be to write over prose.
    cells.removeAll { openBlocks.contains($0.fences.lowerBound) }
  }

  /// The line of the fence that closes the block opened at `start`.
  private mutating func endOfBlock(_ start: Int) -> Int {
    let opening = Page.fence(lines[start]) ?? ""
    var line = start + 1
    while line < lines.count && Page.fence(lines[line]) != opening { line += 1 }
    if line < lines.count && lines[line].trimmed == opening { return line }
    // The file has ended, or the next block begins.
    faults.append(fault(start, "this fenced block is never closed: add a line \(opening)"))
    openBlocks.insert(start)
    return line - 1
  }

  private static func fence(_ line: String) -> String? {
    let ticks = line.trimmed.prefix { $0 == "`" }
    return ticks.count >= 3 && !line.trimmed.dropFirst(ticks.count).contains("`")
      ? String(ticks) : nil
  }
}

extension StringProtocol {
  /// Without spaces at either end.
  var trimmed: String {
    let start = drop { $0.isWhitespace }
    return String(start.reversed().drop { $0.isWhitespace }.reversed())
  }
}

/// Lines without the spaces that all of them begin with.
func deindented(_ lines: [String]) -> [String] {
  let indents = lines.filter { !$0.trimmed.isEmpty }.map { $0.prefix { $0 == " " }.count }
  return lines.map { String($0.dropFirst(min(indents.min() ?? 0, $0.prefix { $0 == " " }.count))) }
}
