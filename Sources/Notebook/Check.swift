/// Two numbers that were computed in different ways, and whether they agree.
///
/// The Notebook knows no mathematics: it is given the two values, and what disagreement the way of
/// computing them allows.
public struct Check: Sendable, Equatable {
  public enum Kind: String, Sendable {
    /// |lhs − rhs| ≤ allowance, from floating point or a quadrature's own error estimate.
    case exact
    /// |lhs − rhs| ≤ 5 standard errors, and 5 standard errors are as small as was promised.
    case monteCarlo
    /// lhs ≤ rhs, with slack only for a stated standard error.
    case bound
    /// A wrong formula (lhs) that lies further from the right one (rhs) than ten allowances.
    case trap
  }

  /// The row of the ledger: "3.6", or "3.T" for a trap.
  public let label: String
  public let identity: String
  public let kind: Kind
  public let lhs: Double
  public let rhs: Double
  public let allowance: Double
  public let standardError: Double?
  /// The largest resolution that a Monte Carlo check may have.
  public let promise: Double?

  public var difference: Double { lhs - rhs }

  /// How many standard errors lie between the two sides; nil where nothing was sampled.
  public var z: Double? {
    guard kind == .monteCarlo, let standardError, standardError > 0 else { return nil }
    return difference / standardError
  }

  /// NaN and ∞ never hold: every comparison is written so that they fail it.
  public var holds: Bool {
    guard isFinite, allowance >= 0 else { return false }
    switch kind {
    case .exact: return abs(difference) <= allowance
    case .monteCarlo: return z != nil && abs(difference) <= allowance && resolves
    case .bound: return difference <= allowance
    case .trap: return allowance > 0 && abs(difference) > 10 * allowance
    }
  }

  /// Whether a Monte Carlo check would have noticed an error as small as it promised to notice; a
  /// promise of ∞ promises nothing.
  public var resolves: Bool { promise.map { $0.isFinite && allowance <= $0 } ?? true }

  /// A finite difference has two finite sides.
  var isFinite: Bool { difference.isFinite && allowance.isFinite }
}

extension Check {
  /// Two sides without sampling.
  public static func exact(
    _ label: String, _ identity: String, _ lhs: Double, _ rhs: Double, allowance: Double
  ) -> Check {
    Check(
      label: label, identity: identity, kind: .exact, lhs: lhs, rhs: rhs, allowance: allowance,
      standardError: nil, promise: nil)
  }

  /// A Monte Carlo estimate against a value known without sampling.
  ///
  /// `promise` is the smallest error the check undertakes to notice, in the units of the two sides:
  /// five standard errors must not exceed it.
  public static func monteCarlo(
    _ label: String, _ identity: String, estimate: Double, standardError: Double, exact: Double,
    promise: Double
  ) -> Check {
    Check(
      label: label, identity: identity, kind: .monteCarlo, lhs: estimate, rhs: exact,
      allowance: 5 * standardError, standardError: standardError, promise: promise)
  }

  /// lower ≤ upper. Where one side was sampled, its standard error buys five times that much slack.
  public static func bound(
    _ label: String, _ identity: String, lower: Double, upper: Double,
    standardError: Double? = nil
  ) -> Check {
    Check(
      label: label, identity: identity, kind: .bound, lhs: lower, rhs: upper,
      allowance: 5 * (standardError ?? 0), standardError: standardError, promise: nil)
  }

  /// A wrong formula beside the right one; `allowance` is what the right formula's own check
  /// allows. The label is the chapter's trap row, "3.T".
  public static func trap(
    _ label: String, _ mistake: String, wrong: Double, right: Double, allowance: Double
  ) -> Check {
    Check(
      label: label, identity: mistake, kind: .trap, lhs: wrong, rhs: right, allowance: allowance,
      standardError: nil, promise: nil)
  }
}
