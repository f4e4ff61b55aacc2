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
}
