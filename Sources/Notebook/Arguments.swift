/// The command line, taken apart: each option's value by its name.
public struct Arguments: Sendable {
  private var values: [String: any Sendable] = [:]
  /// The words that are no options: the rows that are asked for.
  private(set) var words: [String] = []

  /// Reads `--name value`, `--name=value`, switches and, where it `takesWords`, other words; throws
  /// one line that says what is wrong and what would be right.
  public init(
    _ words: [String], options: [any AnyOption], takesWords: Bool = false
  ) throws(Failure) {
    var rest = words[...]
    while let next = rest.popFirst() {
      let word = next == "-h" ? "--help" : next
      if takesWords && !word.hasPrefix("-") {
        self.words.append(word)
        continue
      }
      guard word.hasPrefix("--"), word.count > 2 else {
        throw Failure(
          .wrongCommandLine, "unexpected '\(word)': an option is written --name, see --help")
      }
      let parts = word.dropFirst(2).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      guard let option = options.first(where: { $0.name == name }) else {
        throw Arguments.unknown(name, options: options)
      }
      guard values[name] == nil || option.isRepeated else {
        throw Failure(.wrongCommandLine, "--\(name) is given twice: give it once")
      }
      let inline = parts.count == 2 ? String(parts[1]) : nil
      let value = try option.read(Arguments.text(of: option, inline, &rest), as: "--\(name)")
      let before = option.isRepeated ? values[name] as? [String] ?? [] : []
      values[name] = option.isRepeated ? before + (value as? [String] ?? []) : value
    }
  }

  /// The option's value, or its default.
  public subscript<Value>(_ option: Option<Value>) -> Value {
    values[option.name] as? Value ?? option.standard
  }

  func names(_ option: some AnyOption) -> Bool { values[option.name] != nil }

  private static func text(
    of option: any AnyOption, _ inline: String?, _ rest: inout ArraySlice<String>
  ) throws(Failure) -> String {
    guard let placeholder = option.placeholder else {
      if inline != nil {
        throw Failure(.wrongCommandLine, "--\(option.name) takes no value: write --\(option.name)")
      }
      return ""
    }
    guard let text = inline ?? rest.popFirst(), inline != nil || !text.hasPrefix("--") else {
      throw Failure(
        .wrongCommandLine,
        "--\(option.name) needs a value: --\(option.name) \(placeholder)")
    }
    return text
  }

  private static func unknown(_ name: String, options: [any AnyOption]) -> Failure {
    let near = options.map(\.name).min { distance($0, name) < distance($1, name) }
    let hint =
      near.flatMap { distance($0, name) <= 2 ? "did you mean --\($0)? " : nil }
      ?? ""
    return Failure(.wrongCommandLine, "unknown option --\(name): \(hint)see --help")
  }

  /// Levenshtein's edit distance, for the hint.
  private static func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a.prefix(40)), Array(b.prefix(40)))
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let substituted = diagonal + (x == y ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substituted, row[j] + 1, diagonal + 1)
      }
    }
    return row[b.count]
  }
}
