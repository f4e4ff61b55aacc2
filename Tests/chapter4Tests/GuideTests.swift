import Foundation
import Testing
import TinyNetworks
import TinyNumerics
import ToyModels

@testable import chapter4

@Suite("eq. 4.4: guides of growing width")
struct GuideTests {
  @Test(
    "eq. 4.4: a grown network is the same function",
    arguments: [([2, 3, 2], [2, 7, 2]), ([2, 3, 4, 2], [2, 5, 9, 2]), ([2, 2], [2, 2])])
  func grownNetwork(widths: [Int], wider: [Int]) {
    var generator = Threefry(seed: 41)
    let narrow = DenseNetwork<Double>(widths: widths, activation: .tanh, using: &generator)
    let wide = grown(narrow, widths: wider, using: &generator)
    #expect(wide.widths == wider && wide.parameterCount == wide.parameters.count)
    let inputs = (0..<20).map { _ in 3 * generator.normal() }
    #expect(
      zip(narrow(inputs, rows: 10), wide(inputs, rows: 10)).allSatisfy { abs($0 - $1) < 1e-14 })
    // but not a dead one: the new units have something to say
    if wider != widths { #expect(wide.parameters.count { $0 != 0 } > narrow.parameterCount) }
  }

  @Test("eq. 4.4: the distillation's divergence is eq. 1.8, its gradient a derivative")
  func distillation() {
    let optima = [[0.4, -3], [-1.2, -5]].map {
      LocalOptimum(lambda: $0, elbo: 0, gradientNorm: 0, starts: 1, calls: 1)
    }
    let lambda = [0.1, -2, -1, -5.5]
    let (values, gradient) = divergences(lambda, from: optima)
    for i in 0..<2 {
      let exact = klDivergence(guide(lambda, at: i), relativeTo: optima[i].guide)
      #expect(abs(values[i] - exact) < 1e-13 * exact)
    }
    let numerical = numericalGradient(lambda) {
      divergences($0, from: optima).values.reduce(0, +)
    }
    #expect(relativeDistance(gradient, numerical) < 1e-8)
  }

  @Test("eq. 4.4: training climbs the mean ELBO; a constant guide stays constant")
  func training() {
    let data = draws(15, seed: 42)
    var batch = BatchELBO(data: data, decoder: neuralDecoder)
    let (constant, ascent) = trained(
      .constant, on: data, decoder: neuralDecoder, iterations: 200, cells: 48)
    #expect(ascent.converged)
    #expect(constant.network.parameters.prefix(4).allSatisfy { $0 == 0 })
    let values = batch(constant(data), decoder: neuralDecoder)
    #expect(abs(values.mean - ascent.value) < 1e-12)
    // a constant guide's gradients cancel over the data, though no data point's own is zero
    let sum = (0..<2).map { k in data.indices.reduce(0) { $0 + values.gradient[2 * $1 + k] } }
    #expect(abs(sum[0]) < 1e-5 && abs(sum[1]) < 1e-5)
    let linear = trained(
      .linear(from: constant), on: data, decoder: neuralDecoder, iterations: 3, cells: 48)
    #expect(linear.ascent.value > ascent.value)
  }

