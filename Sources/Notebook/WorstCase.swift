extension Check {
  /// Of many cases of one identity, the one nearest to failing; its sentence says how many there
  /// were.
  ///
  /// - Requires: at least one case; exact checks only, or bounds only. (The worst of many Monte
  ///   Carlo
  ///   estimates has no honest standard error.)
  public static func worst(of cases: [Check]) -> Check {
    guard let first = cases.first, first.kind == .exact || first.kind == .bound,
      cases.allSatisfy({ $0.kind == first.kind })
    else { fatalError("the worst of several exact checks, or of several bounds") }
    let worst = cases.max { $0.strain < $1.strain } ?? first
    return Check(
      label: worst.label, identity: "\(worst.identity): worst of \(cases.count) cases",
      kind: worst.kind, lhs: worst.lhs, rhs: worst.rhs, allowance: worst.allowance,
      standardError: worst.standardError, promise: worst.promise)
  }

  /// The worst of several exact checks of one identity.
  public static func worst(
    _ label: String, _ identity: String,
    of cases: [(lhs: Double, rhs: Double, allowance: Double)]
  ) -> Check {
    worst(of: cases.map { exact(label, identity, $0.lhs, $0.rhs, allowance: $0.allowance) })
  }

  /// How near a check is to failing: the share of its allowance that an exact check has used, the
  /// margin that a bound has left, negated. What cannot hold is worst of all.
  private var strain: Double {
    guard isFinite, allowance >= 0 else { return .infinity }
    guard kind == .exact else { return difference - allowance }
    return difference == 0 ? 0 : abs(difference) / allowance
  }
}
