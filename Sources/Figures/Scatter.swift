extension Mark {
  /// A dot at each point; `size` is its diameter in pixels.
  public static func points(
    _ points: [(Double, Double)], label: String? = nil, colour: Colour = .first, size: Double = 5
  ) -> Mark {
    Mark(Scatter(points: points.map(Point.init), size: size), label: label, colour: colour)
  }

  /// A dot at each point with a bar from `y − error` to `y + error`.
  public static func errorBars(
    _ points: [(x: Double, y: Double, error: Double)], label: String? = nil,
    colour: Colour = .first, size: Double = 5
  ) -> Mark {
    Mark(
      Scatter(
        points: points.map { Point(x: $0.x, y: $0.y) }, size: size, errors: points.map(\.error)),
      label: label, colour: colour)
  }
}

struct Scatter: Shape {
  let points: [Point]
  let size: Double
  var errors: [Double] = []

  func extend(_ x: inout Span, _ y: inout Span) {
    for p in points where x.scale.transform(p.x) != nil && y.scale.transform(p.y) != nil {
      x.include(p.x)
      y.include(p.y)
    }
    for (p, error) in zip(points, errors) {
      y.include(p.y - error)
      y.include(p.y + error)
    }
  }

  func draw(in frame: Frame) -> String {
    SVG.stroke(bars(in: frame), width: 1.5) + SVG.stroke(dots(in: frame), width: size)
  }

  /// A dot is a line of length zero with round caps, so a cloud of points is one short path.
  private func dots(in frame: Frame) -> String {
    var seen: Set<[Int]> = []
    return points.compactMap(frame.pixel).filter { p in
      // Of dots within half a pixel of each other one is enough.
      frame.box.inset(by: -0.5).contains(p) && seen.insert([Int(2 * p.x), Int(2 * p.y)]).inserted
    }.map { SVG.path([$0]) }.joined()
  }

  private func bars(in frame: Frame) -> String {
    zip(points, errors).map { p, error in
      guard let centre = frame.pixel(p), frame.box.inset(by: -0.5).contains(centre),
        let low = frame.y.clamped(p.y - error), let high = frame.y.clamped(p.y + error)
      else { return "" }
      let x = SVG.number(centre.x)
      let cap = "\(SVG.number(centre.x - 3)) "
      return "M\(x) \(SVG.number(low))V\(SVG.number(high))"
        + "M\(cap)\(SVG.number(low))h6M\(cap)\(SVG.number(high))h6"
    }.joined()
  }

  var swatch: Swatch { .dot(size: size) }
}
