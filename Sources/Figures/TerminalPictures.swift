// Small pictures made of characters.

/// A row of bars, one a value: "▁▂▄▆█". Values that are not finite leave a gap.
public func sparkline(_ values: [Double]) -> String {
  let bars = Array("▁▂▃▄▅▆▇█")
  let finite = values.filter(\.isFinite)
  guard let low = finite.min(), let high = finite.max() else {
    return String(repeating: " ", count: values.count)
  }
  // The range of the largest numbers overflows unless they are halved; the smallest cannot be
  // halved.
  let scale = (high - low).isFinite ? 1 : 0.5
  let range = scale * high - scale * low
  return String(
    values.map { value -> Character in
      guard value.isFinite else { return " " }
      let share = range > 0 ? (scale * value - scale * low) / range : 0.5
      return bars[min(bars.count - 1, Int(share * Double(bars.count)))]
    })
}

/// A grey image of brightness 0…1, row after row from the top; two characters a pixel, so that
/// pixels are about square. What is not finite stays dark, and an unfinished last row is filled up.
public struct ShadedImage: Sendable {
  let lines: [String]
  /// Spaces between images side by side.
  public static let gap = 2

  public init(_ pixels: [Double], width: Int) {
    let shades = Array(" ░▒▓█")
    let columns = min(width, pixels.count)
    guard columns > 0 else {
      lines = []
      return
    }
    lines = stride(from: 0, to: pixels.count, by: columns).map { start in
      (start..<start + columns).map { index in
        let value = index < pixels.count && pixels[index].isFinite ? pixels[index] : 0
        let level = Int(min(max(value, 0), 1) * Double(shades.count))
        return String(repeating: shades[min(level, shades.count - 1)], count: 2)
      }.joined()
    }
  }

  /// Images side by side, as text; a lower one is filled up at its foot.
  public static func row(_ images: [ShadedImage]) -> String {
    let height = images.map(\.lines.count).max() ?? 0
    return (0..<height).map { line in
      images.map { image in
        let blank = String(repeating: " ", count: image.lines.first?.count ?? 0)
        return line < image.lines.count ? image.lines[line] : blank
      }.joined(separator: String(repeating: " ", count: gap))
    }.joined(separator: "\n")
  }
}
