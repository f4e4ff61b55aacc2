/// The lines, ticks and names around a plotting area.
struct AxisLines {
  let panel: Panel
  let frame: Frame
  private typealias Place = (pixel: Double, label: String)

  func draw() -> String {
    let box = frame.box
    let x = places(panel.x, frame.x, pixels: box.width, horizontal: true)
    let y = places(panel.y, frame.y, pixels: box.height, horizontal: false)
    let below = x.map {
      SVG.text($0.label, at: Point(x: $0.pixel, y: box.bottom + 17), .centre, class: "tick")
    }
    let beside = y.map {
      SVG.text($0.label, at: Point(x: box.left - 7, y: $0.pixel + 4), .trailing, class: "tick")
    }
    return lines(x, y) + below.joined() + beside.joined()
      + names(
        depth: x.isEmpty ? 17 : 35,
        width: y.map { SVG.width(of: $0.label, size: 11) + 16 }.max() ?? 9)
  }

  private func places(
    _ axis: Axis, _ scale: PixelScale, pixels: Double, horizontal: Bool
  ) -> [Place] {
    axis.ticks(over: scale.ends, pixels: pixels, horizontal: horizontal).compactMap { tick in
      guard let pixel = scale(tick.value) else { return nil }
      // A tick on the end of the axis may miss it by a rounding error.
      guard
        min(abs(pixel - scale.first), abs(pixel - scale.last)) < 0.01
          || scale.clamped(tick.value) == pixel
      else { return nil }
      return (pixel, tick.label)
    }
  }

  private func lines(_ x: [Place], _ y: [Place]) -> String {
    let box = frame.box
    let (left, right) = (SVG.number(box.left), SVG.number(box.right))
    let (top, bottom) = (SVG.number(box.top), SVG.number(box.bottom))
    var grid = ""
    var axis = ""
    if panel.x.isVisible {
      axis += "M\(left) \(bottom)H\(right)"
      for (pixel, label) in x {
        let start = "M\(SVG.number(pixel)) \(bottom)"
        axis += label.isEmpty ? "\(start)v3" : "\(start)v5"
        if panel.x.hasGrid(at: label) { grid += "\(start)V\(top)" }
      }
    }
    if panel.y.isVisible {
      axis += "M\(left) \(bottom)V\(top)"
      for (pixel, label) in y {
        let start = "M\(left) \(SVG.number(pixel))"
        axis += label.isEmpty ? "\(start)h-3" : "\(start)h-5"
        if panel.y.hasGrid(at: label) { grid += "\(start)H\(right)" }
      }
    }
    // Between images grid lines would look like their edges.
    if panel.marks.contains(where: { $0.shape is Tiles }) { grid = "" }
    return SVG.path(class: "grid", grid) + SVG.path(class: "axis", axis)
  }

  /// The axes' labels, so far below and to the left of the area.
  private func names(depth: Double, width: Double) -> String {
    let box = frame.box
    let below = Point(x: (box.left + box.right) / 2, y: box.bottom + depth)
    let beside = Point(x: box.left - width, y: (box.top + box.bottom) / 2)
    let turned = SVG.text(panel.y.label, at: Point(x: 0, y: 0), .centre)
    return SVG.text(panel.x.label, at: below, .centre)
      + SVG.group(["transform": "translate(\(SVG.pair(beside))) rotate(-90)"], turned)
  }
}
