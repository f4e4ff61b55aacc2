import Foundation
import Testing

@testable import Figures

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What an XML parser finds in a figure.
final class FigureReader: NSObject, XMLParserDelegate {
  struct Element {
    let name: String
    let attributes: [String: String]
    var text = ""
  }
  private(set) var elements: [Element] = []
  private var open: [Int] = []

  /// Fails the test unless the figure is well-formed XML without a number that is not finite.
  init(_ figure: Figure, sourceLocation: SourceLocation = #_sourceLocation) {
    super.init()
    let svg = figure.svg()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = self
    #expect(parser.parse(), "\(parser.parserError as Any)", sourceLocation: sourceLocation)
    for element in elements {
      for (name, value) in element.attributes where name != "class" {
        let written = value.lowercased()
        #expect(!written.contains("nan"), sourceLocation: sourceLocation)
        #expect(!written.contains("inf"), sourceLocation: sourceLocation)
      }
    }
  }

  func all(_ name: String, class wanted: String? = nil) -> [Element] {
    elements.filter { $0.name == name && (wanted == nil || $0.attributes["class"] == wanted) }
  }

  /// The path data of all marks drawn with a pen, or filled.
  func paths(_ wanted: String) -> [String] {
    all("path", class: wanted).compactMap { $0.attributes["d"] }
  }

  func parser(
    _: XMLParser, didStartElement name: String, namespaceURI _: String?, qualifiedName _: String?,
    attributes: [String: String]
  ) {
    open.append(elements.count)
    elements.append(Element(name: name, attributes: attributes))
  }

  func parser(_: XMLParser, foundCharacters text: String) {
    if let last = open.last { elements[last].text += text }
  }

  func parser(
    _: XMLParser, didEndElement _: String, namespaceURI _: String?, qualifiedName _: String?
  ) {
    open.removeLast()
  }
}

/// The numbers in path data, in pairs, for a path of absolute positions.
func positions(_ path: String) -> [Point] {
  let numbers = path.split { !"-.0123456789".contains($0) }.compactMap { Double($0) }
  return stride(from: 0, to: numbers.count - 1, by: 2).map {
    Point(x: numbers[$0], y: numbers[$0 + 1])
  }
}
