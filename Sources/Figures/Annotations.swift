extension Mark {
  /// A vertical line across the panel; its label stands beside it.
  public static func vertical(
    at x: Double, label: String? = nil, colour: Colour = .muted, style: LineStyle = .dashed
  ) -> Mark {
    Mark(Rule(value: x, isVertical: true, name: label, style: style), colour: colour)
  }

  /// A horizontal line across the panel; its label stands above its right end.
  public static func horizontal(
    at y: Double, label: String? = nil, colour: Colour = .muted, style: LineStyle = .dashed
  ) -> Mark {
    Mark(Rule(value: y, isVertical: false, name: label, style: style), colour: colour)
  }

  public enum Alignment: String, Sendable {
    case leading = ""
    case centre = "middle"
    case trailing = "end"
  }

  /// Words at a place, which their first letter, their middle or their last letter takes.
  public static func text(
    _ words: String, at place: (Double, Double), align: Alignment = .centre, colour: Colour = .ink
  ) -> Mark {
    Mark(Words(words: words, place: Point(place), alignment: align), colour: colour)
  }
}

private struct Rule: Shape {
  let value: Double
  let isVertical: Bool
  let name: String?
  let style: Mark.LineStyle

  func extend(_ x: inout Span, _ y: inout Span) {
    if isVertical { x.include(value) } else { y.include(value) }
  }

  private func pixel(in frame: Frame) -> Double? {
    let box = frame.box
    guard let pixel = isVertical ? frame.x(value) : frame.y(value) else { return nil }
    let sides = isVertical ? box.left...box.right : box.top...box.bottom
    return sides.contains(pixel) ? pixel : nil
  }

  func draw(in frame: Frame) -> String {
    guard let pixel = pixel(in: frame) else { return "" }
    let box = frame.box
    let ends =
      isVertical
      ? [Point(x: pixel, y: box.bottom), Point(x: pixel, y: box.top)]
      : [Point(x: box.left, y: pixel), Point(x: box.right, y: pixel)]
    return SVG.stroke(SVG.path(ends), width: 1.5, style: style)
  }

  func annotate(in frame: Frame) -> String {
    guard let name, let pixel = pixel(in: frame) else { return "" }
    let box = frame.box
    guard isVertical else {
      let y = pixel - box.top > 20 ? pixel - 5 : pixel + 14
      return SVG.text(name, at: Point(x: box.right - 4, y: y), .trailing)
    }
    let fits = pixel + 5 + SVG.width(of: name) < box.right
    return SVG.text(
      name, at: Point(x: pixel + (fits ? 5 : -5), y: box.top + 12), fits ? .leading : .trailing)
  }
}

private struct Words: Shape {
  let words: String
  let place: Point
  let alignment: Mark.Alignment

  func extend(_ x: inout Span, _ y: inout Span) {
    x.include(place.x)
    y.include(place.y)
  }

  func annotate(in frame: Frame) -> String {
    guard let pixel = frame.pixel(place), frame.box.contains(pixel) else { return "" }
    // Letters reach about four pixels above and below their middle.
    return SVG.text(words, at: Point(x: pixel.x, y: pixel.y + 4), alignment)
  }
}
