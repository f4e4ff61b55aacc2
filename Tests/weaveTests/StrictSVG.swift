import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A figure, read by a parser that takes nothing on trust: well-formed, only the elements and
/// attributes that figures need, each attribute of its own form, and nothing to be seen outside of
/// the picture.
final class StrictSVG: NSObject, XMLParserDelegate {
  private(set) var faults: [String] = []
  private(set) var elementCount = 0
  private var size: (width: Double, height: Double) = (0, 0)
  private var open: [(name: String, isClipped: Bool, isMoved: Bool)] = []
  private var clips: Set<String> = []
  private var clip: String?

  init(_ data: Data) {
    super.init()
    let parser = XMLParser(data: data)
    parser.delegate = self
    if !parser.parse() { faults.append("not well-formed: \(parser.parserError as Any)") }
    checkBalance(String(decoding: data, as: UTF8.self))
  }

  /// What was opened is closed, in turn: on Linux the parser closes it itself and says nothing.
  private func checkBalance(_ text: String) {
    var names: [Substring] = []
    for tag in text.matches(of: /<(\/?)([A-Za-z]+)[^<>]*?(\/?)>/) {
      if !tag.1.isEmpty {
        check(names.popLast() == tag.2, "</\(tag.2)> closes something else")
      } else if tag.3.isEmpty {
        names.append(tag.2)
      }
    }
    check(names.isEmpty, "\(names) stay open")
  }

  private func check(_ isRight: Bool, _ words: @autoclosure () -> String) {
    if !isRight { faults.append(words()) }
  }

  /// What an attribute of each name has to be, whole.
  private static let forms: [String: String] = {
    let number = #"-?[0-9]+(\.[0-9]+)?"#
    let pair = "\(number) \(number)"
    return [
      "xmlns": "http://www\\.w3\\.org/2000/svg", "width": number, "height": number,
      "viewBox": "0 0 \(pair)", "role": "img", "aria-labelledby": "title desc",
      "class": "[a-z0-9 ]+", "id": "title|desc|area[0-9]+", "x": number, "y": number,
      "rx": number, "ry": number, "text-anchor": "start|middle|end", "stroke-width": number,
      "fill-opacity": number, "stroke-opacity": number, "stroke-dasharray": pair,
      "clip-path": "url\\(#area[0-9]+\\)",
      "transform": "translate\\(\(pair)\\)( (rotate|scale)\\(\(number)( \(number))?\\))?",
      "style": "fill:currentColor;fill-opacity:\(number)",
    ]
  }()

  private static func isRight(_ value: String, for key: String) -> Bool {
    guard let form = forms[key] else { return false }
    return value.range(of: "\\A(?:\(form))\\z", options: .regularExpression) != nil
  }

  func parser(
    _: XMLParser, didStartElement name: String, namespaceURI _: String?, qualifiedName _: String?,
    attributes: [String: String]
  ) {
    elementCount += 1
    let known = ["svg", "title", "desc", "style", "g", "clipPath", "path", "text", "ellipse"]
    check(known.contains(name), "an element <\(name)>")
    check(open.isEmpty == (name == "svg"), "<\(name)> at depth \(open.count)")
    for (key, value) in attributes where key != "d" {
      check(StrictSVG.isRight(value, for: key), "\(name) \(key)=\"\(value)\"")
    }
    if name == "svg" { readSize(attributes) }
    if name == "clipPath" {
      clip = attributes["id"]
      check(clips.insert(clip ?? "").inserted, "two clips \(clip ?? "without a name")")
    }
    let parent = open.last
    let moved = parent?.isMoved == true || attributes["transform"] != nil
    var clipped = parent?.isClipped == true
    if let reference = attributes["clip-path"] {
      clipped = true
      check(clips.contains(String(reference.dropFirst(5).dropLast())), "\(reference) is nowhere")
    }
    if attributes["transform"] != nil, !clipped { checkInside(place(attributes), name) }
    if let path = attributes["d"] {
      let corners = positions(path)
      if !clipped && !moved { for corner in corners { checkInside(corner, "path") } }
    }
    if name == "text", !clipped, !moved { checkInside(place(attributes), "text") }
    open.append((name, clipped, moved))
  }

  func parser(
    _: XMLParser, didEndElement _: String, namespaceURI _: String?, qualifiedName _: String?
  ) {
    open.removeLast()
  }

  private func readSize(_ attributes: [String: String]) {
    let box = (attributes["viewBox"] ?? "").split(separator: " ").compactMap { Double($0) }
    guard box.count == 4, box[2] > 0, box[3] > 0 else {
      faults.append("no picture of \(box)")
      return
    }
    size = (box[2], box[3])
    check(
      Double(attributes["width"] ?? "") == box[2] && Double(attributes["height"] ?? "") == box[3],
      "a size other than the viewBox")
  }

  /// Where a text or a moved group starts.
  private func place(_ attributes: [String: String]) -> (Double, Double) {
    let words = attributes["transform"].map { $0.dropFirst(10).prefix { $0 != ")" } }
    let pair = words?.split(separator: " ").compactMap { Double($0) } ?? []
    if pair.count == 2 { return (pair[0], pair[1]) }
    return (Double(attributes["x"] ?? "") ?? .nan, Double(attributes["y"] ?? "") ?? .nan)
  }

  private func checkInside(_ point: (x: Double, y: Double), _ name: String) {
    let isInside =
      point.x >= 0 && point.y >= 0 && point.x <= size.width && point.y <= size.height
    check(isInside, "\(name) at \(point), outside of \(size)")
  }

  /// The corners of a path of M, m, H, h, V, v and z: every number is taken, or there is a fault.
  private func positions(_ path: String) -> [(Double, Double)] {
    var corners: [(Double, Double)] = []
    var (here, start) = ((x: 0.0, y: 0.0), (x: 0.0, y: 0.0))
    var rest = path[...]
    while let command = rest.popFirst() {
      let words = rest.prefix { !$0.isLetter }
      rest = rest.dropFirst(words.count)
      let numbers = words.split(separator: " ").map { Double($0) ?? .nan }
      let arity = "Mm".contains(command) ? 2 : command == "z" ? 0 : 1
      let count = numbers.count
      guard "MmHhVvz".contains(command), arity == 0 ? count == 0 : count > 0 && count % arity == 0,
        numbers.allSatisfy(\.isFinite), !corners.isEmpty || "Mm".contains(command)
      else {
        faults.append("path data \(command)\(words.prefix(60))")
        return []
      }
      if command == "z" { here = start }
      for i in stride(from: 0, to: count, by: max(arity, 1)) {
        switch command {
        case "M": here = (numbers[i], numbers[i + 1])
        case "m": here = (here.x + numbers[i], here.y + numbers[i + 1])
        case "H": here.x = numbers[i]
        case "h": here.x += numbers[i]
        case "V": here.y = numbers[i]
        default: here.y += numbers[i]
        }
        if "Mm".contains(command), i == 0 { start = here }
        corners.append(here)
      }
    }
    return corners
  }
}
