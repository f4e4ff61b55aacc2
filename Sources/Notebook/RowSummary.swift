/// Rows in one line each: label, title, verdict, the verdicts under each other.
struct RowSummary {
  private let labelWidth: Int
  private let titleWidth: Int
  private let width: Int
  /// "✓ 120 checks".
  private static let verdictWidth = 12

  init(_ rows: [(label: String, title: String)], width: Int) {
    labelWidth = rows.map(\.label.count).max() ?? 0
    let room = width - labelWidth - RowSummary.verdictWidth - 7
    titleWidth = min(rows.map(\.title.count).max() ?? 0, room)
    self.width = width
  }

  /// - Parameter remark: why there is nothing to check, if that is so.
  func lines(_ label: String, _ title: String, checks: [Check], remark: String?) -> [String] {
    let failed = checks.count { !$0.holds }
    let verdict =
      checks.isEmpty && remark != nil
      ? "– \(remark ?? "")"
      : failed == 0
        ? "✓ \(counted(checks.count, "check"))"
        : "✗ \(failed) of \(counted(checks.count, "check"))"
    let titles = Layout.fold(title, indent: 0, width: titleWidth)
    let head = "  \(label.padded(to: labelWidth))  \(titles[0].padded(to: titleWidth))   \(verdict)"
    let margin = String(repeating: " ", count: labelWidth + 4)
    return Layout.fold(head, indent: labelWidth + 4, width: width)
      + titles.dropFirst().map { margin + $0 }
  }
}
