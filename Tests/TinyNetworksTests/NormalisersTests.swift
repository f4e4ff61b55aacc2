import Foundation
import Testing

@testable import TinyNetworks
@testable import TinyNumerics

@Suite("log-normalisers of rows")
struct NormalisersTests {
  private static let widths = [1, 7, 8, 9, 17, 784]

  private func numbers(_ count: Int, spread: Double = 20) -> [Double] {
    var generator = Threefry(seed: UInt64(count))
    return (0..<count).map { _ in spread * generator.normal() }
  }

  @Test("Bernoulli: the sums of the numbers' own", arguments: widths)
  func bernoulli(width: Int) {
    let x = numbers(3 * width)
    let sums = softplusSums(x, rows: 3)
    #expect(sums.count == 3)
    for row in 0..<3 {
      let expected = x[row * width..<(row + 1) * width].reduce(0) { $0 + softplus($1) }
      #expect(abs(sums[row] - expected) < 1e-15 * Double(width) * (1 + expected))
    }
  }

  @Test("Bernoulli: far arguments, no columns, no rows")
  func extremes() {
    #expect(softplusSums([1e6, -1e6, 0, -800], rows: 2).map { $0.rounded() } == [1e6, 1])
    #expect(softplusSums([], rows: 2) == [0, 0])
    #expect(softplusSums([], rows: 0).isEmpty)
    #expect(softplusSums([.nan, 1], rows: 1)[0].isNaN)
  }

  @Test("categorical: log-sum-exp of each entry's planes", arguments: widths, [1, 2, 17])
  func categorical(width: Int, planes: Int) {
    let x = numbers(2 * planes * width)
    let sums = logSumExpSums(x, rows: 2, planes: planes)
    #expect(sums.count == 2)
    for row in 0..<2 {
      let entries = (0..<width).map { j in
        logSumExp((0..<planes).map { x[(row * planes + $0) * width + j] })
      }
      let size = entries.reduce(0) { $0 + abs($1) }
      #expect(abs(sums[row] - entries.reduce(0, +)) < 1e-15 * Double(width) * (1 + size))
    }
  }

  @Test("categorical: two planes (0, ℓ) are a Bernoulli; far logits do not overflow")
  func twoPlanes() {
    let logits = numbers(11)
    let zeros = [Double](repeating: 0, count: 11)
    let a = logSumExpSums(zeros + logits, rows: 1, planes: 2)[0]
    #expect(abs(a - softplusSums(logits, rows: 1)[0]) < 1e-13 * a)
    #expect(logSumExpSums([-1e6, 3, 1e6, 3], rows: 1, planes: 2)[0] == 1e6 + 3 + Foundation.log(2))
    #expect(logSumExpSums([], rows: 3, planes: 5) == [0, 0, 0])
  }

  /// Against `Normal`: log N(x; µ, σ²) = x µ/σ² − x²/(2σ²) − normaliser.
  @Test("Gaussian: natural parameters and normaliser make the density", arguments: widths)
  func gaussian(width: Int) {
    let outputs = numbers(2 * 2 * width, spread: 2)
    let x = numbers(width + 1, spread: 1)
    let (parameters, normalisers) = gaussianNaturalParameters(
      outputs, rows: 2, varianceFloor: 0.01)
    for row in 0..<2 {
      let start = 2 * row * width
      var (direct, sum, size) = (0.0, -normalisers[row], abs(normalisers[row]))
      for j in 0..<width {
        let variance = 0.01 + Foundation.exp(outputs[start + width + j])
        direct += Normal(mean: outputs[start + j], standardDeviation: variance.squareRoot())
          .logDensity(x[j])
        let terms = [x[j] * parameters[start + j], x[j] * x[j] * parameters[start + width + j]]
        sum += terms[0] + terms[1]
        size += abs(terms[0]) + abs(terms[1])
      }
      #expect(abs(sum - direct) < 1e-15 * Double(width + 8) * (1 + size))
    }
  }

  @Test("Gaussian: r beyond ±700 leaves numbers; the floor holds; no rows")
  func gaussianExtremes() {
    let (parameters, normalisers) = gaussianNaturalParameters(
      [1, 1, -5000, 5000], rows: 1, varianceFloor: 1e-4)
    #expect(abs(parameters[0] - 1e4) < 1e-8 && abs(parameters[2] + 5e3) < 1e-8)
    #expect(parameters[1] > 0 && parameters[3] < 0 && parameters.allSatisfy(\.isFinite))
    #expect(normalisers[0].isFinite)
    #expect(gaussianNaturalParameters([], rows: 0, varianceFloor: 1).normalisers.isEmpty)
  }
}
