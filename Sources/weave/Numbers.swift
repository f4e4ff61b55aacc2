import Foundation

/// A number as it is printed.
struct PrintedNumber: Equatable {
  let text: String
  let value: Double
  /// One unit of the last printed digit.
  let unit: Double
  /// Without decimals and exponent: it counts something.
  let isWhole: Bool
  /// What rounding leaves of zero, "3.1e-16".
  let isResidual: Bool

  init?(_ text: some StringProtocol) {
    self.text = String(text)
    let digits = self.text.replacing(",", with: "").lowercased()
    guard let value = Double(digits) else { return nil }
    self.value = value
    let parts = digits.split(separator: "e")
    let decimals = parts[0].split(separator: ".", omittingEmptySubsequences: false).dropFirst()
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    unit = pow(10, Double(exponent - (decimals.first?.count ?? 0)))
    isWhole = decimals.isEmpty && parts.count == 1
    isResidual = parts.count > 1 && abs(value) < 1e-6
  }
}

/// A line as words and numbers.
enum Piece: Equatable {
  case word(String)
  case number(PrintedNumber)

  /// A constant, because to compile it costs more than to use it.
  nonisolated(unsafe) private static let labelOrNumber =
    /eq\. [0-9]+\.[0-9T]+|-?[0-9]+(?:,[0-9]{3}(?![0-9]))*(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/

  /// - A column's width and a rule's length say nothing: runs of spaces and of ─ count as one.
  /// - A minus sign is a hyphen. After a letter, digit or bracket it belongs to no number.
  /// - The label in "eq. 3.7" is a word.
  static func pieces(of line: String) -> [Piece] {
    var text = ""
    for character in line.trimmed {
      let repeats = (character == " " || character == "─") && text.last == character
      if !repeats { text.append(character == "−" ? "-" : character) }
    }
    var pieces: [Piece] = []
    var end = text.startIndex
    for match in text.matches(of: labelOrNumber) {
      var start = match.range.lowerBound
      if text[start] == "-", start > text.startIndex {
        let before = text[text.index(before: start)]
        if before.isLetter || before.isNumber || before == ")" { start = text.index(after: start) }
      }
      guard let number = PrintedNumber(text[start..<match.range.upperBound]) else { continue }
      if end < start { pieces.append(.word(String(text[end..<start]))) }
      pieces.append(.number(number))
      end = match.range.upperBound
    }
    if end < text.endIndex { pieces.append(.word(String(text[end...]))) }
    return pieces
  }
}

/// Whether quoted lines say what the chapter prints: words exactly, numbers to the last digit or
/// within the cell's tolerance, residuals as no more than their allowance.
struct Agreement {
  var tolerance: Tolerance?
  /// What the section prints, to look up which cases it has.
  var section = ""
  /// Source is quoted letter by letter.
  var isLiteral = false

  static let literal = Agreement(isLiteral: true)

  /// The first line that disagrees, or nil.
  func firstFault(_ old: [String], _ fresh: [String]) -> Int? {
    guard !isLiteral else {
      let shared = zip(old, fresh).prefix { $0 == $1 }.count
      return shared == old.count && shared == fresh.count ? nil : shared
    }
    let (whole, wholeFresh) = (CheckLines.join(old), CheckLines.join(fresh))
    if let index = firstFault(words: whole.map(\.text), wholeFresh.map(\.text)) {
      return index < whole.count ? whole[index].lines.lowerBound : old.count
    }
    // Columns may be narrower where a number is shorter, but not where all numbers are the same.
    let sameNumbers = old.map(Piece.pieces) == fresh.map(Piece.pieces)
    return sameNumbers ? old.indices.first { old[$0] != fresh[$0] } : nil
  }

