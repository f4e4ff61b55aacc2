import Foundation
import Testing

@testable import Figures

@Suite("Figures")
struct FigureTests {
  /// One of everything.
  static func zoo() -> Figure {
    let wave = (0...300).map { i in (Double(i) / 50, sin(Double(i) / 50)) }
    let surface = Surface(x: -2...2, y: -2...2, columns: 41, rows: 41) { x, y in
      exp(-x * x - y * y - x * y)
    }
    let images = ImageGrid(
      (0..<6).map { k in (0..<64).map { Double(($0 * k) % 7) / 6 } }, width: 8, height: 8,
      columns: 3, frames: [1: .second])
    return Figure(
      "A zoo of marks: x < y & \"z\" > 'w'", height: 600, columns: 2,
      panels: [
        Panel(
          title: "Curves", x: Axis("x"), y: Axis("y"), labels: .atEnds,
          marks: [
            .line(wave, label: "a & b"),
            .steps(wave, label: "<c>", colour: .second, style: .dashed),
            .band(wave.map { (x: $0.0, lower: $0.1 - 1, upper: $0.1 + 1) }, label: "band"),
            .area(wave, colour: .third), .vertical(at: 2, label: "v"), .horizontal(at: 0.5),
            .text("here", at: (3, 0)),
          ]),
        Panel(
          x: Axis("k", scale: .log10), y: Axis("gap", scale: .log10),
          marks: [
            .errorBars([(x: 1, y: 1, error: 2), (x: 10, y: 0.1, error: 0.05)], label: "e"),
            .bars([(x: 3, height: 0.5)], width: 1),
          ]),
        Panel(
          x: Axis("z₁"), y: Axis("z₂"), equalAspect: true,
          marks: [
            .density(surface, label: "density"), .contours(surface, colour: .ink),
            .ellipse(centre: (0, 0), covariance: (xx: 1, xy: 0.3, yy: 0.5), colour: .fourth),
            .points([(0, 0), (1, 1)]), .histogram(of: [0, 1, 1], over: 0...2, bins: 2),
          ]),
        Panel(title: "Images", images: images, rows: ["first", "second"]),
      ])
  }

  @Test("well-formed, accessible, with escaped text")
  func wellFormed() throws {
    let reader = FigureReader(Self.zoo())
    let svg = reader.elements[0]
    #expect(svg.attributes["role"] == "img")
    #expect(svg.attributes["viewBox"] == "0 0 640 600")
    #expect(svg.attributes["aria-labelledby"] == "title desc")
    #expect(reader.all("title").first?.text == "A zoo of marks: x < y & \"z\" > 'w'")
    #expect(reader.all("desc").first?.text.contains("a & b, <c>, band") == true)
    let texts = reader.all("text").map(\.text)
    for label in ["a & b", "<c>", "band", "v", "here", "first", "second", "z₁", "density"] {
      #expect(texts.contains(label), "\(label)")
    }
    #expect(reader.all("ellipse").count == 1)
    // Every class in use has a rule, every area a window of its own.
    let style = try #require(reader.all("style").first).text
    for name in Set(
      reader.elements.compactMap { $0.attributes["class"] }.flatMap { $0.split(separator: " ") })
    {
      #expect(style.contains(".\(name){"), "\(name)")
    }
    #expect(Set(reader.all("clipPath").compactMap { $0.attributes["id"] }).count == 4)
  }

  @Test("characters that XML forbids do not reach the file")
  func forbiddenCharacters() {
    let reader = FigureReader(Figure("a\u{0}b\u{1B}c\u{FFFE}d\ne", panels: []))
    #expect(reader.all("title").first?.text == "a\u{FFFD}b\u{FFFD}c\u{FFFD}d e")
  }

  @Test("the same bytes every time")
  func deterministic() {
    #expect(Self.zoo().svg() == Self.zoo().svg())
    #expect(Self.zoo().svg().utf8.count < 40_000)
  }

