/// Equally spaced nodes over an interval, at the middles of `count` equal cells.
///
/// For a smooth integrand that has died out at both ends the sum over such a grid converges faster
/// than any power of the spacing (Trefethen and Weideman, SIAM Review 56, 2014). Moving the grid by
/// half a spacing gives a second, independent sum; half of their difference is the error estimate.
/// (The estimate is blind to a symmetric peak narrower than the spacing whose top lies a quarter of
/// it from the nearest node of either grid: both sums miss the same. Resolve peaks first.)
public struct Grid: Sendable, Equatable {
  public let bounds: ClosedRange<Double>
  public let count: Int

  /// - Requires: finite bounds and at least one cell.
  public init(over bounds: ClosedRange<Double>, count: Int) {
    require(count > 0, "a grid needs at least one cell")
    require(
      bounds.lowerBound.isFinite && bounds.upperBound.isFinite, "a grid needs finite bounds")
    self.bounds = bounds
    self.count = count
  }

  @inlinable public var spacing: Double {
    (bounds.upperBound - bounds.lowerBound) / Double(count)
  }

  /// The middle of cell i; with `shifted`, its right edge: the half-shifted grid.
  @inlinable
  public func node(_ i: Int, shifted: Bool = false) -> Double {
    bounds.lowerBound + (Double(i) + (shifted ? 1 : 0.5)) * spacing
  }

  /// ∫ f over the grid's bounds: the mean of the grid's sum and the half-shifted grid's.
  @inlinable
  public func integrate(_ f: (Double) -> Double) -> Integral {
    Integral(sum(shifted: false, f), andShifted: sum(shifted: true, f), evaluations: 2 * count)
  }

  @inlinable
  func sum(shifted: Bool, _ f: (Double) -> Double) -> Double {
    var sum = 0.0
    for i in 0..<count { sum += f(node(i, shifted: shifted)) }
    return sum * spacing
  }

  /// ∬ f over a rectangle, this grid along x and `other` along y; the second sum shifts both.
  @inlinable
  public func integrate(with other: Grid, _ f: (Double, Double) -> Double) -> Integral {
    let sums = [false, true].map { shifted in
      sum(shifted: shifted) { x in other.sum(shifted: shifted) { y in f(x, y) } }
    }
    return Integral(sums[0], andShifted: sums[1], evaluations: 2 * count * other.count)
  }
}
