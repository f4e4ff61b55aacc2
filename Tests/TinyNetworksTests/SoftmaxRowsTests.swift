import Foundation
import Testing

@testable import TinyNetworks
@testable import TinyNumerics

@Suite("softmax of rows")
struct SoftmaxRowsTests {
  @Test("weights and log-sums, one row at a time by logSumExp", arguments: [1, 3, 7, 8, 9, 16, 17])
  func rows(columns: Int) {
    var generator = Threefry(seed: UInt64(columns))
    let logs = (0..<5 * columns).map { _ in 30 * generator.normal() }
    var weights = logs
    let sums = softmaxRows(&weights, rows: 5, columns: columns)
    #expect(sums.count == 5)
    for row in 0..<5 {
      let range = row * columns..<(row + 1) * columns
      #expect(abs(sums[row] - logSumExp(logs[range])) < 1e-13 * (1 + abs(sums[row])))
      #expect(abs(weights[range].reduce(0, +) - 1) < 1e-14)
      for i in range { #expect(abs(weights[i] - exp(logs[i] - sums[row])) < 1e-13) }
    }
  }

  @Test("neither overflow nor underflow; no rows at all")
  func extremes() {
    var weights = [1e4, 1e4 + log(3), -1e4, -1e4]
    let sums = softmaxRows(&weights, rows: 2, columns: 2)
    #expect(abs(sums[0] - 1e4 - log(4)) < 1e-11 && abs(sums[1] + 1e4 - log(2)) < 1e-11)
    #expect(abs(weights[0] - 0.25) < 1e-11 && abs(weights[1] - 0.75) < 1e-11)
    #expect(weights[2] == 0.5 && weights[3] == 0.5)
    var none: [Double] = []
    #expect(softmaxRows(&none, rows: 0, columns: 3).isEmpty)
  }
}
