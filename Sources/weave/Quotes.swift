import Foundation

/// A number quoted in a sentence, with the section of the output that it comes from behind it:
/// `0.765<!-- 3.8 -->`, also with a tolerance, `0.765<!-- 3.8, within 5% -->`.
struct Quote {
  let text: String
  let value: Double
  /// Half a unit of the last digit that is quoted.
  let rounding: Double
  /// "−0.5" means a negative number, "0.5" either: a sentence may say that something is lost.
  let isSigned: Bool
  let isPercent: Bool

  /// The number that `sentence` ends with.
  init?(endOf sentence: some StringProtocol) {
    var text = String(sentence.suffix(60)).replacing("−", with: "-")
      .replacing("{,}", with: ",").replacing("\\,", with: ",")
      .replacing("\u{202F}", with: ",").replacing("\u{2009}", with: ",")
    while let last = text.last, "$`*_".contains(last) { text.removeLast() }
    isPercent = text.hasSuffix("%")
    text = text.replacing(/[ ,\\]*%$/, with: "")
    var exponent = 0
    if let power = text.firstMatch(of: /\s*(?:\\times|\\cdot|×|·)\s*10\^?\{?([-0-9⁻⁰¹²³⁴-⁹]+)\}?$/)
    {
      let superscripts = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
      let digits = power.1.map { digit -> String in
        superscripts.firstIndex(of: digit).map { "\($0)" } ?? (digit == "⁻" ? "-" : "\(digit)")
      }
      exponent = Int(digits.joined()) ?? 0
      text.removeSubrange(power.range)
    }
    guard
      let match = text.firstMatch(
        of: /[-+]?[0-9]+(?:,[0-9]{3}(?![0-9]))*(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$/)
    else { return nil }
    var digits = match.0
    let before = text[..<match.range.lowerBound].last
    if let before, before.isLetter || before.isNumber || ")}".contains(before) {
      // "x − 0.5" without the spaces: a subtraction. And "a1" is a name.
      guard let sign = digits.first, "-+".contains(sign) else { return nil }
      digits = digits.dropFirst()
    }
    guard let number = PrintedNumber(digits) else { return nil }
    self.text = String(digits)
    value = number.value * pow(10, Double(exponent))
    rounding = 0.5 * number.unit * pow(10, Double(exponent))
    isSigned = digits.hasPrefix("-") || digits.hasPrefix("+")
  }

  /// Whether `number`, rounded as the quote is, gives the quote.
  func agrees(with number: PrintedNumber, tolerance: Tolerance?) -> Bool {
    let candidates = isPercent ? [number.value, 100 * number.value] : [number.value]
    let allowed = tolerance?.allowance(at: value) ?? 0
    return candidates.contains { candidate in
      let difference = isSigned ? candidate - value : abs(candidate) - abs(value)
      return abs(difference) <= max(allowed, rounding * 1.000001)
    }
  }
}

extension Page {
  /// The labels behind quoted numbers, and what is wrong with the quotes.
  func quotes() -> [(line: Int, marker: String, before: Substring)] {
    prose.filter { lines[$0].contains("<!--") }.flatMap { line in
      lines[line].matches(of: /<!--\s*([0-9].*?)-->(?!`)/).map { match in
        (line, match.1.trimmed, lines[line][..<match.range.lowerBound])
      }
    }
  }

  func quoteFaults(_ transcripts: [Int: Transcript]) -> [Fault] {
    quotes().compactMap { line, marker, before in
      do throws(Complaint) {
        try Page.check(marker, before, transcripts)
        return nil
      } catch {
        return fault(line, error.message)
      }
    }
  }

  private static func check(
    _ marker: String, _ before: Substring, _ transcripts: [Int: Transcript]
  ) throws(Complaint) {
    let parts = marker.split(separator: ",", maxSplits: 1).map(\.trimmed)
    let option = parts.count > 1 ? parts[1] : "within 0"
    guard let label = Label(parts[0]), option.hasPrefix("within ") else {
      throw Complaint("\"<!-- \(marker) -->\" reads <!-- 3.8 --> or <!-- 3.8, within 5% -->")
    }
    let tolerance = try Tolerance(option.dropFirst("within ".count).trimmed)
    guard let quote = Quote(endOf: before) else {
      throw Complaint("no number stands directly before <!-- \(marker) -->: move it behind one")
    }
    guard let transcript = transcripts[label.chapter] else {
      throw Complaint("there is no output of a chapter \(label.chapter): mend the label")
    }
    let numbers = try transcript.section(label).lines.flatMap(Piece.pieces).compactMap {
      if case .number(let number) = $0 { number } else { nil }
    }
    if numbers.contains(where: { quote.agrees(with: $0, tolerance: tolerance) }) { return }
    let near = numbers.min { abs($0.value - quote.value) < abs($1.value - quote.value) }
    throw Complaint(
      "section \(label) does not print \(quote.text)"
        + (near.map { ": the nearest number it prints is \($0.text)" } ?? "")
        + "; mend the sentence, or declare a tolerance")
  }
}
