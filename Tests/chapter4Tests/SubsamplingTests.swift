import Testing
import TinyNumerics
import ToyModels

@testable import chapter4

@Suite("eq. 4.5: subsampling")
struct SubsamplingTests {
  @Test("all batches: as many as the binomial coefficient, all different, none with a repetition")
  func batches() {
    for (count, size, number) in [(5, 2, 10), (8, 3, 56), (6, 6, 1), (7, 1, 7)] {
      let batches = allBatches(of: count, size: size)
      #expect(batches.count == number && Set(batches).count == number)
      #expect(batches.allSatisfy { Set($0).count == size && $0.allSatisfy((0..<count).contains) })
    }
  }

  @Test("eq. 4.5: mean and variance over all batches", arguments: 1...7)
  func enumerated(batchSize: Int) {
    var generator = Threefry(seed: 51)
    let values = (0..<7).map { _ in 10 * generator.normal() - 4 }
    #expect(enumerationAgrees(values, batchSize: batchSize) == [true, true])
    let moments = enumeratedMoments(values, batchSize: batchSize)
    let (n, b) = (7.0, Double(batchSize))
    // what it is not: without N/B; drawn with replacement; with s² over N
    let withReplacement = n * n * Estimate(values).variance / b
    #expect(abs(moments.variance - withReplacement) > 1)
    if batchSize < 7 {
      #expect(abs(moments.mean * b / n - total(values)) > 1)
      #expect(abs(moments.variance * 6 / 7 - batchVariance(values, batchSize: batchSize)) > 1e-3)
    } else {
      #expect(moments.variance < 1e-20)
    }
  }

  /// Two data points, batches of one: the estimate is 2a or 2b, mean a + b, variance (a − b)².
  @Test("eq. 4.5: two data points by hand")
  func byHand() {
    let moments = enumeratedMoments([3, -1], batchSize: 1)
    #expect(moments.mean == 2 && moments.variance == 16)
    #expect(batchVariance([3, -1], batchSize: 1) == 16)
    #expect(batchEstimate([3, -1], [0]) == 6)
  }

  @Test("batches of one: every data point as often as any other")
  func batchesOfOne() {
    var generator = Threefry(seed: 53)
    var sampler = BatchSampler(count: 5, batchSize: 1)
    var counts = Array(repeating: 0, count: 5)
    for _ in 0..<5_000 { counts[sampler.next(using: &generator).first!] += 1 }
    let uniform = Discrete(weights: Array(repeating: 1, count: 5))
    #expect(GoodnessOfFit.chiSquare(counts: counts, under: uniform).z > -5)
  }

  @Test("eq. 4.5: the gradient by φ, entry by entry, and against differences")
  func gradient() {
    let data = draws(6, seed: 52)
    var guide = Guide.linear(from: .constant)
    guide.network.parameters = [0.2, -0.1, 0.4, 0.3, 0.5, -2]
    let (values, gradients) = perDatumGradients(of: guide, on: data, decoder: neuralDecoder)
    for i in data.indices {
      let numerical = numericalGradient(guide.network.parameters) { parameters in
        var moved = guide
        moved.network.parameters = parameters
        var batch = BatchELBO(data: [data[i]], decoder: neuralDecoder)
        return batch(moved([data[i]]), decoder: neuralDecoder).values[0]
      }
      #expect(relativeDistance(gradients[i], numerical) < 1e-7)
    }
    for size in 1...6 {
      #expect(enumerationAgrees(values, batchSize: size) == [true, true])
      for k in 0..<6 {
        #expect(enumerationAgrees(gradients.map { $0[k] }, batchSize: size) == [true, true])
      }
    }
  }

  @Test("random batches: one after the other, they share no more than chance")
  func independence() {
    var generator = Threefry(seed: 54)
    var sampler = BatchSampler(count: 6, batchSize: 3)
    var last = Set(sampler.next(using: &generator))
    let shared = Estimate(draws: 20_000) {
      let next = Set(sampler.next(using: &generator))
      defer { last = next }
      return Double(last.intersection(next).count)
    }
    // hypergeometric: B²/N of the B are old acquaintances
    #expect(abs(shared.mean - 1.5) < 5 * shared.standardError)
  }

  @Test("random batches: without repetition, every pair equally often")
  func sampler() {
    var generator = Threefry(seed: 53)
    var sampler = BatchSampler(count: 5, batchSize: 2)
    var counts: [Set<Int>: Int] = [:]
    let draws = 20_000
    for _ in 0..<draws { counts[Set(sampler.next(using: &generator)), default: 0] += 1 }
    #expect(counts.count == 10 && counts.keys.allSatisfy { $0.count == 2 })
    // each count is binomial with p = 1/10: within 5 standard deviations
    for count in counts.values {
      #expect(abs(Double(count) - 2_000) < 5 * (20_000.0 * 0.1 * 0.9).squareRoot())
    }
  }
}

/// Whether mean and variance over all batches are what eq. 4.5 says, to rounding.
private func enumerationAgrees(_ values: [Double], batchSize: Int) -> [Bool] {
  let moments = enumeratedMoments(values, batchSize: batchSize)
  let size = total(values.map(abs))
  return [
    abs(moments.mean - total(values)) <= 1e-13 * size,
    abs(moments.variance - batchVariance(values, batchSize: batchSize)) <= 1e-13 * size * size,
  ]
}
