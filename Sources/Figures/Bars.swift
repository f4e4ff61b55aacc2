extension Mark {
  /// A bar of the given width, in the units of x, from zero to each height.
  public static func bars(
    _ bars: [(x: Double, height: Double)], width: Double, label: String? = nil,
    colour: Colour = .first, opacity: Double = 0.6
  ) -> Mark {
    Mark(
      Bars(
        bars: bars.map { (from: $0.x - width / 2, to: $0.x + width / 2, height: $0.height) },
        opacity: opacity, air: true),
      label: label, colour: colour)
  }

  /// The histogram of `values` as a density: the bars' areas are the shares of the values that
  /// fall into them, so they sum to one when no value lies outside `interval`. NaN counts nowhere.
  public static func histogram(
    of values: [Double], over interval: ClosedRange<Double>, bins: Int, label: String? = nil,
    colour: Colour = .first, opacity: Double = 0.35
  ) -> Mark {
    guard bins > 0, interval.lowerBound < interval.upperBound else {
      fatalError("a histogram needs bins and an interval with some length")
    }
    let width = (interval.upperBound - interval.lowerBound) / Double(bins)
    var counts = Array(repeating: 0, count: bins)
    for value in values where interval.contains(value) {
      counts[min(bins - 1, Int((value - interval.lowerBound) / width))] += 1
    }
    let total = Double(max(1, values.count { !$0.isNaN }))
    let bars = counts.enumerated().map { i, count in
      let edge = interval.lowerBound + Double(i) * width
      return (from: edge, to: edge + width, height: Double(count) / (total * width))
    }
    return Mark(Bars(bars: bars, opacity: opacity, air: false), label: label, colour: colour)
  }
}

struct Bars: Shape {
  let bars: [(from: Double, to: Double, height: Double)]
  let opacity: Double
  /// Whether the outer bars keep a distance from the ends of the axis.
  let air: Bool

  func extend(_ x: inout Span, _ y: inout Span) {
    for bar in bars where y.scale.transform(bar.height) != nil || bar.height == 0 {
      x.include(bar.from, air: air)
      x.include(bar.to, air: air)
      y.include(bar.height)
      y.include(0, air: false)
    }
  }

  func draw(in frame: Frame) -> String {
    let path = bars.map { bar in
      guard let left = frame.x.clamped(bar.from), let right = frame.x.clamped(bar.to),
        let foot = frame.y.clamped(0), let head = frame.y.clamped(bar.height),
        bar.height.isFinite, left < right, head != foot
      else { return "" }
      return SVG.rectangle(from: Point(x: left, y: foot), to: Point(x: right, y: head))
    }
    return SVG.fill(path.joined(), opacity: opacity)
  }
}
