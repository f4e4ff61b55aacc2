/// A number from a quadrature rule and the rule's own estimate of how far it is off.
public struct Integral: Sendable, Equatable {
  public let value: Double
  public let error: Double
  /// How often the integrand was evaluated.
  public let evaluations: Int

  public init(value: Double, error: Double, evaluations: Int) {
    self.value = value
    self.error = error
    self.evaluations = evaluations
  }

  /// A closed form or a finite sum; `error` is what rounding may cost it.
  public init(exactly value: Double, error: Double = 0) {
    self.init(value: value, error: error, evaluations: 1)
  }

  /// The mean of two sums that share no node, and half of their difference for an error.
  public init(_ plain: Double, andShifted shifted: Double, evaluations: Int) {
    self.init(
      value: (plain + shifted) / 2, error: abs(plain - shifted) / 2, evaluations: evaluations)
  }
}

// Integrals are added and scaled like the numbers that they stand for; their errors always add up.
extension Integral {
  public static func + (a: Integral, b: Integral) -> Integral {
    Integral(
      value: a.value + b.value, error: a.error + b.error, evaluations: a.evaluations + b.evaluations
    )
  }

  public static func * (factor: Double, a: Integral) -> Integral {
    Integral(value: factor * a.value, error: abs(factor) * a.error, evaluations: a.evaluations)
  }

  public static prefix func - (a: Integral) -> Integral { -1 * a }

  public static func - (a: Integral, b: Integral) -> Integral { a + -b }

  /// The same number with a further error added to its own.
  public func adding(error more: Double) -> Integral {
    Integral(value: value, error: error + more, evaluations: evaluations)
  }

  /// What a check may allow for: the rule's own error, and the rounding of a sum of as many terms
  /// as there were evaluations, whose absolute values add up to `magnitude`.
  public func allowance(magnitude: Double) -> Double {
    error + rounding(magnitude, terms: evaluations)
  }

  /// The logarithm of a positive integral. Its error is how far the logarithm falls if the whole
  /// error is taken off the value: ∞ if nothing is left.
  public var logarithm: Integral {
    Integral(
      value: log(value), error: -log1p(-min(error / value, 1)), evaluations: evaluations)
  }
}
