import Foundation

/// The values of a function of two variables at the nodes of a regular grid.
public struct Surface: Sendable {
  let x: ClosedRange<Double>
  let y: ClosedRange<Double>
  let columns: Int
  let rows: Int
  /// Row after row, the lowest y first.
  let values: [Double]

  /// - Requires: at least two nodes each way, the first and last on the interval's ends.
  public init(
    x: ClosedRange<Double>, y: ClosedRange<Double>, columns: Int = 81, rows: Int = 81,
    _ f: (Double, Double) -> Double
  ) {
    guard columns > 1, rows > 1 else { fatalError("a surface needs two nodes each way") }
    self.x = x
    self.y = y
    self.columns = columns
    self.rows = rows
    values = (0..<rows).flatMap { j in
      let yj = Surface.node(j, of: rows, in: y)
      return (0..<columns).map { i in f(Surface.node(i, of: columns, in: x), yj) }
    }
  }

  static func node(_ i: Int, of count: Int, in interval: ClosedRange<Double>) -> Double {
    let t = Double(i) / Double(count - 1)
    return (1 - t) * interval.lowerBound + t * interval.upperBound
  }

  /// `count` levels evenly spaced between the least and the greatest finite value, ends excluded.
  func levels(_ count: Int) -> [Double] {
    let finite = values.filter { abs($0) < 1e300 }
    guard let low = finite.min(), let high = finite.max(), low < high else { return [] }
    return (0..<max(0, count)).map { low + (high - low) * (Double($0) + 0.5) / Double(count) }
  }
}

extension Mark {
  /// A density in two dimensions: the regions above evenly spaced levels, darker and darker.
  public static func density(
    _ surface: Surface, levels: Int = 8, label: String? = nil, colour: Colour = .first
  ) -> Mark {
    Mark(
      Contours(surface: surface, levels: surface.levels(levels), filled: true),
      label: label, colour: colour)
  }

  /// The lines on which the surface has the given values, or eight evenly spaced ones.
  public static func contours(
    _ surface: Surface, at levels: [Double]? = nil, label: String? = nil, colour: Colour = .first,
    style: LineStyle = .solid
  ) -> Mark {
    Mark(
      Contours(surface: surface, levels: levels ?? surface.levels(8), filled: false, style: style),
      label: label, colour: colour)
  }
}

struct Contours: Shape {
  let surface: Surface
  let levels: [Double]
  let filled: Bool
  var style = Mark.LineStyle.solid

  func extend(_ x: inout Span, _ y: inout Span) {
    for end in [surface.x.lowerBound, surface.x.upperBound] { x.include(end, air: false) }
    for end in [surface.y.lowerBound, surface.y.upperBound] { y.include(end, air: false) }
  }

  func draw(in frame: Frame) -> String {
    levels.map { level in
      let loops = MarchingSquares(surface: surface, level: level).loops
      if filled {
        let paths = loops.map { loop in
          let polygon = Polyline.clip(
            polygon: Polyline.thin(loop.compactMap { frame.pixel($0.point) }), to: frame.box)
          return polygon.count > 2 ? SVG.path(polygon, closed: true) : ""
        }
        // All layers together leave an eighth of the page's colour: o = 1 − ⅛^(1/n).
        let opacity = 1 - pow(0.125, 1 / Double(levels.count))
        return SVG.fill(paths.joined(), opacity: opacity)
      }
      let lines = loops.flatMap { loop in
        // Where a loop follows the border of the surface there is no contour.
        Polyline.pieces((loop + loop.prefix(1)).map { $0.onBorder ? nil : frame.pixel($0.point) })
      }
      let parts = lines.filter { $0.count > 1 }.flatMap { Polyline.clip($0, to: frame.box) }
      return SVG.stroke(
        parts.map { SVG.path(Polyline.thin($0)) }.joined(), width: 1.25, style: style)
    }.joined()
  }

  var swatch: Swatch { filled ? .box : .line(style, width: 1.25) }
}

/// The outlines of the region {f ≥ level}, as closed loops with the region on their left.
///
/// The grid gets a rim of nodes at its border's positions with the value −∞, so that every loop
/// closes. In each cell the corners are visited counterclockwise; an edge is crossed where they
/// change sides, at the linearly interpolated place.
struct MarchingSquares {
  let surface: Surface
  let level: Double
  private var width: Int { surface.columns + 2 }
  private var height: Int { surface.rows + 2 }

  init(surface: Surface, level: Double) {
    self.surface = surface
    self.level = level
  }

  private func value(_ i: Int, _ j: Int) -> Double {
    guard (1...surface.columns).contains(i), (1...surface.rows).contains(j) else {
      return -.infinity
    }
    let value = surface.values[(j - 1) * surface.columns + i - 1]
    return abs(value) < 1e300 ? value : -.infinity
  }

  private func position(_ i: Int, _ j: Int) -> Point {
    Point(
      x: Surface.node(max(0, min(surface.columns - 1, i - 1)), of: surface.columns, in: surface.x),
      y: Surface.node(max(0, min(surface.rows - 1, j - 1)), of: surface.rows, in: surface.y))
  }

  /// The edge from node (i, j) to its right neighbour, or with `up` to the one above.
  private func edge(_ i: Int, _ j: Int, up: Bool) -> Int { 2 * (j * width + i) + (up ? 1 : 0) }

  private func crossing(_ edge: Int) -> (point: Point, onBorder: Bool) {
    let (j, i) = (edge / 2).quotientAndRemainder(dividingBy: width)
    let (i2, j2) = edge % 2 == 1 ? (i, j + 1) : (i + 1, j)
    let (a, b) = (value(i, j), value(i2, j2))
    let (p, q) = (position(i, j), position(i2, j2))
    // Next to a node without a value the loop passes through the node that has one.
    guard a.isFinite else { return (q, true) }
    guard b.isFinite else { return (p, true) }
    let t = (level - a) / (b - a)
    return (Point(x: p.x + t * (q.x - p.x), y: p.y + t * (q.y - p.y)), false)
  }

  /// For each edge that a loop crosses, the edge that it crosses next.
  private func successors() -> [Int] {
    var next = Array(repeating: -1, count: 2 * width * height)
    for j in 0..<(height - 1) {
      for i in 0..<(width - 1) {
        let corners = [value(i, j), value(i + 1, j), value(i + 1, j + 1), value(i, j + 1)]
        let inside = corners.map { $0 >= level }
        let edges = [
          edge(i, j, up: false), edge(i + 1, j, up: true), edge(i, j + 1, up: false),
          edge(i, j, up: true),
        ]
        let crossed = (0..<4).filter { inside[$0] != inside[($0 + 1) % 4] }
        // At a saddle the mean decides whether the two inner corners are joined.
        let joined = crossed.count == 4 && corners.reduce(0, +) / 4 >= level
        for (k, side) in crossed.enumerated() where inside[side] {
          let other = crossed[(k + (joined ? 1 : crossed.count - 1)) % crossed.count]
          next[edges[side]] = edges[other]
        }
      }
    }
    return next
  }

  var loops: [[(point: Point, onBorder: Bool)]] {
    var next = successors()
    var loops: [[(point: Point, onBorder: Bool)]] = []
    for start in next.indices where next[start] >= 0 {
      var loop: [(point: Point, onBorder: Bool)] = []
      var edge = start
      while next[edge] >= 0 {
        loop.append(crossing(edge))
        (edge, next[edge]) = (next[edge], -1)
      }
      loops.append(loop)
    }
    return loops
  }
}
