// Small pictures made of characters.

/// A row of bars, one a value: "▁▂▄▆█". Values that are not finite leave a gap.
public func sparkline(_ values: [Double]) -> String {
  let bars = Array("▁▂▃▄▅▆▇█")
  let finite = values.filter(\.isFinite)
  guard let low = finite.min(), let high = finite.max() else {
    return String(repeating: " ", count: values.count)
  }
  return String(
    values.map { value -> Character in
      guard value.isFinite else { return " " }
      // Halved first, so that the range of the largest numbers does not overflow.
      let share = high > low ? (value / 2 - low / 2) / (high / 2 - low / 2) : 0.5
      return bars[min(bars.count - 1, Int(share * Double(bars.count)))]
    })
}

/// A grey image of brightness 0…1, row after row from the top; two characters a pixel, so that pixels
/// are about square.
public struct ShadedImage: Sendable {
  let lines: [String]

  public init(_ pixels: [Double], width: Int) {
    let shades = Array(" ░▒▓█")
    let rows =
      width > 0 ? stride(from: 0, to: pixels.count, by: width) : stride(from: 0, to: 0, by: 1)
    lines = rows.map { start in
      pixels[start..<min(start + width, pixels.count)].map { value in
        let level = value.isFinite ? Int(value * Double(shades.count)) : 0
        return String(repeating: shades[min(max(level, 0), shades.count - 1)], count: 2)
      }.joined()
    }
  }

  /// Images side by side, as text.
  public static func row(_ images: [ShadedImage], gap: String = "  ") -> String {
    let height = images.map(\.lines.count).max() ?? 0
    return (0..<height).map { line in
      images.map { line < $0.lines.count ? $0.lines[line] : "" }.joined(separator: gap)
    }.joined(separator: "\n")
  }
}
