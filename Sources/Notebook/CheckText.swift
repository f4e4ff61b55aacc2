// A check as a reader sees it: what should hold, then the two numbers and what was allowed.

extension Check {
  var sentence: String { "eq. \(label)  \(identity)" }

  /// Two lines or more: what should hold, the numbers indented by four, and what of either found no
  /// room indented by six.
  func lines(width: Int) -> [String] {
    Layout.fold("\(holds ? "✓" : "✗") \(sentence)", indent: 6, width: width)
      + Layout.fold("    \(evidence)", indent: 6, width: width)
  }

  var evidence: String {
    numbers + (isFinite ? "" : ": not finite, so nothing is shown")
  }

  private var numbers: String {
    switch kind {
    case .exact:
      let size = abs(difference)
      return "\(pair)   difference \(size.scientific) \(relation(size, allowance)) "
        + allowance.scientific
    case .monteCarlo:
      return monteCarloEvidence
    case .bound:
      let saved = holds && lhs > rhs
      let slack = standardError.map {
        (saved ? ", within 5 standard errors of " : ", standard error ") + $0.significant(2)
      }
      return "\(lhs.significant(9)) \(relation(lhs, rhs)) \(rhs.significant(9))"
        + "   margin \((rhs - lhs).significant(3))\(slack ?? "")"
    case .trap:
      let verdict = holds || !isFinite ? "" : ": too close to be told apart"
      return "wrong \(lhs.significant(7)), right \(rhs.significant(7)): "
        + "off by \(difference.significant(3)), allowed \(allowance.scientific)\(verdict)"
    }
  }

  private var monteCarloEvidence: String {
    let error = standardError ?? .nan
    let score = z.map { ($0 < 0 ? "" : "+") + $0.decimals(2) } ?? "undefined"
    let verdict =
      resolves || !isFinite
      ? "" : ": too coarse, it promised \((promise ?? 0).significant(2)); raise --samples"
    return "\(lhs.significant(7)) ± \(error.significant(2)) ≈ \(rhs.significant(7))"
      + "   z = \(score), notices \(allowance.significant(2))\(verdict)"
  }

  /// Both sides; where they part only after twelve digits, with all their digits.
  private var pair: String {
    let part = lhs.significant(12) != rhs.significant(12)
    let digits = holds || part ? 12 : 17
    return "\(lhs.significant(digits)) \(holds ? "=" : "≠") \(rhs.significant(digits))"
  }

  /// What is true of two numbers: a bound may hold by its standard error alone, and NaN has no
  /// order.
  private func relation(_ a: Double, _ b: Double) -> String {
    a <= b ? "≤" : a > b ? ">" : "≰"
  }
}
