/// Columns under their headings, the first aligned left and the others right. Rows may be ragged.
///
/// A table too wide for the page gets smaller gaps; then the texts of its first column are broken;
/// then the columns that find no room go on in a second table below, beside the first column again.
struct Table {
  /// The headings, then the rows.
  let cells: [[String]]
  let width: Int
  private static let margin = 2

  var text: String {
    let widths = (0..<(cells.map(\.count).max() ?? 0)).map { column in
      cells.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    guard let first = widths.first else { return "\n" }
    let numbers = widths.dropFirst()
    let room = width - Table.margin
    func others(_ gap: Int) -> Int { numbers.reduce(0) { $0 + $1 + gap } }
    let gap = first + others(3) <= room ? 3 : 2
    let least = min(first, numbers.isEmpty ? room : width / 4)
    let fitting = max(least, min(first, room - others(gap)))
    let isWhole = fitting + others(gap) <= room
    let column = isWhole ? fitting : min(first, numbers.isEmpty ? room : width / 3)
    let rest = numbers.map { min($0, room - column - gap) }
    return blocks(of: rest, room: room - column, gap: gap).map { block in
      lines(block, [column] + block.dropFirst().map { rest[$0 - 1] }, gap)
        .joined(separator: "\n")
    }.joined(separator: "\n\n")
  }

  /// The columns of each table: the first, and as many of the others as fit.
  private func blocks(of widths: [Int], room: Int, gap: Int) -> [[Int]] {
    var blocks = [[0]]
    var used = 0
    for (index, width) in widths.enumerated() {
      if used + gap + width > room, used > 0 {
        blocks.append([0])
        used = 0
      }
      blocks[blocks.count - 1].append(index + 1)
      used += gap + width
    }
    return blocks
  }

  private func lines(_ columns: [Int], _ widths: [Int], _ gap: Int) -> [String] {
    let rows = cells.map { row in
      lines(of: columns.compactMap { $0 < row.count ? row[$0] : nil }, widths, gap)
    }
    let rule = widths.map { String(repeating: "─", count: $0) }
    return rows[0] + lines(of: rule, widths, gap) + rows.dropFirst().joined()
  }

  /// One row: several lines where a cell needs them.
  private func lines(of row: [String], _ widths: [Int], _ gap: Int) -> [String] {
    let broken = zip(row, widths).enumerated().map { column, cell in
      Layout.fold(cell.0, indent: column == 0 ? 2 : 0, width: cell.1)
    }
    return (0..<max(1, broken.map(\.count).max() ?? 1)).map { line in
      let texts = broken.enumerated().map { column, lines in
        let text = line < lines.count ? lines[line] : ""
        let space = String(repeating: " ", count: max(0, widths[column] - text.count))
        return column == 0 ? text + space : space + text
      }
      let margin = String(repeating: " ", count: Table.margin)
      return (margin + texts.joined(separator: String(repeating: " ", count: gap)))
        .trimmingTrailingSpace
    }
  }
}
