import Foundation
import Testing

@testable import Figures

@Suite("Diagrams")
struct DiagramTests {
  /// Post P's model: z drawn and x seen for each i, θ outside the plate.
  private let model = Diagram(
    nodes: [
      .random("z", at: (0, 1), colour: .prior), .observed("x", at: (0, 0)),
      .parameter("θ", at: (1, 0)), .deterministic("µ + σε", at: (1.4, 1)),
      .network("net", "64 – 128 – 2", at: (2.6, 0.5)),
    ],
    arrows: [.init("z", "x", label: "p(x|z)"), .init("θ", "x"), .init("µ + σε", "net")],
    plates: [.init(around: ["z", "x"], label: "i = 1 … N")])

  private func panel(_ diagram: Diagram) -> String {
    Figure("t", width: 520, height: 240, panels: [Panel(diagram: diagram)]).svg()
  }

  @Test("circles for what is drawn, squares for what follows, words for parameters")
  func kinds() {
    let svg = panel(model)
    for words in ["z", "x", "θ", "µ + σε", "64 – 128 – 2", "i = 1 … N", "p(x|z)"] {
      #expect(svg.contains(">\(words)</text>"), "\(words)")
    }
    // Two arcs a circle; z and x.
    #expect(svg.components(separatedBy: " 0 1 0 ").count - 1 == 2 * 2 + 2)
  }

  @Test("every word lies inside the figure")
  func nothingCutOff() throws {
    let svg = panel(model)
    let pattern = try Regex(#"<text x="(-?[\d.]+)" y="(-?[\d.]+)""#)
    for match in svg.matches(of: pattern) {
      let x = try #require(Double(match.output[1].substring ?? ""))
      let y = try #require(Double(match.output[2].substring ?? ""))
      #expect((0...520).contains(x) && (0...240).contains(y))
    }
  }

  @Test("an arrow ends at the outline of its node")
  func edges() {
    let circle = Diagram.Node.random("z", at: (0, 0))
    let edge = circle.edge(from: Point(x: 10, y: 10), towards: Point(x: 40, y: 50))
    #expect(abs(edge.x - (10 + 0.6 * 17)) < 1e-9 && abs(edge.y - (10 + 0.8 * 17)) < 1e-9)
    let square = Diagram.Node.deterministic("z", at: (0, 0))
    #expect(
      square.edge(from: Point(x: 0, y: 0), towards: Point(x: 30, y: 10)) == Point(x: 15, y: 5))
  }
}
