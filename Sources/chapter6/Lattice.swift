import Foundation
import TinyNumerics

/// The points of a grid in each latent dimension, one dimension or two (or few): `axis` to the power of D.
struct Lattice {
  let axis: [Double]
  let dimension: Int

  init(_ grid: Grid, shifted: Bool, dimension: Int) {
    self.init((0..<grid.count).map { grid.node($0, shifted: shifted) }, dimension: dimension)
  }

  init(_ axis: [Double], dimension: Int) {
    self.axis = axis
    self.dimension = dimension
  }

  var count: Int { (0..<dimension).reduce(1) { product, _ in product * axis.count } }

  /// The coordinates of points i in `range`, one point after the other; the last coordinate runs fastest.
  func points(_ range: Range<Int>) -> [Double] {
    var points = [Double](repeating: 0, count: range.count * dimension)
    for (row, i) in range.enumerated() {
      var rest = i
      for d in stride(from: dimension - 1, through: 0, by: -1) {
        points[row * dimension + d] = axis[rest % axis.count]
        rest /= axis.count
      }
    }
    return points
  }

  var points: [Double] { points(0..<count) }
}

/// log N(z; 0, I) of points that stand one after the other, D numbers each.
func logPrior(_ points: [Double], dimension: Int) -> [Double] {
  stride(from: 0, to: points.count, by: dimension).map { start in
    points[start..<start + dimension].reduce(0) { $0 + Normal.standard.logDensity($1) }
  }
}

/// z = µ + σu for points u of the guide's own coordinates.
func placed(_ points: [Double], by q: DiagonalGaussian) -> [Double] {
  points.enumerated().map { i, u in
    let d = i % q.dimension
    return q.mean[d] + q.standardDeviation[d] * u
  }
}
