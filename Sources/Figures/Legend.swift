/// A small picture of a mark, for the legend.
enum Swatch: Sendable {
  case line(Mark.LineStyle, width: Double)
  case dot(size: Double)
  case box

  /// Drawn around the middle of a text line, 18 pixels wide.
  func draw(at p: Point) -> String {
    switch self {
    case .line(let style, let width):
      SVG.stroke(
        SVG.path([Point(x: p.x + 1, y: p.y), Point(x: p.x + 18, y: p.y)]), width: width,
        style: style)
    case .dot(let size):
      SVG.stroke(SVG.path([Point(x: p.x + 9, y: p.y)]), width: max(size, 4))
    case .box:
      SVG.fill(
        SVG.rectangle(from: Point(x: p.x + 2, y: p.y - 5), to: Point(x: p.x + 18, y: p.y + 5)),
        opacity: 0.45)
    }
  }
}

/// Swatches and labels in rows above the plotting area, where they hide no data.
struct Legend: Sendable {
  static let rowHeight = 18.0
  private static let swatchWidth = 23.0
  private static let gap = 14.0

  private var rows: [[(mark: Mark, x: Double)]] = []

  init(_ marks: [Mark], width: Double) {
    var x = 0.0
    for mark in marks {
      let needed = Legend.swatchWidth + SVG.width(of: mark.label ?? "")
      if rows.isEmpty || x + needed > width {
        rows.append([])
        x = 0
      }
      rows[rows.count - 1].append((mark, x))
      x += needed + Legend.gap
    }
  }

  var height: Double { Double(rows.count) * Legend.rowHeight }

  func draw(at corner: Point) -> String {
    rows.enumerated().map { row, entries in
      entries.map { mark, x in
        let middle = Point(x: corner.x + x, y: corner.y + (Double(row) + 0.5) * Legend.rowHeight)
        return SVG.element(
          "g", ["class": mark.colour.className], mark.shape.swatch.draw(at: middle))
          + SVG.text(
            mark.label ?? "", at: Point(x: middle.x + Legend.swatchWidth, y: middle.y + 4))
      }.joined()
    }.joined()
  }
}

/// Labels to the right of the plotting area, each beside the end of its curve.
enum EndLabels {
  static func draw(_ marks: [Mark], in frame: Frame) -> String {
    let spacing = 14.0
    let ends = marks.compactMap { mark in mark.shape.end(in: frame).map { (mark, $0) } }
      .sorted { $0.1.y < $1.1.y }
    // Push labels down from their neighbours, then up from the bottom of the area.
    var heights: [Double] = []
    for (_, end) in ends {
      heights.append(max(end.y, (heights.last ?? -.infinity) + spacing))
    }
    var floor = frame.box.bottom + spacing
    for i in heights.indices.reversed() {
      heights[i] = min(heights[i], floor - spacing)
      floor = heights[i]
    }
    return zip(ends, heights).map { end, y in
      SVG.text(
        end.0.label ?? "", at: Point(x: max(end.1.x, frame.box.right) + 6, y: y + 4),
        class: end.0.colour.className)
    }.joined()
  }
}
