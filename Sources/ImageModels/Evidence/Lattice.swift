import TinyNetworks
import TinyNumerics

/// The points of a grid in each latent dimension, one dimension or two (or few): all combinations
/// of the axes' numbers.
public struct Lattice: Sendable {
  public let axes: [[Double]]

  public var dimension: Int { axes.count }

  public init(_ grid: Grid, shifted: Bool, dimension: Int) {
    self.init((0..<grid.count).map { grid.node($0, shifted: shifted) }, dimension: dimension)
  }

  public init(_ axis: [Double], dimension: Int) {
    self.init(axes: Array(repeating: axis, count: dimension))
  }

  init(axes: [[Double]]) { self.axes = axes }

  public var count: Int { axes.reduce(1) { $0 * $1.count } }

  /// The points i in `range`; the last coordinate runs fastest.
  public func points(_ range: Range<Int>) -> Rows<Double> {
    var points = [Double](repeating: 0, count: range.count * dimension)
    for (row, i) in range.enumerated() {
      var rest = i
      for d in stride(from: dimension - 1, through: 0, by: -1) {
        points[row * dimension + d] = axes[d][rest % axes[d].count]
        rest /= axes[d].count
      }
    }
    return Rows(points, width: dimension)
  }

  public var points: Rows<Double> { points(0..<count) }
}

/// log N(z; 0, I) of each point.
public func logPrior(_ points: Rows<Double>) -> [Double] {
  points.map { z in z.reduce(0) { $0 + Normal.standard.logDensity($1) } }
}

/// z = µ + σu for points u of the guide's own coordinates.
public func placed(_ points: Rows<Double>, by q: DiagonalGaussian) -> Rows<Double> {
  Rows(
    points.numbers.enumerated().map { i, u in
      let d = i % q.dimension
      return q.mean[d] + q.standardDeviation[d] * u
    }, width: q.dimension)
}
