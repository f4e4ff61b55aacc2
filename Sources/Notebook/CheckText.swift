// A check as a reader sees it: what should hold, then the two numbers and what was allowed.

extension Check {
  var sentence: String { "eq. \(label)  \(identity)" }

  var evidence: String {
    switch kind {
    case .exact:
      return "\(pair("="))   difference \(abs(difference).scientific) ≤ \(allowance.scientific)"
        .replacingRelation(" ≤ ", with: " > ", unless: holds)
    case .monteCarlo:
      return monteCarloEvidence
    case .bound:
      let slack = standardError.map { ", standard error \($0.significant(2))" } ?? ""
      return "\(lhs.significant(9)) \(holds ? "≤" : ">") \(rhs.significant(9))"
        + "   margin \((rhs - lhs).significant(3))\(slack)"
    case .trap:
      return "wrong \(lhs.significant(7)), right \(rhs.significant(7)): "
        + "off by \(difference.significant(3)), allowed \(allowance.scientific)"
    }
  }

  private var monteCarloEvidence: String {
    let error = standardError ?? .nan
    let score = z.map { ($0 < 0 ? "" : "+") + $0.decimals(2) } ?? "undefined"
    let verdict =
      resolves
      ? "" : ": too coarse, it promised \((promise ?? 0).significant(2)); raise --samples"
    return "\(lhs.significant(7)) ± \(error.significant(2)) ≈ \(rhs.significant(7))"
      + "   z = \(score), notices \(allowance.significant(2))\(verdict)"
  }

  /// Both sides, with enough digits to show where they part.
  private func pair(_ relation: String) -> String {
    "\(lhs.significant(12)) \(holds ? relation : "≠") \(rhs.significant(12))"
  }
}

extension String {
  fileprivate func replacingRelation(_ old: String, with new: String, unless held: Bool) -> String {
    held ? self : replacing(old, with: new)
  }
}
