/// A figure of one or more panels, written as SVG that can be read on a light and on a dark page.
///
///     let figure = Figure(
///       "A prior and its posterior",
///       panels: [
///         Panel(
///           x: Axis("z"), y: Axis("density"),
///           marks: [
///             .line(over: -3...3, label: "p(z)", prior.density),
///             .area(over: -3...3, label: "p(z | x)", colour: .second, posterior.density),
///           ])
///       ])
///     let text = figure.svg()
///
/// The same figure always gives the same bytes.
public struct Figure: Sendable {
  let title: String
  let description: String?
  let width: Double
  let height: Double
  let columns: Int
  let panels: [Panel]

  /// - Parameters:
  ///   - description: read aloud in place of the picture; without one, the labels are.
  ///   - width, height: in pixels.
  ///   - columns: panels side by side; all of them unless told otherwise.
  public init(
    _ title: String, description: String? = nil, width: Double = 640, height: Double = 360,
    columns: Int? = nil, panels: [Panel]
  ) {
    guard width > 0, height > 0, width.isFinite, height.isFinite else {
      fatalError("a figure needs a width and a height")
    }
    self.title = title
    self.description = description
    self.width = width
    self.height = height
    self.columns = max(1, columns ?? panels.count)
    self.panels = panels
  }

  public func svg() -> String {
    let size = (SVG.number(width), SVG.number(height))
    let content =
      "\n" + SVG.element("title", ["id": "title"], SVG.escape(title))
      + SVG.element("desc", ["id": "desc"], SVG.escape(description ?? spoken))
      + "<style>\n\(Style.sheet)</style>\n" + heading + grid
    return SVG.element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "width": size.0, "height": size.1,
        "viewBox": "0 0 \(size.0) \(size.1)", "role": "img", "aria-labelledby": "title desc",
        "class": Mark.Colour.ink.className,
      ], content)
  }

  private var titleLines: [String] {
    SVG.lines(title, width: width - 16, size: Style.figureTitleSize)
  }

  private var heading: String {
    titleLines.enumerated().map { i, line in
      SVG.text(line, at: Point(x: 8, y: 22 + 20 * Double(i)), class: "head")
    }.joined()
  }

  /// Panels of one column share their left and right edges, those of one row top and bottom.
  private var grid: String {
    guard !panels.isEmpty else { return "" }
    let rows = (panels.count + columns - 1) / columns
    let top = titleLines.isEmpty ? 4 : 12 + 20 * Double(titleLines.count)
    let gap = 14.0
    let cell = (
      width: (width - 16 - gap * Double(columns - 1)) / Double(columns),
      height: (height - top - 6 - gap * Double(rows - 1)) / Double(rows)
    )
    let sides = panels.map { $0.sideMargins(width: cell.width, height: cell.height) }
    func greatest(_ side: (Panel.Margins) -> Double, where shared: (Int) -> Bool) -> Double {
      sides.indices.filter(shared).map { side(sides[$0]) }.max() ?? 0
    }
    var margins = panels.indices.map { i in
      let sharesColumn = { (k: Int) in k % columns == i % columns }
      let sharesRow = { (k: Int) in k / columns == i / columns }
      return Panel.Margins(
        left: greatest(\.left, where: sharesColumn), right: greatest(\.right, where: sharesColumn),
        bottom: greatest(\.bottom, where: sharesRow))
    }
    let tops = zip(panels, margins).map { panel, margins in
      panel.topMargin(width: cell.width - margins.left - margins.right)
    }
    for i in margins.indices {
      margins[i].top =
        tops.indices.filter { $0 / columns == i / columns }.map { tops[$0] }.max() ?? 0
    }
    return panels.enumerated().map { i, panel in
      let (row, column) = i.quotientAndRemainder(dividingBy: columns)
      let corner = Point(
        x: 8 + Double(column) * (cell.width + gap), y: top + Double(row) * (cell.height + gap))
      let box = Box(
        left: corner.x, top: corner.y, right: corner.x + cell.width, bottom: corner.y + cell.height)
      return panel.draw(in: box, margins: margins[i], clip: "area\(i + 1)")
    }.joined()
  }

  /// The labels of the figure as a sentence a panel.
  private var spoken: String {
    panels.map { panel in
      let axes = [panel.y.label, panel.x.label].filter { !$0.isEmpty }.joined(
        separator: " against ")
      let labels = panel.marks.compactMap(\.label).joined(separator: ", ")
      return [panel.title, axes, labels].filter { !$0.isEmpty }.joined(separator: ": ")
    }.filter { !$0.isEmpty }.joined(separator: ". ")
  }
}

extension SVG {
  /// Text broken at spaces into lines that should fit.
  static func lines(_ text: String, width: Double, size: Double) -> [String] {
    text.split(separator: " ").reduce(into: []) { lines, word in
      if let last = lines.last, SVG.width(of: "\(last) \(word)", size: size) <= width {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
  }
}
