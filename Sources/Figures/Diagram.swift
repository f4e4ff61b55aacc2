/// A graph of nodes and arrows: a graphical model, a network, a path that a number takes.
///
///     let model = Diagram(
///       nodes: [
///         .random("z", at: (0, 1), colour: .prior), .observed("x", at: (0, 0)),
///         .parameter("θ", at: (1, 0)),
///       ],
///       arrows: [.init("z", "x"), .init("θ", "x")],
///       plates: [.init(around: ["z", "x"], label: "i = 1 … N")])
///
/// Places are in units of the distance between neighbours, y upwards.
public struct Diagram: Sendable {
  let nodes: [Node]
  let arrows: [Arrow]
  let plates: [Plate]

  /// - Requires: nodes of different names; arrows and plates that name them.
  public init(nodes: [Node], arrows: [Arrow] = [], plates: [Plate] = []) {
    let names = Set(nodes.map(\.name))
    guard names.count == nodes.count,
      arrows.allSatisfy({ names.contains($0.from) && names.contains($0.to) }),
      plates.allSatisfy({ names.isSuperset(of: $0.names) && !$0.names.isEmpty })
    else { fatalError("a diagram's arrows and plates join nodes of different names") }
    (self.nodes, self.arrows, self.plates) = (nodes, arrows, plates)
  }

  public struct Node: Sendable {
    enum Kind { case random, observed, deterministic, parameter, network }
    let name: String
    let kind: Kind
    let words: String
    let place: Point
    let colour: Mark.Colour

    /// A quantity that is drawn: a circle. `words` stand in it, its name unless told otherwise.
    public static func random(
      _ name: String, _ words: String? = nil, at place: (Double, Double),
      colour: Mark.Colour = .ink
    ) -> Node { Node(name, .random, words, place, colour) }

    /// A quantity that is drawn and seen: a filled circle.
    public static func observed(
      _ name: String, _ words: String? = nil, at place: (Double, Double),
      colour: Mark.Colour = .ink
    ) -> Node { Node(name, .observed, words, place, colour) }

    /// What follows from its parents without chance: a square.
    public static func deterministic(
      _ name: String, _ words: String? = nil, at place: (Double, Double),
      colour: Mark.Colour = .ink
    ) -> Node { Node(name, .deterministic, words, place, colour) }

    /// A number that nobody draws: bare words.
    public static func parameter(
      _ name: String, _ words: String? = nil, at place: (Double, Double),
      colour: Mark.Colour = .ink
    ) -> Node { Node(name, .parameter, words, place, colour) }

    /// A layer or a whole network: a box as wide as its words.
    public static func network(
      _ name: String, _ words: String? = nil, at place: (Double, Double),
      colour: Mark.Colour = .ink
    ) -> Node { Node(name, .network, words, place, colour) }

    private init(
      _ name: String, _ kind: Kind, _ words: String?, _ place: (Double, Double),
      _ colour: Mark.Colour
    ) {
      (self.name, self.kind, self.words) = (name, kind, words ?? name)
      (self.place, self.colour) = (Point(place), colour)
    }

    /// Half of its width and height, in pixels.
    var reach: (x: Double, y: Double) {
      let text = SVG.width(of: words) / 2
      switch kind {
      case .random, .observed: return (max(17, text + 4), max(17, text + 4))
      case .deterministic: return (max(15, text + 5), 15)
      case .parameter: return (text + 3, 9)
      case .network: return (text + 10, 17)
      }
    }

    /// The point of its outline, in pixels, on the way to another point.
    func edge(from centre: Point, towards p: Point) -> Point {
      let (dx, dy) = (p.x - centre.x, p.y - centre.y)
      let length = max((dx * dx + dy * dy).squareRoot(), 1e-9)
      let share =
        switch kind {
        case .random, .observed: reach.x / length
        default: min(reach.x / max(abs(dx), 1e-9), reach.y / max(abs(dy), 1e-9))
        }
      return Point(x: centre.x + share * dx, y: centre.y + share * dy)
    }

    func draw(at centre: Point) -> String {
      let (x, y) = reach
      let outline =
        switch kind {
        case .random, .observed:
          "M\(SVG.number(centre.x - x)) \(SVG.number(centre.y))"
            + "a\(SVG.number(x)) \(SVG.number(y)) 0 1 0 \(SVG.number(2 * x)) 0"
            + "a\(SVG.number(x)) \(SVG.number(y)) 0 1 0 \(SVG.number(-2 * x)) 0z"
        case .parameter: ""
        case .deterministic, .network:
          SVG.rectangle(
            from: Point(x: centre.x - x, y: centre.y - y),
            to: Point(x: centre.x + x, y: centre.y + y))
        }
      let fill = kind == .observed ? SVG.fill(outline, opacity: 0.25) : ""
      return fill + SVG.stroke(outline, width: 1.75)
        + SVG.text(words, at: Point(x: centre.x, y: centre.y + 4), .centre)
    }
  }

