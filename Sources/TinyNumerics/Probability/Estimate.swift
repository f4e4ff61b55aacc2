/// A Monte Carlo estimate: the mean of independent draws, and how far it may be off.
///
/// Welford's running update, which never subtracts two large sums.
///
/// - Source: Welford, Technometrics 4 (1962).
public struct Estimate: Sendable, Equatable {
  public private(set) var count = 0
  public private(set) var mean = 0.0
  private var squaredDeviations = 0.0

  public init() {}

  /// Draws `draws` values one after the other.
  @inlinable
  public init<E: Error>(draws: Int, _ draw: () throws(E) -> Double) throws(E) {
    self.init()
    for _ in 0..<draws { add(try draw()) }
  }

  public init(_ values: some Sequence<Double>) {
    for value in values { add(value) }
  }

  public mutating func add(_ value: Double) {
    count += 1
    let deviation = value - mean
    mean += deviation / Double(count)
    squaredDeviations += deviation * (value - mean)
  }

  /// The unbiased sample variance, over n − 1; not a number for fewer than two draws.
  public var variance: Double {
    count < 2 ? .nan : squaredDeviations / Double(count - 1)
  }

  /// √(variance / n): the standard deviation of `mean`; not a number for fewer than two draws.
  public var standardError: Double {
    (variance / Double(count)).squareRoot()
  }
}
