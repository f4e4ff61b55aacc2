/// Many small grey images of one size, in rows from the top left.
public struct ImageGrid: Sendable {
  /// Of each image the intensities, row after row: 0 is paper, 1 is ink, NaN is paper.
  let images: [[Double]]
  let width: Int
  let height: Int
  let columns: Int
  let frames: [Int: Mark.Colour]
  let gap: Int

  /// - Parameter frames: the images (by index) that get a coloured frame.
  /// - Requires: every image has `width` × `height` intensities.
  public init(
    _ images: [[Double]], width: Int, height: Int, columns: Int,
    frames: [Int: Mark.Colour] = [:]
  ) {
    guard width > 0, height > 0, columns > 0, images.allSatisfy({ $0.count == width * height })
    else { fatalError("every image of a grid needs width × height intensities") }
    self.images = images
    self.width = width
    self.height = height
    self.columns = columns
    self.frames = frames
    gap = max(1, width / 12)
  }

  var rows: Int { (images.count + columns - 1) / columns }
}

extension Mark {
  /// Images spread over a rectangle, the first at the upper left; without ranges an image is one
  /// unit wide and its true shape high.
  public static func images(
    _ grid: ImageGrid, x: ClosedRange<Double>? = nil, y: ClosedRange<Double>? = nil
  ) -> Mark {
    let high = Double(grid.rows * grid.height) / Double(grid.width)
    return Mark(
      Tiles(grid: grid, x: x ?? 0...Double(grid.columns), y: y ?? 0...high), colour: .ink)
  }
}

struct Tiles: Shape {
  let grid: ImageGrid
  let x: ClosedRange<Double>
  let y: ClosedRange<Double>

  func extend(_ x: inout Span, _ y: inout Span) {
    for end in [self.x.lowerBound, self.x.upperBound] { x.include(end, air: false) }
    for end in [self.y.lowerBound, self.y.upperBound] { y.include(end, air: false) }
  }

  /// Drawn in units of image pixels, each a piece of a horizontal stroke one unit thick: one path
  /// a shade of grey for the whole grid.
  func draw(in frame: Frame) -> String {
    guard !grid.images.isEmpty, let left = frame.x(x.lowerBound), let right = frame.x(x.upperBound),
      let top = frame.y(y.upperBound), let bottom = frame.y(y.lowerBound)
    else { return "" }
    let across = Double(grid.columns * (grid.width + grid.gap))
    let down = Double(grid.rows * (grid.height + grid.gap))
    let paths = ([paper] + (1...Style.imageShades).map(ink)).enumerated().map { shade, path in
      path.isEmpty
        ? ""
        : SVG.element(
          "path",
          [
            "class": "shade s\(shade)",
            // Rows overlap a little, so that no paper shines through between them.
            "stroke-width": shade == 0 ? "\(grid.height)" : "1.06", "d": path,
          ])
    }
    return SVG.element(
      "g",
      [
        "transform": "translate(\(SVG.number(left)) \(SVG.number(top))) "
          + "scale(\(Tiles.ratio((right - left) / across)) \(Tiles.ratio((bottom - top) / down)))"
      ], paths.joined() + coloured)
  }

  /// Four decimals more than a position needs, because it is multiplied by many pixels.
  private static func ratio(_ value: Double) -> String {
    "\((value * 1e6).rounded() / 1e6)"
  }

  private func origin(_ image: Int) -> (x: Int, y: Int) {
    let (row, column) = image.quotientAndRemainder(dividingBy: grid.columns)
    return (
      column * (grid.width + grid.gap) + grid.gap / 2, row * (grid.height + grid.gap) + grid.gap / 2
    )
  }

  private var paper: String {
    grid.images.indices.map { image in
      let (x, y) = origin(image)
      return "M\(x) \(SVG.number(Double(y) + Double(grid.height) / 2))h\(grid.width)"
    }.joined()
  }

  /// All pixels of one shade. Lighter shades are drawn first, so a stroke may run on beneath
  /// darker pixels that are still to come.
  private func ink(_ shade: Int) -> String {
    var path = ""
    var pen = (x: 0, y: 0)
    for (image, intensities) in grid.images.enumerated() {
      let corner = origin(image)
      let shades = intensities.map(Tiles.shade)
      for row in 0..<grid.height {
        let line = shades[(row * grid.width)..<((row + 1) * grid.width)]
        for run in line.indices.split(whereSeparator: { line[$0] < shade }) {
          guard let first = run.first(where: { line[$0] == shade }),
            let last = run.last(where: { line[$0] == shade })
          else { continue }
          let start = (x: corner.x + first - line.startIndex, y: corner.y + row)
          path +=
            path.isEmpty
            ? "M\(start.x) \(start.y).5" : "m\(start.x - pen.x) \(start.y - pen.y)"
          path += "h\(last - first + 1)"
          pen = (start.x + last - first + 1, start.y)
        }
      }
    }
    return path
  }

  private static func shade(_ intensity: Double) -> Int {
    intensity.isNaN
      ? 0 : Int((max(0, min(1, intensity)) * Double(Style.imageShades)).rounded())
  }

  private var coloured: String {
    grid.frames.sorted { $0.key < $1.key }.filter { grid.images.indices.contains($0.key) }
      .map { image, colour in
        let (x, y) = origin(image)
        let edge = max(0.5, Double(grid.width) / 14)
        return SVG.element(
          "rect",
          [
            "class": "line \(colour.className)", "stroke-width": SVG.number(edge), "x": "\(x)",
            "y": "\(y)", "width": "\(grid.width)", "height": "\(grid.height)",
          ])
      }.joined()
  }
}
