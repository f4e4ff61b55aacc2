import Foundation
import Testing
import TinyNumerics
import ToyModels

@testable import chapter4

@Suite("eq. 4.8: log p_θ(x) and D(q_φ‖p_θ(z|x)) while both networks learn")
struct JointTrainingTests {
  @Test(
    "eq. 4.8: log p = ELBO + D at every moment, and the ELBO has climbed", arguments: [1, 2, 3])
  func moments(seed: UInt64) {
    var generator = Threefry(seed: seed, stream: 48)
    var training = JointTraining(of: neural, data: draws(20, seed: seed), using: &generator)
    let moments = training.run(recording: [0, 10, 20, 30, 40])
    #expect(moments.map(\.step) == [0, 10, 20, 30, 40])
    for moment in moments {
      #expect(moment.badness <= 1)
      #expect(moment.allowance < 1e-3)
      #expect(abs(moment.logEvidence - moment.elbo - moment.divergence) <= moment.allowance)
      #expect(moment.divergence > 1e-3, "not only zeros are compared")
    }
    #expect(moments.last!.elbo > moments[0].elbo)
  }

  @Test("eq. 4.8: at the true θ the evidence is the model's own, and D is that of 4.2")
  func trueDecoder() {
    let data = DataSet(of: neural, x: draws(8, seed: 4))
    let evidence = EvidenceGrid(decoder: neuralDecoder, data: data.x)
    let lambda = Array(data.optima.map(\.lambda).joined())
    let gaps = posteriorGaps(
      lambda, data.x, neuralDecoder, logNormalisers: evidence.shifted)
    let reference = Gaps(of: lambda, on: data, decoder: neuralDecoder)
    for i in 0..<data.count {
      #expect(abs(evidence.plain[i] - data.logEvidence[i].value) < 1e-10)
      #expect(abs(gaps[i].value - reference.divergence[i].value) < 1e-10)
    }
  }

  @Test(
    "eq. 4.8: the evidence's error is half of what the grid's shift changes, and covers the mean")
  func evidenceError() {
    var sharp = neuralDecoder
    sharp.parameters = sharp.parameters.map { 8 * $0 }  // so that 400 nodes are too few
    let evidence = EvidenceGrid(decoder: sharp, data: draws(4, seed: 7))
    for i in 0..<4 {
      let mean = (evidence.plain[i] + evidence.shifted[i]) / 2
      #expect(evidence.error(i) > 0)
      #expect(abs(abs(evidence.plain[i] - mean) - evidence.error(i)) <= 1e-15 * abs(mean))
    }
  }

  @Test("a data set of N is the model's next N draws")
  func dataSet() {
    var (one, other) = (Threefry(seed: 8), Threefry(seed: 8))
    let data = DataSet(of: neural, count: 3, using: &one)
    #expect(data.count == 3 && data.x == (0..<3).map { _ in neural.sample(using: &other).x })
  }

  @Test(
    "eq. 4.8: a step is one of Adam down −mean ELBO, for both networks: its first moves are ±rate")
  func firstStep() {
    var generator = Threefry(seed: 5, stream: 48)
    var training = JointTraining(of: neural, data: draws(10, seed: 5), using: &generator)
    let before = (training.decoder.parameters, training.guide.network.parameters)
    let elbo = training.moment().elbo
    training.step()
    for (old, new) in [
      (before.0, training.decoder.parameters), (before.1, training.guide.network.parameters),
    ] {
      let moves = zip(new, old).map { abs($0 - $1) }
      #expect(moves.allSatisfy { abs($0 - JointTraining.learningRate) < 1e-4 })
    }
    #expect(training.moment().elbo > elbo)
    #expect(training.steps == 1)
  }

  @Test("eq. 4.8: it starts elsewhere: every parameter of θ moved by N(0, 0.3²)")
  func start() {
    var generator = Threefry(seed: 6, stream: 48)
    let data = draws(2, seed: 6)
    let training = JointTraining(of: neural, data: data, using: &generator)
    let moves = Estimate(
      zip(training.decoder.parameters, neuralDecoder.parameters).map { $0.0 - $0.1 })
    #expect(moves.count == 52)
    // five standard errors of a standard deviation from 52 draws: 5 · 0.3/√104
    #expect(abs(moves.variance.squareRoot() - 0.3) < 0.15)
    #expect(abs(moves.mean) < 5 * 0.3 / 52.0.squareRoot())
    let unmoved = JointTraining(of: neural, data: data, perturbation: 0, using: &generator)
    #expect(unmoved.decoder.parameters == neuralDecoder.parameters)
  }

  @Test("a tabulated decoder gives the terms of p(x) = ∫ p(x, z) dz")
  func tabulated() {
    let grid = Grid(over: -6...6, count: 300)
    let table = TabulatedDecoder(neuralDecoder, on: grid, shifted: true)
    let x = SIMD2(0.7, -0.2)
    for (k, value) in table.logJoint(x).enumerated() where k % 29 == 0 {
      #expect(table.z[k] == grid.node(k, shifted: true))
      let exact = neural.logJoint(x, table.z[k]) + log(grid.spacing)
      #expect(abs(value - exact) < 1e-12 * (1 + abs(exact)))
    }
  }
}