  @Test("eq. 4.4: the gaps shrink along the family and none is negative")
  func family() {
    let data = DataSet(of: neural, x: draws(30, seed: 43))
    var generator = Threefry(seed: 44)
    let family = GuideFamily(for: data, decoder: neuralDecoder, using: &generator)
    let gaps = family.all.map { Gaps(of: $0, on: data, decoder: neuralDecoder) }
    let means = gaps.map { mean($0.amortization) }
    for (wider, narrower) in zip(means.dropFirst(), means) { #expect(wider <= narrower) }
    #expect(means.last! < 0.2 * means[1], "a network does far better than a linear guide")
    for gaps in gaps {
      #expect(gaps.amortization.allSatisfy { $0 >= 0 } && gaps.approximation.allSatisfy { $0 > 0 })
      #expect(gaps.cases.allSatisfy { abs($0.lhs - $0.rhs) <= $0.allowance })
    }
    checkCost(of: family, on: data)
    checkStart(on: data)
  }

  /// A network starts no worse than the one before it: here one of its own size, trained, which no
  /// few random networks match.
  private func checkStart(on data: DataSet) {
    var generator = Threefry(seed: 46)
    var batch = BatchELBO(
      data: data.x, decoder: neuralDecoder, cells: GuideFamily.trainingCells)
    let good = (0..<4).map { _ in
      let random = DenseNetwork<Double>(
        widths: [2, 3, 3, 2], activation: .tanh, using: &generator)
      let near = distilled(
        Guide("good", random), on: data.x, optima: data.optima, iterations: 250)
      return trained(
        near.guide, on: data.x, decoder: neuralDecoder, iterations: 200,
        cells: GuideFamily.trainingCells)
    }.max { $0.ascent.value < $1.ascent.value }!
    let start = GuideFamily.start(
      width: 3, after: good.guide, data: data, decoder: neuralDecoder, using: &generator)
    let reached = batch(start(data.x), decoder: neuralDecoder).mean
    #expect(reached >= good.ascent.value - 1e-12 * abs(good.ascent.value))
  }

  /// eq. 4.6 on the same objects.
  private func checkCost(of family: GuideFamily, on data: DataSet) {
    let cost = Cost(of: family.widest, optima: data.optima, decoder: neuralDecoder, nodes: 48)
    #expect(cost.localParameters == 60 && cost.guideParameters == 114)
    #expect(cost.guideWork == 2 * 8 + 8 * 8 + 8 * 2)
    #expect(cost.breakEven(latentDimension: 1) == 58)
    // 57 data points have 114 numbers, as many as the guide; 58 have more
    let calls = data.optima.reduce(0) { $0 + $1.calls } / 30
    #expect(cost.localWork == calls * 48 * 19)
    let constant = Cost(of: family.constant, optima: data.optima, decoder: neuralDecoder, nodes: 48)
    #expect(constant.guideParameters == 2 && constant.localWork == cost.localWork)
    #expect(constant.guideWork == 0, "weights that stay zero multiply nothing")
  }

  @Test("eq. 4.6: the optimiser's calls are counted one by one")
  func calls() {
    let x = SIMD2(1.5, 1.0)
    let posterior = neural.posterior(given: x)
    let lattice = GuideLattice.broad(of: neural)
    let optimum = localOptimum(
      of: x, posterior: posterior, lattice: lattice, decoder: neuralDecoder)
    var batch = BatchELBO(data: [x], decoder: neuralDecoder)
    #expect(batch.evaluations == 48)
    var calls = 0
    for start in localStarts(posterior, covering: lattice.best(for: x).map(\.guide)) {
      _ = maximise(from: start, tolerance: gradientTolerance) {
        calls += 1
        let result = batch($0, decoder: neuralDecoder)
        return (result.values[0], result.gradient)
      }
    }
    #expect(calls == optimum.calls)
  }

  @Test(
    "eq. 4.7: on x far from all data a network's gap is large, and still D = the sum of the two")
  func unseen() {
    let data = DataSet(of: neural, x: draws(10, seed: 45))
    let far = DataSet(of: neural, x: [SIMD2(4, 2), SIMD2(-5, 1)])
    let (linear, _) = trained(
      .linear(from: .constant), on: data.x, decoder: neuralDecoder, iterations: 100, cells: 48)
    let gaps = Gaps(of: linear, on: far, decoder: neuralDecoder)
    #expect(gaps.cases.allSatisfy { abs($0.lhs - $0.rhs) <= $0.allowance })
    #expect(gaps.amortization.allSatisfy { $0 > 0 })
    #expect(
      mean(gaps.amortization)
        > mean(Gaps(of: linear, on: data, decoder: neuralDecoder).amortization)
    )
  }

  @Test("a median")
  func medians() {
    #expect(median([3, 1, 2]) == 2)
    #expect(median([4, 1, 2, 3]) == 2.5)
    #expect(median([5, 1, 4, 2, 3]) == 3 && median([7]) == 7 && median([1, 4]) == 2.5)
  }
}
