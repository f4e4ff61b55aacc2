import Foundation
import Testing

@testable import Figures

@Suite("Ticks of figures")
struct FigureTicksTests {
  static let ranges: [ClosedRange<Double>] = [
    0...1, -1...1, 0.1...0.30000000000000004, -1e299...1e299, 1e15...(1e15 + 1), 0...1e-280,
    -3e-7...5e-7, 99_999...100_001, 12_345_678...12_345_679, -1000...(-999.99), 0...7,
  ]

  @Test(
    "round, distinct, inside the range, at most as many as asked for",
    arguments: ranges, [3, 5, 9])
  func linear(range: ClosedRange<Double>, count: Int) {
    let ticks = Tick.ticks(.linear, over: range, count: count)
    let width = range.upperBound - range.lowerBound
    #expect((2...(2 * count + 1)).contains(ticks.count))
    #expect(Set(ticks.map(\.label)).count == ticks.count)
    for tick in ticks {
      #expect(tick.value >= range.lowerBound - 1e-8 * width)
      #expect(tick.value <= range.upperBound + 1e-8 * width)
    }
    // The step's leading digits: 1, 2 or 5.
    let step = (ticks[ticks.count - 1].value - ticks[0].value) / Double(ticks.count - 1)
    let leading = step / pow(10, log10(step * 1.0001).rounded(.down))
    #expect([1, 2, 5].contains { abs(leading - $0) < 1e-3 })
  }

  @Test("labels are the ticks' digits")
  func labels() {
    func labels(_ range: ClosedRange<Double>, _ count: Int) -> [String] {
      Tick.ticks(.linear, over: range, count: count).map(\.label)
    }
    #expect(labels(0.1...(0.1 + 0.2), 3) == ["0.1", "0.2", "0.3"])
    #expect(labels(-1...1, 5) == ["−1.0", "−0.5", "0", "0.5", "1.0"])
    #expect(labels(0...20_000, 3) == ["0", "10000", "20000"])
    #expect(labels(0...3e9, 4) == ["0", "10⁹", "2×10⁹", "3×10⁹"])
    #expect(labels(-1.5e-7...0, 4) == ["−1.5×10⁻⁷", "−1.0×10⁻⁷", "−0.5×10⁻⁷", "0"])
    #expect(labels(0...1e-12, 2) == ["0", "10⁻¹²"])
    #expect(labels(0.98...1.02, 3) == ["0.98", "1.00", "1.02"])
  }

  @Test("logarithmic: powers of ten, with 2 and 5 or small ticks where they fit")
  func logarithmic() {
    func labels(_ low: Double, _ high: Double, _ count: Int) -> [String] {
      Tick.ticks(.log10, over: low...high, count: count).map(\.label).filter { !$0.isEmpty }
    }
    #expect(labels(0, 3, 5) == ["1", "10", "100", "1000"])
    #expect(labels(-1, 0, 6) == ["0.1", "0.2", "0.5", "1"])
    #expect(labels(-30, 10, 5) == ["10⁻³⁰", "10⁻²⁰", "10⁻¹⁰", "10⁰", "10¹⁰"])
    // Less than two powers of ten: round numbers.
    #expect(labels(log10(2), log10(7), 6) == ["2", "3", "4", "5", "6", "7"])
    let small = Tick.ticks(.log10, over: 0...2, count: 3)
    #expect(small.count == 19 && small[1] == Tick(value: 2, label: ""))
  }

  @Test("a span without data, with one value and with air")
  func spans() {
    func ends(_ scale: Axis.Scale, _ values: [Double], air: Bool = true) -> ClosedRange<Double> {
      var span = Span(scale)
      for value in values { span.include(value, air: air) }
      return span.ends
    }
    #expect(ends(.linear, []) == 0...1)
    #expect(ends(.linear, [.nan, .infinity, -1e305]) == 0...1)
    #expect(ends(.linear, [4]) == 2...6)
    #expect(ends(.linear, [-4]) == -6...(-2))
    #expect(ends(.linear, [0]) == -0.5...0.5)
    #expect(ends(.log10, [100]) == 1.5...2.5)
    #expect(ends(.log10, [-1, 0, 1, 100], air: false) == 0...2)
    #expect(ends(.linear, [0, 10]) == -0.5...10.5)
    #expect(ends(.linear, [3, 3 + 1e-13]).upperBound > 4)
  }

  @Test("an end that a bar stands on gets no air, the other does")
  func standing() {
    var span = Span(.linear)
    span.include(10)
    span.include(0, air: false)
    #expect(span.ends == 0...10.5)
  }
}
