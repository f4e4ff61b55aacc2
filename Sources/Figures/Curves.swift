extension Mark {
  /// A line through `points` in their order.
  public static func line(
    _ points: [(Double, Double)], label: String? = nil, colour: Colour = .first,
    style: LineStyle = .solid, width: Double = 2
  ) -> Mark {
    Mark(
      Curve(points: points.map(Point.init), style: style, width: width),
      label: label, colour: colour)
  }

  /// The graph of `f` over an interval.
  public static func line(
    over interval: ClosedRange<Double>, samples: Int = 400, label: String? = nil,
    colour: Colour = .first, style: LineStyle = .solid, width: Double = 2,
    _ f: (Double) -> Double
  ) -> Mark {
    line(
      graph(f, over: interval, samples: samples), label: label, colour: colour, style: style,
      width: width)
  }

  /// A staircase: each point's value holds until the next point's x.
  public static func steps(
    _ points: [(Double, Double)], label: String? = nil, colour: Colour = .first,
    style: LineStyle = .solid, width: Double = 2
  ) -> Mark {
    let risers = zip(points, points.dropFirst()).flatMap { [$0, ($1.0, $0.1)] }
    return line(
      risers + points.suffix(1), label: label, colour: colour, style: style, width: width)
  }

  static func graph(
    _ f: (Double) -> Double, over interval: ClosedRange<Double>, samples: Int
  ) -> [(Double, Double)] {
    let last = max(1, samples - 1)
    return (0...last).map { i in
      let t = Double(i) / Double(last)
      let x = (1 - t) * interval.lowerBound + t * interval.upperBound
      return (x, f(x))
    }
  }
}

struct Curve: Shape {
  let points: [Point]
  let style: Mark.LineStyle
  let width: Double

  func extend(_ x: inout Span, _ y: inout Span) {
    for p in points where x.scale.transform(p.x) != nil && y.scale.transform(p.y) != nil {
      x.include(p.x, air: false)
      y.include(p.y)
    }
  }

  func visible(in frame: Frame) -> [[Point]] {
    Polyline.pieces(points.map(frame.pixel)).flatMap {
      Polyline.clip($0, to: frame.box.inset(by: -1))
    }
  }

  func draw(in frame: Frame) -> String {
    SVG.stroke(
      visible(in: frame).map { SVG.path(Polyline.thin($0)) }.joined(), width: width, style: style)
  }

  var swatch: Swatch { .line(style, width: width) }

  func end(in frame: Frame) -> Point? { visible(in: frame).last?.last }
}

extension SVG {
  /// A path drawn with a pen; nothing for an empty path.
  static func stroke(_ path: String, width: Double = 1.5, style: Mark.LineStyle = .solid) -> String
  {
    guard !path.isEmpty else { return "" }
    return element(
      "path",
      [
        "class": "line", "stroke-width": number(width), "stroke-dasharray": style.dashes, "d": path,
      ])
  }

  /// A path filled with the mark's colour; nothing for an empty path.
  static func fill(_ path: String, opacity: Double) -> String {
    guard !path.isEmpty else { return "" }
    return element("path", ["class": "fill", "fill-opacity": number(opacity), "d": path])
  }
}
