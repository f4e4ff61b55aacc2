import Testing

@testable import Notebook
@testable import TinyNumerics
@testable import ToyModels
@testable import chapter2

/// The numbers that the page's solutions give, but those that stand in its tables.
@Suite("chapter 2, exercises")
struct ExerciseTests {
  @Test(
    "exercise 2: checks that are too coarse with few draws",
    arguments: [(1000, 46, 2.6, 0.079), (4000, 39, 1.9, 0.040)])
  func fewDraws(draws: Int, failures: Int, largest: Double, notices: Double) throws {
    let silent = Console(output: { _ in }, diagnostics: { _ in })
    let checks = Chapter2.perform(["--samples", "\(draws)"], console: silent).checks
    let failed = checks.filter { !$0.holds }
    #expect(checks.count == 108 && failed.count == failures)
    #expect(failed.allSatisfy { $0.kind == .monteCarlo && !$0.resolves })
    #expect(abs((failed.compactMap { $0.z.map(abs) }.max() ?? 9) - largest) < 0.05)
    let ratio = try #require(checks.first { $0.identity == "ratio 2: mean of w/p(x)" })
    #expect(abs(ratio.allowance - notices) < 5e-4)
  }

  @Test("exercise 3: the best width of a guide that is half a deviation off")
  func bestWidth() {
    let posterior = Gaussian(mean: [0], covariance: Matrix([[1]]))
    func moment(_ ratio: Double) -> Double {
      secondMomentOfWeights(
        posterior: posterior, guide: guide(beside: posterior, ratio: ratio, shift: 0.5))
    }
    let best = (3.5 + (3.5 * 3.5 - 8).squareRoot()) / 4
    #expect(abs(best - 1.39) < 5e-3 && abs(moment(best) - 1.199) < 5e-4)
    #expect(moment(best) < moment(best - 0.01) && moment(best) < moment(best + 0.01))
  }

  @Test("exercise 4: the prior in the place of the posterior passes")
  func priorPasses() {
    var generator = Threefry(seed: 1, row: 11, part: 4)
    let plane = LinearGaussianModel.plane
    let ranks = Calibration(
      of: plane, draws: 15, simulations: 6_000, using: &generator,
      posterior: { _ in plane.prior }, coordinate: { $0[0] })
    #expect(abs(ranks.rank.mean - 7.603) < 5e-4)
    #expect(abs(ranks.spread.mean - 20.955) < 5e-4)
    #expect(abs(ranks.fit.pValue - 0.53) < 5e-3)
  }

  @Test("exercise 5: with a noise variance of 2 the price still grows exponentially, more slowly")
  func noisierChain() {
    func chain(_ dimension: Int) -> LinearGaussianModel {
      let chain = LinearGaussianModel.chain(dimension)
      return LinearGaussianModel(
        weights: chain.weights, offset: chain.offset,
        noiseCovariance: 4 * chain.noise.covariance)
    }
    let moments = [1, 8, 16].map { d in
      relativeMoment(2, of: chain(d), at: chain(d).unremarkableObservation)
    }
    for (moment, exact) in zip(moments, [1.19, 3.13, 9.43]) { #expect(abs(moment - exact) < 5e-3) }
    #expect(abs(exp(log(moments[2] / moments[1]) / 8) - 1.15) < 5e-3)
    for d in 1...3 {
      let x = chain(d).unremarkableObservation
      let error =
        logEvidenceOnGrid(of: chain(d), at: x, nodes: 16) - chain(d).logEvidence(of: x).value
      #expect(abs(error) < 1e-8)
    }
  }
}
