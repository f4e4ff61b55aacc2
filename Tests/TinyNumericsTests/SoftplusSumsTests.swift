import Testing

@testable import TinyNumerics

@Suite("sums of softplus over rows")
struct SoftplusSumsTests {
  @Test("the sums of the numbers' own", arguments: [1, 7, 8, 9, 17, 784])
  func rows(columns: Int) {
    var generator = Threefry(seed: UInt64(columns))
    let x = (0..<3 * columns).map { _ in 20 * generator.normal() }
    let sums = softplusSums(x, rows: 3)
    #expect(sums.count == 3)
    for row in 0..<3 {
      let expected = x[row * columns..<(row + 1) * columns].reduce(0) { $0 + softplus($1) }
      #expect(abs(sums[row] - expected) < 1e-15 * Double(columns) * (1 + expected))
    }
  }

  @Test("far arguments, no columns, no rows")
  func extremes() {
    #expect(softplusSums([1e6, -1e6, 0, -800], rows: 2).map { $0.rounded() } == [1e6, 1])
    #expect(softplusSums([], rows: 2) == [0, 0])
    #expect(softplusSums([], rows: 0).isEmpty)
    #expect(softplusSums([.nan, 1], rows: 1)[0].isNaN)
  }
}