  private func firstFault(words old: [String], _ fresh: [String]) -> Int? {
    var otherCase = false
    for index in 0..<max(old.count, fresh.count) {
      guard index < old.count, index < fresh.count else { return min(old.count, fresh.count) }
      let isHeader = index + 1 < fresh.count && isRule(fresh[index + 1])
      let isSentence = fresh[index].contains(#/^[✓✗] eq\. /#)
      if isSentence && isOtherCase(old[index], fresh[index]) {
        otherCase = true
        continue
      }
      let agrees =
        (isHeader || isSentence) && tolerance == nil
        ? Piece.pieces(of: old[index]) == Piece.pieces(of: fresh[index])
        : agree(old[index], fresh[index], wordsOnly: otherCase)
      if !agrees { return index }
      otherCase = false
    }
    return nil
  }

  func agree(_ old: String, _ fresh: String, wordsOnly: Bool = false) -> Bool {
    let (old, fresh) = (Piece.pieces(of: old), Piece.pieces(of: fresh))
    guard old.count == fresh.count else { return false }
    let allowance = Agreement.allowance(in: fresh)
    if let allowance, allowance.difference > allowance.allowed { return false }
    var word = ""
    for (old, fresh) in zip(old, fresh) {
      switch (old, fresh) {
      case (.word(let a), .word(let b)):
        guard plain(a) == plain(b) else { return false }
        word = b
      case (.number(let a), .number(let b)):
        let free = wordsOnly || isConsequence(of: word, residual: allowance != nil)
        guard free || agree(a, b, allowed: allowance?.allowed ?? 0) else { return false }
      default: return false
      }
    }
    return true
  }

  private func agree(_ a: PrintedNumber, _ b: PrintedNumber, allowed: Double) -> Bool {
    if a.text == b.text { return true }
    if a.isResidual || b.isResidual {
      return (a.isResidual || a.value == 0) && (b.isResidual || b.value == 0)
    }
    // What has no decimals on either side counts something, and a count is exact.
    let unit = a.isWhole && b.isWhole ? 0 : min(a.unit, b.unit)
    let tolerated = tolerance?.allowance(at: b.value) ?? 0
    return abs(a.value - b.value) <= 1.000001 * max(unit, allowed, tolerated)
  }

  /// With a tolerance, what only follows from numbers compared elsewhere in the line is not
  /// compared, nor what pictures show in characters. In an exact check the residual never is.
  private func isConsequence(of word: String, residual: Bool) -> Bool {
    if residual && (word.hasSuffix("difference ") || word == " ≤ ") { return true }
    return tolerance != nil
      && ["z = +", "z = ", "margin ", "off by "].contains { word.hasSuffix($0) }
  }

  private func plain(_ word: String) -> String {
    guard tolerance != nil else { return word }
    // The sign of a z-score is as free as the score.
    let shades = word.filter { !"░▒▓█▁▂▃▄▅▆▇".contains($0) }
    return shades.trimmed.replacing("z = +", with: "z =")
  }

  /// "difference 3.1e-16 ≤ 2.0e-12": both numbers.
  private static func allowance(in pieces: [Piece]) -> (difference: Double, allowed: Double)? {
    for index in pieces.indices.dropFirst(3) {
      if case .number(let allowed) = pieces[index], pieces[index - 1] == .word(" ≤ "),
        case .number(let difference) = pieces[index - 2],
        case .word(let word) = pieces[index - 3], word.hasSuffix("difference ")
      {
        return (difference.value, allowed.value)
      }
    }
    return nil
  }

  /// "…, neural, wide: worst of 13 cases": which of many cases comes nearest to failing is decided
  /// by rounding, so another machine may name another case, if it is one that the section knows.
  private func isOtherCase(_ old: String, _ fresh: String) -> Bool {
    guard old != fresh, let tail = fresh.firstMatch(of: /: worst of \d+ cases$/),
      old.hasSuffix(tail.0)
    else { return false }
    let common = zip(old, fresh).prefix { $0 == $1 }.count
    let cases = old.dropLast(tail.0.count).ranges(of: ", ").compactMap { comma in
      old.distance(from: old.startIndex, to: comma.upperBound) <= common
        ? old[comma.upperBound...].dropLast(tail.0.count) : nil
    }
    let rows = section.split(separator: "\n").filter { $0.hasPrefix("  ") }.map(\.trimmed)
    // A long name goes on in the next line.
    let names = zip(rows, rows.dropFirst()).map { row, next in
      row.split(separator: "  ", maxSplits: 1)[0] + " " + next
    }
    return cases.contains { name in
      rows.contains { $0.hasPrefix(name + "  ") } || names.contains(String(name))
    }
  }
}
