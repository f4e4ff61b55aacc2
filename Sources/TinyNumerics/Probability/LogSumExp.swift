/// log Σᵢ exp(xᵢ) without overflow: the largest term is taken out first.
///
/// The empty sum is log 0 = −∞. Terms of −∞ count nothing; a term of +∞ or NaN wins.
@inlinable
public func logSumExp(_ values: some Collection<Double>) -> Double {
  guard let largest = values.max(by: { $0 < $1 || $1.isNaN }) else { return -.infinity }
  guard largest.isFinite else { return largest }
  return largest + log(values.reduce(0) { $0 + exp($1 - largest) })
}

/// log of the mean of exp(xᵢ): the logarithm of an average, not the average of logarithms.
///
/// - Requires: at least one value, for the mean of nothing is not defined.
@inlinable
public func logMeanExp(_ values: some Collection<Double>) -> Double {
  require(!values.isEmpty, "logMeanExp of no values")
  return logSumExp(values) - log(Double(values.count))
}

/// A sum of exponentials that grows term by term and never overflows: log Σᵢ exp(xᵢ).
public struct LogSum: Sendable {
  @usableFromInline var largest = -Double.infinity
  @usableFromInline var scaled = 0.0

  @inlinable
  public init() {}

  @inlinable
  public mutating func add(_ logarithm: Double) {
    if logarithm <= largest {
      scaled += logarithm == largest ? 1 : exp(logarithm - largest)  // ∞ − ∞ is no number
    } else {
      scaled = scaled * exp(largest - logarithm) + 1
      largest = logarithm
    }
  }

  @inlinable
  public var value: Double { largest + log(scaled) }
}
