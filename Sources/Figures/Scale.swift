import Foundation

extension Axis {
  public enum Scale: Sendable {
    case linear, log10

    /// The quantity that is laid out evenly: the value, or its decimal logarithm. Nothing for a
    /// value that has no place: NaN, ±∞, and on a logarithmic axis zero and below.
    /// (A value beyond ±10³⁰⁰ counts as infinite, so that differences stay finite.)
    func transform(_ value: Double) -> Double? {
      guard abs(value) < 1e300 else { return nil }
      switch self {
      case .linear: return value
      case .log10: return value > 0 ? Foundation.log10(value) : nil
      }
    }
  }
}

/// The part of an axis that the data occupy, in transformed units.
struct Span: Sendable {
  let scale: Axis.Scale
  private(set) var low = Double.infinity
  private(set) var high = -Double.infinity
  private var airBelow = false
  private var airAbove = false

  init(_ scale: Axis.Scale) { self.scale = scale }

  /// Widens the span to `value`; with `air`, an end that lies here will get a margin.
  mutating func include(_ value: Double, air: Bool = true) {
    guard let t = scale.transform(value) else { return }
    if t <= low { (low, airBelow) = (t, t < low ? air : air && airBelow) }
    if t >= high { (high, airAbove) = (t, t > high ? air : air && airAbove) }
  }

  /// The ends of the axis. No data: one unit or decade. One value: some room on either side.
  var ends: ClosedRange<Double> {
    guard low <= high else { return 0...1 }
    let size = max(abs(low), abs(high))
    // Narrower than this, neighbouring ticks would be the same number.
    guard high - low > max(1e-11 * size, 1e-290) else {
      let room = scale == .linear && size > 1e-290 ? size / 2 : 0.5
      return (low - room)...(high + room)
    }
    let air = 0.05 * (high - low)
    return (airBelow ? low - air : low)...(airAbove ? high + air : high)
  }
}

/// How the values of one axis become pixels: value → transformed → linear.
struct PixelScale: Sendable {
  let scale: Axis.Scale
  /// The ends of the axis in transformed units, and the pixels they land on.
  let ends: ClosedRange<Double>
  let first: Double
  let last: Double

  var pixelsPerUnit: Double { (last - first) / (ends.upperBound - ends.lowerBound) }

  func callAsFunction(_ value: Double) -> Double? {
    scale.transform(value).map { first + ($0 - ends.lowerBound) * pixelsPerUnit }
  }

  /// The pixel for `value`, inside the axis; what a logarithm cannot show lies at the axis's foot.
  func clamped(_ value: Double) -> Double? {
    guard !value.isNaN else { return nil }
    let infinite = value > 0 ? last : first
    return max(min(first, last), min(max(first, last), self(value) ?? infinite))
  }
}
