/// A declaration in a source file: what a source cell quotes.
struct Declaration: Equatable {
  /// "elbo", or "extension Check".
  let name: String
  /// "(at:guide:)" of a function, "" of everything else.
  let labels: String
  /// The types around it, outermost first.
  let path: [String]
  /// From its doc comment and attributes to its last line.
  let lines: ClosedRange<Int>
  /// Its lines without the doc comment.
  let body: [Int]

  var fullName: String { (path + [name + labels]).joined(separator: ".") }

  /// Whether "elbo", "elbo(at:guide:)", "Type.elbo" or "extension Type" means this one.
  func answers(to query: String) -> Bool {
    let head = query.prefix { $0 != "(" }
    let labels = query.dropFirst(head.count)
    guard labels.isEmpty || labels == self.labels else { return false }
    if head.hasPrefix("extension ") { return name == head.trimmed }
    let parts = head.split(separator: ".").map(String.init)
    return parts.last == name && path.suffix(parts.count - 1) == parts.dropLast()
  }
}

/// The declarations of a file and of its types, found by reading line by line as `swift format`
/// lays them out: one declaration a line, functions' bodies skipped.
struct DeclarationReader {
  let code: Code
  private(set) var declarations: [Declaration] = []

  init(_ code: Code) {
    self.code = code
    read(code.lines.indices, inside: [])
  }

  /// The one declaration that is meant; "init(of:) #2" is the second of its name.
  func declaration(_ query: String) throws(Complaint) -> Declaration {
    let numbered = query.wholeMatch(of: /(.*?)\s+#([1-9]\d{0,3})/)
    let all = declarations.filter { $0.answers(to: numbered.map { String($0.1) } ?? query) }
    let found = numbered.map { all.dropFirst(Int($0.2)! - 1).prefix(1) } ?? all[...]
    if found.count > 1 {
      let names = found.map(\.fullName).joined(separator: ", ")
      throw Complaint(
        "declares \"\(query)\" \(found.count) times: say which of \(names), or append #2")
    }
    guard let only = found.first else {
      throw Complaint("declares no \"\(query)\": name another declaration")
    }
    return only
  }

  private mutating func read(_ range: Range<Int>, inside path: [String]) {
    var line = range.lowerBound
    var lead: Int?
    while line < range.upperBound {
      let blanked = code.blanked[line].trimmed
      if let (keyword, rest) = DeclarationReader.keyword(blanked) {
        let end = min(lastLine(of: line), range.upperBound - 1)
        add(keyword, rest, from: lead ?? line, at: line, to: end, inside: path)
        lead = nil
        line = end + 1
      } else if code.lines[line].trimmed.hasPrefix("///") {
        lead = lead ?? line
        line += 1
      } else if blanked.hasPrefix("@") {
        lead = lead ?? line
        line = lastLine(of: line) + 1
      } else {
        lead = nil
        line += 1
      }
    }
  }

  private mutating func add(
    _ keyword: String, _ rest: String, from lead: Int, at line: Int, to end: Int,
    inside path: [String]
  ) {
    let text = ([rest] + code.blanked[line...end].dropFirst()).joined(separator: "\n")
    let body = (lead...end).filter { $0 >= line || !code.lines[$0].trimmed.hasPrefix("///") }
    func found(_ name: some StringProtocol, labels: String = "") {
      declarations.append(
        Declaration(
          name: String(name.filter { $0 != "`" }), labels: labels, path: path, lines: lead...end,
          body: body))
    }
    switch keyword {
    case "init", "subscript":
      found(keyword, labels: DeclarationReader.labels(text, named: keyword == "init"))
    case "func":
      let name = text.prefix { !"(< \n".contains($0) }
      let symbol = name.isEmpty ? text.prefix { !"( \n".contains($0) } : name
      found(symbol, labels: DeclarationReader.labels(text.dropFirst(symbol.count), named: true))
    case "case":
      for match in text.matches(of: /(?:^|,)\s*(`?\w+`?)(?:\([^()]*\))?/) { found(match.1) }
    default:
      let name = text.prefix { $0.isLetter || $0.isNumber || "_.`".contains($0) }
      found(keyword == "extension" ? "extension " + name : String(name))
      guard ["struct", "enum", "class", "actor", "protocol", "extension"].contains(keyword),
        let opening = (line...end).first(where: { code.blanked[$0].contains("{") })
      else { return }
      let type = name.split(separator: ".").map(String.init)
      if opening < end { read(opening + 1..<end, inside: path + type) }
    }
  }

  /// Attributes, modifiers, keyword and rest; a constant, because to compile it costs more than to
  /// use it.
  nonisolated(unsafe) private static let beginning =
    #/
    (?:@\w+(?:\([^()]*\))?\s+)*
    (?:[a-z]+(?:\([a-z]+\))?\s+)*?
    (func|struct|enum|class(?!\s+func|\s+var)|actor|protocol|extension|let|var|case|init
      |subscript|typealias|associatedtype)\b [?!]? \s*(.*)
    /#

  /// The keyword of the declaration that a line begins, after attributes and modifiers, and the
  /// rest.
  private static func keyword(_ line: String) -> (keyword: String, rest: String)? {
    guard let match = line.wholeMatch(of: beginning) else { return nil }
    return (String(match.1), String(match.2))
  }

  /// A declaration ends with the first line that leaves no bracket open and is not continued.
  private func lastLine(of start: Int) -> Int {
    var depth = 0
    for line in start..<code.blanked.count {
      for character in code.blanked[line] {
        if "([{".contains(character) { depth += 1 }
        if ")]}".contains(character) { depth -= 1 }
      }
      if depth <= 0 && !isContinued(line) { return line }
    }
    return code.blanked.count - 1
  }

  private func isContinued(_ line: Int) -> Bool {
    let text = code.blanked[line].trimmed
    if ["=", ",", ":", "<", "->", "&&", "||", "+", "*", "where"].contains(where: text.hasSuffix) {
      return true
    }
    guard line + 1 < code.blanked.count else { return false }
    let next = code.blanked[line + 1].trimmed
    return next.prefixMatch(of: /\{|->|where\b|throws\b|async\b|[.?:+*\/=<>&|]|-\s/) != nil
  }

  /// "(at:guide:)" of the parameter list that `text` begins with, after a generic clause.
  private static func labels(_ text: some StringProtocol, named: Bool) -> String {
    var depth = 0
    var angles = 0
    var parameters = [""]
    for character in text {
      if depth == 0 {
        // In a generic clause nothing is a parameter.
        if character == "<" { angles += 1 }
        if character == ">" { angles -= 1 }
        if character == "(" && angles == 0 { depth = 1 }
        continue
      }
      if "([{".contains(character) { depth += 1 }
      if ")]}".contains(character) { depth -= 1 }
      if depth == 0 { break }
      if character == "," && depth == 1 {
        parameters.append("")
      } else {
        parameters[parameters.count - 1].append(character)
      }
    }
    let labels = parameters.compactMap { parameter -> String? in
      let names = parameter.prefix { $0 != ":" }.split(whereSeparator: \.isWhitespace)
      guard let first = names.first else { return nil }
      return (names.count > 1 || named ? first : "_") + ":"
    }
    return "(" + labels.joined() + ")"
  }
}
