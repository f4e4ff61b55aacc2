import Foundation
import Testing

@testable import Figures

@Suite("Geometry of figures")
struct FigureGeometryTests {
  /// Ten pixels a unit to the right and, as SVG's y points down, ten a unit upwards.
  let frame = Frame(
    x: PixelScale(scale: .linear, ends: -5...5, first: 100, last: 200),
    y: PixelScale(scale: .linear, ends: -5...5, first: 300, last: 200))

  @Test("values land on their pixels")
  func pixels() {
    #expect(frame.pixel(Point(x: -5, y: -5)) == Point(x: 100, y: 300))
    #expect(frame.pixel(Point(x: 1, y: 2)) == Point(x: 160, y: 230))
    #expect(frame.pixel(Point(x: .nan, y: 2)) == nil)
    let log = PixelScale(scale: .log10, ends: 0...2, first: 0, last: 80)
    #expect(log(1) == 0 && log(10) == 40 && log(100) == 80)
    #expect(log(0) == nil && log(-3) == nil && log(.infinity) == nil)
    #expect(log.clamped(-3) == 0 && log.clamped(.infinity) == 80 && log.clamped(.nan) == nil)
  }

  @Test("in the file, points in the corners of the ranges lie on the ends of the axes")
  func corners() throws {
    let panel = Panel(
      x: Axis("x", range: 2...6), y: Axis("y", scale: .log10, range: 0.1...1000),
      marks: [.points([(2, 0.1), (6, 1000), (4, 10)])])
    let figure = FigureReader(Figure("", panels: [panel]))
    let dots = figure.paths("line")[0].split(separator: "M").map { positions(String($0))[0] }
    let axis = try #require(figure.paths("axis").first)
    // The path starts with "M left bottom H right" and has "V top" in its second half.
    let start = positions(axis)[0]
    let right = axis.split { "MHVhv".contains($0) }[1]
    let top = axis.split(separator: "V")[1].prefix { !"hM".contains($0) }
    #expect(dots[0] == start)
    #expect(dots[1] == Point(x: try #require(Double(right)), y: try #require(Double(top))))
    #expect(abs(dots[2].x - (dots[0].x + dots[1].x) / 2) < 0.011)
    #expect(abs(dots[2].y - (dots[0].y + dots[1].y) / 2) < 0.011)
  }

  @Test("equal aspect makes units equally long")
  func equalAspect() {
    let panel = Panel(
      x: Axis(range: 0...2), y: Axis(range: 0...1), equalAspect: true,
      marks: [.points([(0, 0), (2, 1)])])
    let path = FigureReader(Figure("", width: 400, height: 390, panels: [panel])).paths("line")[0]
    let dots = path.split(separator: "M").map { positions(String($0))[0] }
    #expect(abs((dots[1].x - dots[0].x) - 2 * (dots[0].y - dots[1].y)) < 0.03)
  }

  @Test("an ellipse has the square roots of the eigenvalues as semi-axes and leans the right way")
  func ellipseAxes() {
    // Σ = R(30°) diag(4, 1) R(30°)ᵀ: the long axis rises to the right, so SVG's angle is −30°.
    let (c, s) = (cos(Double.pi / 6), sin(Double.pi / 6))
    let ellipse = Ellipse(
      centre: Point(x: 0, y: 0), xx: 4 * c * c + s * s, xy: 3 * s * c, yy: 4 * s * s + c * c,
      style: .solid, opacity: 0)
    let (major, minor, angle) = ellipse.axes(in: frame)
    #expect(abs(major - 20) < 1e-9 && abs(minor - 10) < 1e-9 && abs(angle + 30) < 1e-9)
  }

  @Test("points at Mahalanobis distance two lie on the drawn ellipse, whatever the scales")
  func ellipseOutline() throws {
    let covariance = (xx: 2.0, xy: -0.9, yy: 0.8)
    let mark = Mark.ellipse(centre: (1, -2), covariance: covariance, radius: 2)
    let skewed = Frame(
      x: frame.x, y: PixelScale(scale: .linear, ends: -9...5, first: 600, last: 20))
    let (major, minor, angle) = try #require(mark.shape as? Ellipse).axes(in: skewed)
    let centre = try #require(skewed.pixel(Point(x: 1, y: -2)))
    let turn = -angle * .pi / 180
    // Σ = L Lᵀ: the points µ + 2 L (cos φ, sin φ).
    let l11 = sqrt(covariance.xx)
    let l21 = covariance.xy / l11
    let l22 = sqrt(covariance.yy - l21 * l21)
    for phi in stride(from: 0.0, to: 6.2, by: 0.3) {
      let value = Point(x: 1 + 2 * l11 * cos(phi), y: -2 + 2 * (l21 * cos(phi) + l22 * sin(phi)))
      let p = try #require(skewed.pixel(value))
      let d = Point(x: p.x - centre.x, y: p.y - centre.y)
      let along = (d.x * cos(turn) - d.y * sin(turn)) / major
      let across = (d.x * sin(turn) + d.y * cos(turn)) / minor
      #expect(abs(along * along + across * across - 1) < 1e-9)
    }
  }