  public struct Arrow: Sendable {
    let from: String
    let to: String
    let label: String
    let style: Mark.LineStyle
    let colour: Mark.Colour

    /// - Parameter style: dashed, for instance, for a gradient that goes back.
    public init(
      _ from: String, _ to: String, label: String = "", style: Mark.LineStyle = .solid,
      colour: Mark.Colour = .muted
    ) {
      (self.from, self.to, self.label) = (from, to, label)
      (self.style, self.colour) = (style, colour)
    }

    func draw(from a: Point, to b: Point) -> String {
      let length = max(((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y)).squareRoot(), 1e-9)
      let (ux, uy) = ((b.x - a.x) / length, (b.y - a.y) / length)
      func at(_ back: Double, _ aside: Double) -> Point {
        Point(x: b.x - back * ux - aside * uy, y: b.y - back * uy + aside * ux)
      }
      let words = SVG.text(
        label, at: Point(x: (a.x + b.x) / 2 + (abs(uy) > 0.5 ? 6 : 0), y: (a.y + b.y) / 2 - 6),
        abs(uy) > 0.5 ? .leading : .centre)
      return SVG.stroke(SVG.path([a, at(7, 0)]), width: 1.5, style: style)
        + SVG.fill(SVG.path([b, at(9, 4), at(9, -4)], closed: true), opacity: 1) + words
    }
  }

  /// A frame around nodes that are repeated, once for each value of an index.
  public struct Plate: Sendable {
    let names: [String]
    let label: String

    public init(around names: [String], label: String) {
      (self.names, self.label) = (names, label)
    }
  }
}

extension Panel {
  /// A diagram without axes.
  public init(title: String = "", diagram: Diagram) {
    self.init(
      title: title, x: .hidden, y: .hidden, equalAspect: true,
      marks: [Mark(Graph(diagram: diagram), colour: .ink)])
  }
}

/// A diagram as a mark: everything is drawn in pixels around the nodes' places.
struct Graph: Shape {
  let diagram: Diagram

  /// Half a unit of air on each side, for what stands around a node's place.
  func extend(_ x: inout Span, _ y: inout Span) {
    for node in diagram.nodes {
      for side in [-0.5, 0.5] {
        x.include(node.place.x + 1.3 * side, air: false)
        y.include(node.place.y + side, air: false)
      }
    }
  }

  func annotate(in frame: Frame) -> String {
    let places = Dictionary(
      uniqueKeysWithValues: diagram.nodes.compactMap { node in
        frame.pixel(node.place).map { (node.name, (node: node, at: $0)) }
      })
    func coloured(_ colour: Mark.Colour, _ content: String) -> String {
      SVG.group(["class": colour.className], content)
    }
    let plates = diagram.plates.map { plate in
      coloured(.muted, draw(plate, around: plate.names.compactMap { places[$0] }))
    }
    let arrows = diagram.arrows.compactMap { arrow -> String? in
      guard let a = places[arrow.from], let b = places[arrow.to] else { return nil }
      return coloured(
        arrow.colour,
        arrow.draw(
          from: a.node.edge(from: a.at, towards: b.at), to: b.node.edge(from: b.at, towards: a.at)))
    }
    let nodes = diagram.nodes.compactMap { node in
      places[node.name].map { coloured(node.colour, node.draw(at: $0.at)) }
    }
    return (plates + arrows + nodes).joined()
  }

  private func draw(
    _ plate: Diagram.Plate, around nodes: [(node: Diagram.Node, at: Point)]
  ) -> String {
    let left = nodes.map { $0.at.x - $0.node.reach.x }.min()! - 12
    let right = nodes.map { $0.at.x + $0.node.reach.x }.max()! + 12
    let top = nodes.map { $0.at.y - $0.node.reach.y }.min()! - 10
    let bottom = nodes.map { $0.at.y + $0.node.reach.y }.max()! + 24
    let width = max(right - left, SVG.width(of: plate.label) + 12)
    let middle = (left + right) / 2
    return SVG.stroke(
      SVG.rectangle(
        from: Point(x: middle - width / 2, y: top), to: Point(x: middle + width / 2, y: bottom)),
      width: 1.25)
      + SVG.text(plate.label, at: Point(x: middle + width / 2 - 6, y: bottom - 7), .trailing)
  }
}
