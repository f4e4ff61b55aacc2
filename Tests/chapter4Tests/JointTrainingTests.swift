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
      #expect(moment.terms.count == 20)
      #expect(moment.terms.map(\.residual).allSatisfy { abs($0.value) <= $0.error })
      #expect(moment.terms.allSatisfy { abs($0.residual.value) <= abs(moment.worst.value) })
      let allowed = moment.terms.map(\.residual.error)
      #expect(allowed.min()! < 1e-6, "none of the three could be off by a millionth unnoticed")
      #expect(abs(moment.logEvidence - moment.elbo - moment.divergence) <= mean(allowed))
      #expect(moment.divergence > 1e-3, "not only zeros are compared")
    }
    #expect(moments.last!.elbo > moments[0].elbo)
  }

  @Test("eq. 4.8: at the true θ the three are those of 4.1 and 4.2")
  func trueDecoder() {
    let data = DataSet(of: neural, x: draws(8, seed: 4))
    var generator = Threefry(seed: 4, stream: 48)
    let training = JointTraining(of: neural, data: data.x, perturbation: 0, using: &generator)
    let moment = training.moment()
    let reference = Gaps(of: training.guide, on: data, decoder: neuralDecoder)
    for (i, terms) in moment.terms.enumerated() {
      #expect(abs(terms.logEvidence.value - data.logEvidence[i].value) < 1e-11)
      let divergence = reference.divergence[i]
      #expect(abs(terms.divergence.value - divergence.value) < 1e-9 * (1 + divergence.value))
      let elbo = data.optima[i].elbo - reference.amortization[i]
      #expect(abs(terms.elbo.value - elbo) < 1e-9 * (1 + abs(elbo)))
    }
  }

  @Test("eq. 4.8: any one of the three off by 1e-6 nats shows")
  func eachIsSeen() {
    var generator = Threefry(seed: 9, stream: 48)
    var training = JointTraining(of: neural, data: draws(20, seed: 9), using: &generator)
    let moment = training.run(recording: [100])[0]
    let off = Integral(exactly: 1e-6)
    for terms in moment.terms {
      for wrong in [
        Moment.Terms(
          logEvidence: terms.logEvidence + off, elbo: terms.elbo, divergence: terms.divergence),
        Moment.Terms(
          logEvidence: terms.logEvidence, elbo: terms.elbo + off, divergence: terms.divergence),
        Moment.Terms(
          logEvidence: terms.logEvidence, elbo: terms.elbo, divergence: terms.divergence + off),
      ] {
        #expect(abs(terms.residual.value) <= terms.residual.error)
        #expect(abs(wrong.residual.value) > wrong.residual.error)
      }
    }
  }

  @Test("eq. 4.8: the gradients by φ and θ of the mean ELBO, entry by entry")
  func gradients() {
    var generator = Threefry(seed: 10, stream: 48)
    var training = JointTraining(of: neural, data: draws(3, seed: 10), using: &generator)
    let slopes = training.objective()
    let (still, none) = (slopes.guide.map { _ in 0.0 }, slopes.decoder.map { _ in 0.0 })
    let start = training
    func elbo(guide: [Double], decoder: [Double]) -> Double {
      var moved = start.moved(1, guide: guide, decoder: decoder)
      return moved.objective().elbo
    }
    let byGuide = numericalGradient(still) { elbo(guide: $0, decoder: none) }
    let byDecoder = numericalGradient(none) { elbo(guide: still, decoder: $0) }
    #expect(relativeDistance(slopes.guide, byGuide) < 1e-7)
    #expect(relativeDistance(slopes.decoder, byDecoder) < 1e-7)
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
}
