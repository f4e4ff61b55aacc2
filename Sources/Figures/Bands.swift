extension Mark {
  /// The region between a lower and an upper curve, given at the same abscissas: an error band.
  public static func band(
    _ points: [(x: Double, lower: Double, upper: Double)], label: String? = nil,
    colour: Colour = .first, opacity: Double = 0.25
  ) -> Mark {
    Mark(
      Band(
        points: points.map { Band.Slice(x: $0.x, lower: $0.lower, upper: $0.upper) },
        baseline: nil, opacity: opacity),
      label: label, colour: colour)
  }

  /// The region between a curve and the line y = 0 (on a logarithmic axis: the axis): a density.
  public static func area(
    _ points: [(Double, Double)], label: String? = nil, colour: Colour = .first,
    opacity: Double = 0.3
  ) -> Mark {
    Mark(
      Band(
        points: points.map { Band.Slice(x: $0.0, lower: 0, upper: $0.1) },
        baseline: 0, opacity: opacity),
      label: label, colour: colour)
  }

  /// The region between the graph of `f` and the line y = 0.
  public static func area(
    over interval: ClosedRange<Double>, samples: Int = 400, label: String? = nil,
    colour: Colour = .first, opacity: Double = 0.3, _ f: (Double) -> Double
  ) -> Mark {
    area(
      graph(f, over: interval, samples: samples), label: label, colour: colour, opacity: opacity)
  }
}

struct Band: Shape {
  struct Slice {
    let x: Double
    let lower: Double
    let upper: Double
  }
  let points: [Slice]
  let baseline: Double?
  let opacity: Double

  func extend(_ x: inout Span, _ y: inout Span) {
    for p in points where y.scale.transform(p.upper) != nil {
      x.include(p.x, air: false)
      y.include(p.upper)
      y.include(p.lower, air: p.lower != baseline)
    }
  }

  func draw(in frame: Frame) -> String {
    let sides = points.map { p -> (upper: Point, lower: Point)? in
      guard let x = frame.x(p.x), let upper = frame.y(p.upper) else { return nil }
      // A lower bound that a logarithm cannot show is below all that it can.
      guard let lower = frame.y(p.lower) ?? frame.y.clamped(p.lower) else { return nil }
      return (Point(x: x, y: upper), Point(x: x, y: lower))
    }
    let path = Polyline.pieces(sides).map { piece in
      let upper = Polyline.thin(piece.map(\.upper))
      let lower = Polyline.thin(piece.map(\.lower))
      let polygon = Polyline.clip(polygon: upper + lower.reversed(), to: frame.box)
      return polygon.count > 2 ? SVG.path(polygon, closed: true) : ""
    }
    return SVG.fill(path.joined(), opacity: opacity)
  }
}
