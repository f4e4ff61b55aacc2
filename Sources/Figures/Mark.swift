/// Something drawn in a panel: a curve, a band, a cloud of points, …
///
/// Marks are made by the functions of this type (`.line`, `.band`, `.points`, …), one file a kind.
/// A value that is NaN or infinite, or not positive on a logarithmic axis, leaves a gap.
public struct Mark: Sendable {
  let shape: any Shape
  let label: String?
  let colour: Colour

  init(_ shape: any Shape, label: String? = nil, colour: Colour) {
    self.shape = shape
    self.label = label
    self.colour = colour
  }
}

/// What a kind of mark must know.
protocol Shape: Sendable {
  /// Widens the axes' spans to what the mark occupies.
  func extend(_ x: inout Span, _ y: inout Span)
  /// The mark as SVG; `currentColor` is its colour.
  func draw(in frame: Frame) -> String
  /// Text that belongs to the mark; it lies above all marks.
  func annotate(in frame: Frame) -> String
  /// How the legend shows the mark.
  var swatch: Swatch { get }
  /// Where a label at the mark's end belongs, if the mark has an end.
  func end(in frame: Frame) -> Point?
}

extension Shape {
  func extend(_ x: inout Span, _ y: inout Span) {}
  func draw(in frame: Frame) -> String { "" }
  func annotate(in frame: Frame) -> String { "" }
  var swatch: Swatch { .box }
  func end(in frame: Frame) -> Point? { nil }
}

/// The plotting area: where values become pixels.
struct Frame: Sendable {
  let x: PixelScale
  let y: PixelScale

  var box: Box { Box(left: x.first, top: y.last, right: x.last, bottom: y.first) }

  func pixel(_ point: Point) -> Point? {
    guard let x = x(point.x), let y = y(point.y) else { return nil }
    return Point(x: x, y: y)
  }
}

extension Point {
  init(_ pair: (Double, Double)) { self.init(x: pair.0, y: pair.1) }
}
