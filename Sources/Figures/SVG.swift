/// A position, in the data's units or in pixels.
struct Point: Equatable, Sendable {
  var x: Double
  var y: Double
}

/// The little of SVG that figures need: elements, escaped text, short numbers, paths.
enum SVG {
  /// An attribute without a value is left out.
  static func element(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ content: String? = nil
  ) -> String {
    let written = attributes.filter { !$1.isEmpty }.map { " \($0)=\"\(escape($1))\"" }.joined()
    return content.map { "<\(name)\(written)>\($0)</\(name)>\n" } ?? "<\(name)\(written)/>\n"
  }

  /// Text as XML wants it; a character that XML forbids becomes U+FFFD.
  static func escape(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\t", "\n", "\r": escaped += " "
      case "\0"..<" ", "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// A number rounded to hundredths, without trailing zeros and without a locale.
  static func number(_ value: Double) -> String {
    guard !value.isNaN else { fatalError("a figure tried to draw at a position that is NaN") }
    // What lies a million pixels away cannot be seen, and an integer could not hold any number.
    let hundredths = Int((max(-1e6, min(1e6, value)) * 100).rounded())
    let (whole, rest) = abs(hundredths).quotientAndRemainder(dividingBy: 100)
    let sign = hundredths < 0 ? "-" : ""
    if rest == 0 { return "\(sign)\(whole)" }
    if rest % 10 == 0 { return "\(sign)\(whole).\(rest / 10)" }
    return "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }

  /// A group; nothing around nothing.
  static func group(_ attributes: KeyValuePairs<String, String>, _ content: String) -> String {
    content.isEmpty ? "" : element("g", attributes, "\n" + content)
  }

  /// A path element; nothing for empty path data.
  static func path(class name: String, _ data: String) -> String {
    data.isEmpty ? "" : element("path", ["class": name, "d": data])
  }

  /// A polyline as path data; a lone point becomes a dot, drawn by the line's round caps.
  static func path(_ points: [Point], closed: Bool = false) -> String {
    guard points.count != 1 else { return "M\(pair(points[0]))h0" }
    return "M" + points.map(pair).joined(separator: " ") + (closed ? "z" : "")
  }

  static func pair(_ point: Point) -> String { "\(number(point.x)) \(number(point.y))" }

  static func rectangle(from a: Point, to b: Point) -> String {
    let width = abs(b.x - a.x)
    return "M\(number(min(a.x, b.x))) \(number(min(a.y, b.y)))"
      + "h\(number(width))v\(number(abs(b.y - a.y)))h\(number(-width))z"
  }

  /// Text whose baseline starts, centres or ends at `point`.
  static func text(
    _ text: String, at point: Point, _ anchor: Mark.Alignment = .leading, class name: String = ""
  ) -> String {
    guard !text.isEmpty else { return "" }
    return element(
      "text",
      ["x": number(point.x), "y": number(point.y), "text-anchor": anchor.rawValue, "class": name],
      escape(text))
  }

  /// A generous guess: the fonts of the reader are unknown, and few letters are wider than this.
  static func width(of text: String, size: Double = Style.labelSize) -> Double {
    0.58 * size * Double(text.count)
  }
}
