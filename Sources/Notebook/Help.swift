// What `--help` says: of a whole chapter, or of the rows that are named.

extension Chapter {
  static func help(of rows: [Row<State>], width: Int) -> String {
    let title = "Chapter \(number) · \(title)\n\n"
    let text =
      rows.isEmpty
      ? title + help(width: width)
      : title + rows.map { help(of: $0, width: width) }.joined(separator: "\n")
    return text.split(separator: "\n", omittingEmptySubsequences: false).flatMap {
      Layout.fold(String($0), indent: 4, width: width)
    }.joined(separator: "\n")
  }

  private static func help(width: Int) -> String {
    """
    \(Layout.wrap(summary, width: width))

    usage: swift run \(program)\(rows.isEmpty ? "" : " [row …]") [options]

    \(contents(.main, "Main road:", width))\(contents(.further, "Further:", width))\
    \(optionTable(options + CommonOption.all, width: width))

    \(Layout.wrap(
        "Exit status: 0 when every check holds, 1 when one does not, 64 for a wrong command line, "
        + "65 and 66 for bad input, 73 and 74 for output that cannot be written.", width: width))

    """
  }

  /// The rows of one road, each on a line of its own.
  private static func contents(_ road: Road, _ heading: String, _ width: Int) -> String {
    let own = rows.filter { $0.road == road }
    guard !own.isEmpty else { return "" }
    let column = rows.map(\.label.count).max() ?? 0
    let lines = own.flatMap { row in
      let label = row.label.padded(to: column)
      return Layout.fold("  \(label)  \(row.title)", indent: column + 6, width: width)
    }
    return heading + "\n" + lines.joined(separator: "\n") + "\n\n"
  }

  /// What can be set in a row.
  private static func help(of row: Row<State>, width: Int) -> String {
    let heading = Layout.fold("\(row.label)  \(row.title)", indent: 2, width: width)
      .joined(separator: "\n")
    guard !row.settings.isEmpty else { return heading + "\n\n  nothing can be set here\n" }
    let entries = row.settings.map { option in
      (
        "  \(option.name)",
        "\(option.help): \(option.domain.words) (default \(option.standardText))"
      )
    }
    return """
      \(heading)

      usage: swift run \(program) \(row.labels[0]) --set name=value …

      \(definitions(entries, width: width))

      """
  }
}

/// The options of `--help`: names on the left, what they mean on the right.
public func optionTable(_ options: [any AnyOption], width: Int? = nil) -> String {
  definitions(
    options.map { option in
      ("  --\(option.name)" + (option.placeholder.map { " \($0)" } ?? ""), option.help)
    }, width: width ?? Layout.standardWidth)
}

/// Names on the left, what they mean on the right; below the name where the page is narrow.
private func definitions(_ entries: [(name: String, meaning: String)], width: Int) -> String {
  let column = (entries.map(\.name.count).max() ?? 0) + 3
  let isNarrow = column > width / 2
  let indent = String(repeating: " ", count: isNarrow ? 6 : column)
  return entries.map { name, meaning in
    let text = Layout.wrap(meaning, indent: indent, width: width)
    return isNarrow ? name + "\n" + text : name + text.dropFirst(name.count)
  }.joined(separator: "\n")
}

extension String {
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  /// A user's words may hold line breaks and terminal commands: they are shown, not obeyed.
  public var onOneLine: String {
    unicodeScalars.map { scalar in
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: scalar.escaped(asASCII: true)
      default: String(scalar)
      }
    }.joined()
  }
}
