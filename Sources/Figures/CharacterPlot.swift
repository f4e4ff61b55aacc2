/// Points drawn as characters in a frame; where several share a place the last one shows.
public func characterPlot(
  _ points: [(x: Double, y: Double, mark: Character)], x: ClosedRange<Double>,
  y: ClosedRange<Double>, width: Int = 72, height: Int = 24
) -> String {
  var rows = Array(repeating: Array(repeating: Character(" "), count: width), count: height)
  for point in points where x.contains(point.x) && y.contains(point.y) {
    let across = (point.x - x.lowerBound) / (x.upperBound - x.lowerBound)
    let up = (point.y - y.lowerBound) / (y.upperBound - y.lowerBound)
    let column = min(width - 1, Int(across * Double(width)))
    let row = min(height - 1, Int((1 - up) * Double(height)))
    rows[row][column] = point.mark
  }
  let edge = String(repeating: "─", count: width)
  let lines = rows.map { "│" + String($0) + "│" }
  return (["┌" + edge + "┐"] + lines + ["└" + edge + "┘"]).joined(separator: "\n")
}