  @Test("numbers have two decimals at most, and a point whatever the locale")
  func numbers() {
    #expect(
      [0, -0.001, 0.05, -0.5, 12.345, 100, 1 / 3].map(SVG.number) == [
        "0", "0", "0.05", "-0.5", "12.35", "100", "0.33",
      ])
    #expect(SVG.number(-1e300) == "-1000000" && SVG.number(.infinity) == "1000000")
  }

  static let awkward: [[(Double, Double)]] = [
    [], [(3, 4)], [(1, 2), (1, 2)], [(0, 5), (1, 5)], [(.nan, .nan)], [(0, .infinity), (1, 1)],
    [(0, 0), (1, .nan), (2, 1)], [(-1, -1), (-2, -3)], [(1e308, -1e308), (-1e308, 1e308)],
    [(1e299, 1e299), (-1e299, -1e299)],
    [(.leastNonzeroMagnitude, .leastNonzeroMagnitude), (.leastNormalMagnitude, 0)],
    [(1e15, 1), (1e15 + 1, 1 + 1e-15)],
  ]

  @Test("awkward data give a figure all the same", arguments: awkward, [Axis.Scale.linear, .log10])
  func degenerate(points: [(Double, Double)], scale: Axis.Scale) {
    let triples = points.map { (x: $0.0, lower: $0.1, upper: 2 * $0.1) }
    var marks: [Mark] = [
      .line(points, label: "l"), .steps(points, colour: .second), .points(points), .area(points),
      .band(triples), .errorBars(triples.map { (x: $0.x, y: $0.lower, error: $0.upper) }),
      .bars(points.map { (x: $0.0, height: $0.1) }, width: 1),
      .histogram(of: points.map(\.1), over: 0...1, bins: 3),
    ]
    for (x, y) in points {
      marks += [
        .vertical(at: x, label: "x"), .horizontal(at: y, label: "y"), .text("t", at: (x, y)),
      ]
      guard scale == .linear else { continue }
      marks.append(.ellipse(centre: (x, y), covariance: (xx: abs(x), xy: 0, yy: abs(y))))
    }
    for placement in [Panel.LabelPlacement.legend, .atEnds] {
      for equal in [false, true] {
        let axis = Axis("axis", scale: scale)
        let panel = Panel(x: axis, y: axis, equalAspect: equal, labels: placement, marks: marks)
        _ = FigureReader(Figure("awkward", panels: [panel]))
      }
    }
  }

  @Test("surfaces and images without numbers, figures without panels, panels without room")
  func degenerateSurfaces() {
    let surfaces = [Double.nan, -.infinity, 0, 1e308].map { value in
      Surface(x: 0...1, y: 0...1, columns: 3, rows: 3) { x, _ in x < 0.6 ? value : 1 }
    }
    let grid = ImageGrid([[.nan], [7], [-7], [.infinity]], width: 1, height: 1, columns: 3)
    let panels = surfaces.flatMap { [Panel(marks: [.density($0), .contours($0)])] }
    _ = FigureReader(Figure("", panels: panels + [Panel(images: grid)]))
    _ = FigureReader(
      Figure("", panels: [Panel(images: ImageGrid([], width: 1, height: 1, columns: 1))]))
    _ = FigureReader(Figure("", panels: []))
    _ = FigureReader(Figure("tiny", width: 10, height: 10, panels: Self.zoo().panels))
  }

  @Test("a value that a logarithm cannot show leaves a gap; a band runs down to the axis")
  func logarithmicGaps() throws {
    let axis = Axis(scale: .log10)
    let gap = Panel(y: axis, marks: [.line([(0, 1), (1, 10), (2, 0), (3, -5), (4, 100), (5, 1)])])
    let line = try #require(FigureReader(Figure("", panels: [gap])).paths("line").first)
    #expect(line.count { $0 == "M" } == 2)
    let band = Panel(
      y: Axis(scale: .log10, range: 1...100),
      marks: [.band([(x: 0, lower: -1, upper: 10), (x: 1, lower: 0, upper: 10)])])
    let reader = FigureReader(Figure("", panels: [band]))
    let foot = positions(try #require(reader.paths("axis").first))[0].y
    let outline = positions(try #require(reader.paths("fill").first))
    #expect(outline.filter { abs($0.y - foot) < 0.011 }.count == 2)
  }

  @Test("many points make a small file")
  func sizes() {
    var state: UInt64 = 1
    func random() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / 0x1p53
    }
    func size(_ marks: [Mark]) -> Int { Figure("", panels: [Panel(marks: marks)]).svg().utf8.count }
    let trace = (0..<100_000).map { (Double($0), random()) }
    #expect(size([.line(trace)]) < 40_000)
    #expect(size([.line(over: 0...10, samples: 100_000) { sin($0) }]) < 6_000)
    #expect(size([.points((0..<5_000).map { _ in (random(), random()) })]) < 80_000)
    let hill = Surface(x: -3...3, y: -3...3, columns: 201, rows: 201) { x, y in
      exp(-x * x - x * y - y * y)
    }
    #expect(size([.density(hill)]) < 20_000)
    let digits = (0..<400).map { _ in (0..<64).map { _ in random() < 0.5 ? 0 : random() } }
    #expect(size([.images(ImageGrid(digits, width: 8, height: 8, columns: 20))]) < 150_000)
  }

  @Test("an image grid shows every pixel in its shade, lighter strokes first")
  func imagePixels() throws {
    let (width, height, columns) = (5, 4, 2)
    let images = (0..<3).map { k in
      (0..<20).map { i in
        let tenths = (7 * i * i + i + 3 * k) % 11
        return Double(tenths) / 10
      }
    }
    let grid = ImageGrid(images, width: width, height: height, columns: columns)
    let reader = FigureReader(Figure("", panels: [Panel(images: grid)]))
    // Paint the strokes in the file's order on a canvas of image pixels.
    var canvas: [[Int]: Int] = [:]
    for shade in 1...Style.imageShades {
      guard let path = reader.paths("shade s\(shade)").first else { continue }
      var (x, y) = (0, 0)
      for stroke in path.dropFirst().split(whereSeparator: { "Mm".contains($0) }) {
        let parts = stroke.split { " h".contains($0) }
        x += try #require(Int(parts[0]))
        y += Int(try #require(Double(parts[1])).rounded(.down))
        for _ in 0..<(try #require(Int(parts[2]))) {
          canvas[[x, y]] = shade
          x += 1
        }
      }
    }
    for (k, image) in images.enumerated() {
      for (i, intensity) in image.enumerated() {
        let x = (k % columns) * (width + 1) + i % width
        let y = (k / columns) * (height + 1) + i / width
        let shade = Int((intensity * Double(Style.imageShades)).rounded())
        #expect(canvas[[x, y]] ?? 0 == shade)
      }
    }
  }

  @Test("every colour keeps its contrast, on its own page and, unstyled, on either")
  func contrast() {
    for colour in Mark.Colour.allCases {
      for page in [Style.lightPage, Style.darkPage] {
        #expect(contrast(colour.anywhere, page) >= 3, "\(colour) on \(page)")
      }
      #expect(contrast(colour.onDark, Style.darkPage) >= 4.5)
    }
    for page in [Style.lightPage, Style.darkPage] {
      #expect(contrast(Mark.Colour.ink.anywhere, page) >= 4)
    }
    #expect(contrast(Style.lightInk, Style.lightPage) >= 7)
    #expect(contrast(Mark.Colour.ink.onDark, Style.darkPage) >= 7)
  }

  /// The contrast ratio of WCAG 2.2, from 1 to 21.
  private func contrast(_ a: String, _ b: String) -> Double {
    func luminance(_ colour: String) -> Double {
      let code = Int(colour.dropFirst(), radix: 16) ?? 0
      return zip([16, 8, 0], [0.2126, 0.7152, 0.0722]).reduce(0) { sum, channel in
        let c = Double((code >> channel.0) & 255) / 255
        return sum + channel.1 * (c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4))
      }
    }
    let (x, y) = (luminance(a), luminance(b))
    return (max(x, y) + 0.05) / (min(x, y) + 0.05)
  }
}
