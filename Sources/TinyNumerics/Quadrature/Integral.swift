/// A number from a quadrature rule and the rule's own estimate of how far it is off.
public struct Integral: Sendable, Equatable {
  public let value: Double
  public let error: Double

  public init(value: Double, error: Double) {
    self.value = value
    self.error = error
  }
}
