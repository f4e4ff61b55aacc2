/// One axis of a panel: its label, its scale and, unless the data shall decide, its range and
/// ticks.
public struct Axis: Sendable {
  let label: String
  let scale: Scale
  let range: ClosedRange<Double>?
  let ownTicks: [Tick]?
  let isVisible: Bool

  /// - Parameter ticks: values and the names to print at them, for categories.
  /// - Requires: a range of finite values, above zero on a logarithmic axis.
  public init(
    _ label: String = "", scale: Scale = .linear, range: ClosedRange<Double>? = nil,
    ticks: [(Double, String)]? = nil
  ) {
    self.init(label, scale: scale, range: range, ticks: ticks, isVisible: true)
  }

  /// Neither line nor ticks: for images and sketches.
  public static let hidden = Axis("", ticks: [], isVisible: false)

  /// Names without line or ticks.
  static func names(_ ticks: [(Double, String)]) -> Axis {
    Axis("", ticks: ticks, isVisible: false)
  }

  private init(
    _ label: String, scale: Scale = .linear, range: ClosedRange<Double>? = nil,
    ticks: [(Double, String)]?, isVisible: Bool
  ) {
    if let range,
      scale.transform(range.lowerBound) == nil || scale.transform(range.upperBound) == nil
    {
      fatalError("the range \(range) cannot be shown on a \(scale) axis")
    }
    self.label = label
    self.scale = scale
    self.range = range
    self.ownTicks = ticks?.map { Tick(value: $0.0, label: $0.1) }
    self.isVisible = isVisible
  }

  /// The ends of the axis in transformed units, given what the data occupy.
  func ends(for span: Span) -> ClosedRange<Double> {
    guard let range else { return span.ends }
    var own = Span(scale)
    own.include(range.lowerBound, air: false)
    own.include(range.upperBound, air: false)
    return own.ends
  }

  /// Small ticks and categories have no grid lines.
  func hasGrid(at label: String) -> Bool { ownTicks == nil && !label.isEmpty }

  /// Ticks for an axis of so many pixels, labels beside each other or above each other.
  func ticks(over ends: ClosedRange<Double>, pixels: Double, horizontal: Bool) -> [Tick] {
    if let ownTicks { return ownTicks }
    guard isVisible else { return [] }
    guard horizontal else { return Tick.ticks(scale, over: ends, count: max(2, Int(pixels / 32))) }
    // Fewer and fewer, until the labels have room beside each other.
    var count = max(2, min(9, Int(pixels / 30)))
    while true {
      let ticks = Tick.ticks(scale, over: ends, count: count)
      let widths = ticks.filter { !$0.label.isEmpty }.map { SVG.width(of: $0.label) + 14 }
      if count <= 2 || Double(widths.count) * (widths.max() ?? 0) <= pixels { return ticks }
      count -= 1
    }
  }
}