  @Test("contours of a paraboloid are circles, closed and on the grid's accuracy")
  func circle() throws {
    let surface = Surface(x: -2...2, y: -2...2) { x, y in -(x * x + y * y) }
    let contours = Contours(surface: surface, levels: [-1], filled: true)
    let path = contours.draw(in: frame)
    let points = positions(String(path.split(separator: " d=\"")[1].prefix { $0 != "\"" }))
    #expect(points.count > 20)
    for p in points {
      let radius = hypot(p.x - 150, p.y - 250) / 10
      // Linear interpolation errs by h² f″ / (8 f′) ≤ 3·10⁻⁴, two roundings by 0.0007.
      #expect(abs(radius - 1) < 1.1e-3)
    }
  }

  @Test("a ring has an outer and an inner outline of opposite sense; a plateau has the border's")
  func rings() {
    let ring = Surface(x: -2...2, y: -2...2) { x, y in -abs(hypot(x, y) - 1) }
    let areas = loops(ring, level: -0.5).map { signedArea($0) }.sorted()
    #expect(areas.count == 2)
    #expect(abs(areas[0] + .pi * 0.25) < 0.02 && abs(areas[1] - .pi * 2.25) < 0.02)
    let plateau = Surface(x: 0...3, y: 0...2, columns: 2, rows: 2) { _, _ in 1 }
    #expect(loops(plateau, level: 0).map { signedArea($0) } == [6])
    let hole = Surface(x: 0...4, y: 0...4, columns: 5, rows: 5) { x, y in
      x == 2 && y == 2 ? .nan : 1
    }
    // The node without a value takes the square between its four neighbours with it.
    #expect(loops(hole, level: 0).map { signedArea($0) } == [16, -2])
  }

  @Test("at a saddle the outline joins the corners that the middle of the cell joins")
  func saddle() {
    func count(_ shift: Double) -> Int {
      loops(
        Surface(x: -1...1, y: -1...1, columns: 2, rows: 2) { x, y in x * y + shift }, level: 0
      ).count
    }
    #expect(count(0.1) == 1 && count(-0.1) == 2)
  }

  private func loops(_ surface: Surface, level: Double) -> [[Point]] {
    MarchingSquares(surface: surface, level: level).loops.map { $0.map(\.point) }
  }

  /// Half the sum of cross products, positive for a counterclockwise polygon (y upwards).
  private func signedArea(_ polygon: [Point]) -> Double {
    zip(polygon, polygon.dropFirst() + polygon.prefix(1)).reduce(0) { sum, side in
      sum + (side.0.x * side.1.y - side.1.x * side.0.y) / 2
    }
  }

  @Test("lines and polygons are cut where they cross the edge of the area")
  func clipping() {
    let box = Box(left: 0, top: 0, right: 10, bottom: 10)
    func cut(_ points: [(Double, Double)]) -> [[Point]] {
      Polyline.clip(points.map { Point($0) }, to: box)
    }
    #expect(cut([(-10, -5), (20, 10)]) == [[Point(x: 0, y: 0), Point(x: 10, y: 5)]])
    #expect(cut([(-5, 5), (-1, 20)]).isEmpty)
    #expect(cut([(5, 5), (5, 50), (6, 50), (6, 5)]).count == 2)
    #expect(cut([(1, 1), (2, 2), (3, 1)]).map(\.count) == [3])
    #expect(cut([(5, 1e200), (5, -1e200)]).first?.count == 2)
    let triangle = [(-10.0, 0.0), (10, 0), (10, 20)].map { Point($0) }
    let rest = Polyline.clip(polygon: triangle, to: box)
    // The line from (−10, 0) to (10, 20) leaves the box its whole square.
    #expect(abs(abs(signedArea(rest)) - 100) < 1e-9)
  }

  @Test("thinning moves no line by more than a tenth of a pixel, and keeps every spike")
  func thinning() {
    let line = (0...100).map { Point(x: Double($0), y: 3 * Double($0)) }
    #expect(Polyline.thin(line) == [line[0], line[100]])
    let wave = (0...2000).map { Point(x: Double($0) / 4, y: 100 * sin(Double($0) / 200)) }
    let thin = Polyline.thin(wave)
    #expect(thin.count < 100)
    for (a, b) in zip(thin, thin.dropFirst()) {
      for p in wave where a.x < p.x && p.x < b.x {
        // The distance to a line of slope m is its vertical distance over √(1 + m²).
        let slope = (b.y - a.y) / (b.x - a.x)
        let vertical = abs(a.y + slope * (p.x - a.x) - p.y)
        #expect(vertical / hypot(1, slope) <= 0.1 + 1e-9)
      }
    }
    var noise = (0...50_000).map { Point(x: Double($0) / 100, y: $0 % 2 == 0 ? 1 : 2) }
    noise[31_415].y = 77
    let scribble = Polyline.thin(noise)
    #expect(scribble.count < 2_100 && scribble.contains { $0.y == 77 })
  }

  @Test("steps hold each value until the next point")
  func steps() throws {
    let curve = try #require(Mark.steps([(0, 1), (2, 5), (3, 4)]).shape as? Curve)
    let corners = [(0.0, 1.0), (2, 1), (2, 5), (3, 5), (3, 4)].map { Point($0) }
    #expect(curve.points == corners)
  }

  @Test("a histogram is a density: its bars' areas are shares")
  func histogram() throws {
    let mark = Mark.histogram(of: [0, 0.1, 0.6, 1, 2, .nan], over: 0...1, bins: 2)
    let bars = try #require(mark.shape as? Bars).bars
    // Of five numbers two lie in each half, and one outside.
    #expect(bars.map(\.height) == [0.8, 0.8])
    #expect(bars.map(\.from) == [0, 0.5] && bars.map(\.to) == [0.5, 1])
  }
}
