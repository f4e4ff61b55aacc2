/// A Monte Carlo estimate: the mean of independent draws, and how far it may be off.
///
/// Welford's running update, which never subtracts two large sums; two estimates from separate
/// draws merge into the estimate from all of them.
///
/// - Source: Welford, Technometrics 4 (1962); the merge is Chan, Golub and LeVeque's (1979).
public struct Estimate: Sendable, Equatable {
  public private(set) var count = 0
  public private(set) var mean = 0.0
  private var squaredDeviations = 0.0

  public init() {}

  /// Draws `draws` values one after the other.
  @inlinable
  public init(draws: Int, _ draw: () throws -> Double) rethrows {
    self.init()
    for _ in 0..<draws { add(try draw()) }
  }

  public init(_ values: some Sequence<Double>) {
    for value in values { add(value) }
  }

  /// From values that are all there already, in two passes, eight side by side: the mean, then the squared
  /// deviations from it, less what the mean's own rounding adds to them.
  init(all values: [Double]) {
    count = values.count
    guard count > 0 else { return }
    let n = Double(count)
    mean = laneSum(of: values, less: 0, squared: false) / n
    let excess = laneSum(of: values, less: mean, squared: false)
    squaredDeviations = laneSum(of: values, less: mean, squared: true) - excess * excess / n
  }

  public mutating func add(_ value: Double) {
    count += 1
    let deviation = value - mean
    mean += deviation / Double(count)
    squaredDeviations += deviation * (value - mean)
  }

  /// Takes in draws that were counted elsewhere: another shard of the same experiment.
  public mutating func merge(_ other: Estimate) {
    guard other.count > 0 else { return }
    guard count > 0 else {
      self = other
      return
    }
    let total = Double(count + other.count)
    let shift = other.mean - mean
    squaredDeviations +=
      other.squaredDeviations + shift * shift * Double(count) * Double(other.count) / total
    mean += shift * Double(other.count) / total
    count += other.count
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

/// Σ (x − shift), or Σ (x − shift)².
private func laneSum(of values: [Double], less shift: Double, squared: Bool) -> Double {
  var total = SIMD8<Double>.zero
  values.withUnsafeBufferPointer { values in
    guard let start = values.baseAddress else { return }
    for i in stride(from: 0, to: values.count, by: 8) {
      let difference = lanes(start, at: i, count: values.count, filler: shift) - shift
      total += squared ? difference * difference : difference
    }
  }
  return total.sum()
}
