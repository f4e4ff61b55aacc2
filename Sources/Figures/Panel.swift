/// One plotting area with its axes and what is drawn in it.
public struct Panel: Sendable {
  let title: String
  let x: Axis
  let y: Axis
  let equalAspect: Bool
  let labels: LabelPlacement
  let marks: [Mark]

  /// Where the labels of marks stand: in a legend above the panel, or at the ends of the curves
  /// (marks without an end still go to the legend).
  public enum LabelPlacement: Sendable { case legend, atEnds }

  /// - Parameter equalAspect: a unit (or decade) of x is as long as one of y.
  public init(
    title: String = "", x: Axis = Axis(), y: Axis = Axis(), equalAspect: Bool = false,
    labels: LabelPlacement = .legend, marks: [Mark]
  ) {
    self.title = title
    self.x = x
    self.y = y
    self.equalAspect = equalAspect
    self.labels = labels
    self.marks = marks
  }

  /// Images without axes, their rows named from the top.
  public init(title: String = "", images grid: ImageGrid, rows names: [String] = []) {
    let height = Double(grid.height) / Double(grid.width)
    let ticks = names.prefix(grid.rows).enumerated().map { row, name in
      ((Double(grid.rows - row) - 0.5) * height, name)
    }
    self.init(
      title: title, x: .hidden, y: .names(ticks), equalAspect: true, marks: [.images(grid)])
  }

  /// What stands around the plotting area, in pixels.
  struct Margins {
    var left = 0.0
    var top = 0.0
    var right = 0.0
    var bottom = 0.0
  }

  private var spans: (x: Span, y: Span) {
    var (x, y) = (Span(x.scale), Span(y.scale))
    for mark in marks { mark.shape.extend(&x, &y) }
    return (x, y)
  }

  private var labelled: [Mark] { marks.filter { $0.label?.isEmpty == false } }

  private func hasEndLabel(_ mark: Mark) -> Bool { labels == .atEnds && mark.shape is Curve }

  private func legend(width: Double) -> Legend {
    Legend(labelled.filter { !hasEndLabel($0) }, width: width)
  }

  /// Room for ticks and labels in a cell of this size. The area will be smaller than the cell, so
  /// its ticks will be no finer, and their labels no longer, than the ones measured here.
  func sideMargins(width: Double, height: Double) -> Margins {
    let ends = (x: x.ends(for: spans.x), y: y.ends(for: spans.y))
    let rowNames = y.ticks(over: ends.y, pixels: height, horizontal: false).map(\.label)
    let columnNames = x.ticks(over: ends.x, pixels: width, horizontal: true).map(\.label)
    let endLabels = labelled.filter(hasEndLabel).map { SVG.width(of: $0.label ?? "") }

    var margins = Margins()
    margins.left = (rowNames.map { SVG.width(of: $0, size: 11) }.max().map { $0 + 9 } ?? 2)
    margins.left += y.label.isEmpty ? 0 : 20
    margins.right = max(endLabels.max().map { $0 + 8 } ?? 0, x.isVisible ? 12 : 2)
    margins.bottom = (columnNames.isEmpty ? 4 : 22) + (x.label.isEmpty ? 0 : 18)
    return margins
  }

  /// Room for title and legend above an area of this width.
  func topMargin(width: Double) -> Double {
    let header = 18 * Double(titleLines(width: width).count) + legend(width: width).height
    return header > 0 ? header + 12 : 8
  }

  private func titleLines(width: Double) -> [String] {
    SVG.lines(title, width: width, size: Style.titleSize)
  }

  func draw(in cell: Box, margins: Margins, clip: String) -> String {
    let ends = (x: x.ends(for: spans.x), y: y.ends(for: spans.y))
    let box = area(in: cell, margins: margins, ends: ends)
    let frame = Frame(
      x: PixelScale(scale: x.scale, ends: ends.x, first: box.left, last: box.right),
      y: PixelScale(scale: y.scale, ends: ends.y, first: box.bottom, last: box.top))

    func grouped(_ draw: (Mark) -> String) -> String {
      marks.map { SVG.group(["class": $0.colour.className], draw($0)) }.joined()
    }
    let window = box.inset(by: -4)  // Dots on the border stay whole.
    return SVG.element(
      "clipPath", ["id": clip],
      SVG.element(
        "path",
        [
          "d": SVG.rectangle(
            from: Point(x: window.left, y: window.top),
            to: Point(x: window.right, y: window.bottom))
        ]))
      + header(
        at: Point(x: box.left, y: cell.top + 4), width: cell.width - margins.left - margins.right)
      + AxisLines(panel: self, frame: frame).draw()
      + SVG.element(
        "g", ["clip-path": "url(#\(clip))"], "\n" + grouped { $0.shape.draw(in: frame) })
      + grouped { $0.shape.annotate(in: frame) }
      + EndLabels.draw(labelled.filter(hasEndLabel), in: frame)
  }

  /// The plotting area; with equal aspect the largest of that shape.
  private func area(
    in cell: Box, margins: Margins, ends: (x: ClosedRange<Double>, y: ClosedRange<Double>)
  ) -> Box {
    var box = Box(
      left: cell.left + margins.left, top: cell.top + margins.top,
      right: cell.right - margins.right, bottom: cell.bottom - margins.bottom)
    box.right = max(box.right, box.left + 20)
    box.bottom = max(box.bottom, box.top + 20)
    guard equalAspect else { return box }
    let units = (
      x: ends.x.upperBound - ends.x.lowerBound, y: ends.y.upperBound - ends.y.lowerBound
    )
    let pixels = min(box.width / units.x, box.height / units.y)
    box.right = box.left + pixels * units.x
    box.bottom = box.top + pixels * units.y
    return box
  }

  private func header(at corner: Point, width: Double) -> String {
    let lines = titleLines(width: width).enumerated().map { i, line in
      SVG.text(line, at: Point(x: corner.x, y: corner.y + 13 + 18 * Double(i)), class: "title")
    }
    let below = Point(x: corner.x, y: corner.y + 18 * Double(lines.count))
    return lines.joined() + legend(width: width).draw(at: below)
  }
}
