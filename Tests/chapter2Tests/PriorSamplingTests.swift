import Foundation
import Testing

@testable import TinyNumerics
@testable import ToyModels
@testable import chapter2

@Suite("eq. 2.4: the evidence from prior samples")
struct PriorSamplingTests {
  @Test("eq. 2.4: unbiased, for models at random", arguments: 1...6)
  func unbiased(seed: Int) {
    var generator = Threefry(seed: UInt64(300 + seed))
    let mixture = randomMixture(using: &generator)
    let x = mixture.sample(using: &generator).x
    let estimate = priorSampling(of: mixture, at: x, draws: 20_000, using: &generator)
    #expect(standardErrorsOff(estimate, 1) < 5)
    let linear = randomLinear(2, 1, using: &generator)
    let y = linear.sample(using: &generator).x
    #expect(
      standardErrorsOff(priorSampling(of: linear, at: y, draws: 20_000, using: &generator), 1) < 5)
  }

  /// NumPy: `k = 16, 64`: the integral of eq. 3.18 over log t with step 0.05, 8,192 nodes of z.
  @Test("eq. 2.4: the neural model's bias, against values computed elsewhere")
  func golden() {
    for (k, exact) in [(16, -0.557477145714304), (64, -0.0732727982018111)] {
      let bias = logBias(of: NeuralModel.example, at: SIMD2(0.48, 0.3), draws: k)
      #expect(abs(bias.value - exact) <= bias.error + 1e-11)
      #expect(bias.error < 1e-10)
    }
  }

  @Test("eq. 2.4: bias by integral = by enumeration, also for one draw", arguments: [1, 2, 5, 17])
  func enumeration(k: Int) {
    var generator = Threefry(seed: UInt64(310 + k))
    let random = randomMixture(using: &generator)
    for (model, x) in [(MixtureModel.example, 2.0), (MixtureModel.example, -1), (random, 0.4)] {
      let bias = logBias(of: model, at: x, draws: k)
      let exact = logBiasByEnumeration(of: model, at: x, draws: k)
      #expect(abs(bias.value - exact) <= bias.error + 1e-12)
      #expect(bias.error < 1e-10 && bias.value < 0)
    }
    let one = logBiasByEnumeration(of: .example, at: 2, draws: 1)
    let direct = meanOfLogs(of: MixtureModel.example, at: 2).value
    #expect(abs(one - (direct - MixtureModel.example.logEvidence(of: 2).value)) < 1e-13)
  }

  @Test(
    "eq. 2.4: k · bias tends to −½ relative variance, not to the whole of it",
    arguments: [-1, 0.5, 2])
  func limit(x: Double) {
    let limit = limitOfScaledBias { logBias(of: MixtureModel.example, at: x, draws: $0) }
    let variance = secondMomentUnderPrior(of: MixtureModel.example, at: x).value - 1
    #expect(abs(limit.value + variance / 2) <= limit.error)
    #expect(limit.error < 1e-5 && variance > 0.5)
  }

  @Test("eq. 2.4: the control variate leaves the mean and takes most of the variance away")
  func controlVariate() {
    var generator = Threefry(seed: 320)
    let (model, x, k) = (MixtureModel.example, 2.0, 64)
    let exact = logBias(of: model, at: x, draws: k).value
    let controlled = logBiasEstimate(of: model, at: x, draws: k, batches: 4_000, using: &generator)
    #expect(standardErrorsOff(controlled, exact) < 5)
    #expect(abs(controlled.mean / exact - 1) < 0.25)
    let plain = Estimate(draws: 4_000) {
      log(priorSampling(of: model, at: x, draws: k, using: &generator).mean)
    }
    #expect(standardErrorsOff(plain, exact) < 5)
    #expect(controlled.variance < 0.2 * plain.variance)
  }
}

@Suite("eq. 2.12: the price of prior sampling")
struct RelativeMomentTests {
  /// NumPy: `det(I+A)**(m/2) * det(I+m*A)**-.5 * exp(m*m/2 * h @ solve(I+m*A, h) - m/2 * h @
  /// solve(I+A, h))`.
  @Test("eq. 2.8: the chain's relative variance, against values computed elsewhere")
  func golden() {
    for (dimension, exact) in [
      (1, 1.8270680674503639), (2, 3.1780696173674503), (4, 9.226213495380554),
      (8, 76.52960843251846), (12, 634.5533706394394), (16, 5261.500704641131),
    ] {
      let model = LinearGaussianModel.chain(dimension)
      let moment = relativeMoment(2, of: model, at: model.unremarkableObservation)
      #expect(abs(moment / exact - 1) < 1e-12)
    }
    #expect(Chapter2.drawsForGrowth(16) == Int(15_000 * 6.301403524076786))
    #expect(Chapter2.drawsForGrowth(1) == 5_000)
  }

  @Test("eq. 2.8: every moment = its integral over z; the first is 1", arguments: [1, 2, 3, 4])
  func moments(m: Double) {
    var generator = Threefry(seed: 330)
    for j in 1...3 {
      let model = randomLinear(1, j, using: &generator)
      let x = model.sample(using: &generator).x
      let evidence = model.logEvidence(of: x).value
      let integral = integrate(over: -.infinity ... .infinity) { z in
        exp(m * (model.logLikelihood(x, given: [z]) - evidence) + model.prior.logDensity([z]))
      }
      let closed = relativeMoment(m, of: model, at: x)
      #expect(abs(integral.value / closed - 1) < 1e-9)
      if m == 1 { #expect(abs(closed - 1) < 1e-12) }
    }
  }

  @Test("eq. 2.12: the moments' definition on the line = the closed form", arguments: [1, 2, 3])
  func onLine(m: Int) {
    let (model, x) = (LinearGaussianModel.line, [0.2, 1.1])
    let integral = relativeMomentOnLine(m, of: model, at: x)
    #expect(abs(integral.value / relativeMoment(Double(m), of: model, at: x) - 1) < 1e-11)
  }

  @Test("eq. 2.12: prior's second moment = posterior's first, at random", arguments: 1...8)
  func identity(seed: Int) {
    var generator = Threefry(seed: UInt64(340 + seed))
    let mixture = randomMixture(using: &generator)
    let x = mixture.sample(using: &generator).x
    let sides = (
      secondMomentUnderPrior(of: mixture, at: x), secondMomentUnderPosterior(of: mixture, at: x)
    )
    #expect(abs(sides.0.value / sides.1.value - 1) < 1e-12 && sides.0.value > 1)
    let linear = randomLinear(1, 2, using: &generator)
    let y = linear.sample(using: &generator).x
    let onLine = secondMomentUnderPosteriorOnLine(of: linear, at: y)
    let closed = relativeMoment(2, of: linear, at: y)
    #expect(abs(onLine.value - closed) <= onLine.error + 1e-12 * closed)
    let rough = secondMomentUnderPosterior(of: linear, at: y)
    #expect(abs(rough.value - closed) <= 10 * rough.error + 1e-9 * closed)
  }

  /// NumPy, 8,192 nodes over |z| ≤ 8.
  @Test("eq. 2.12: the neural model, against values computed elsewhere")
  func neural() {
    let exact = [9.30951227323731, 9.65914428077714, 11.7213434812233, 8.08844449054197]
    for (x, exact) in zip(neuralPoints, exact) {
      for side in [
        secondMomentUnderPrior(of: NeuralModel.example, at: x),
        secondMomentUnderPosterior(of: NeuralModel.example, at: x),
      ] { #expect(abs(side.value / exact - 1) < 1e-9) }
    }
  }

  @Test("eq. 2.12: both samplers meet the closed form; posterior draws are the calmer ones")
  func samplers() {
    var generator = Threefry(seed: 350)
    let model = LinearGaussianModel.chain(3)
    let x = model.unremarkableObservation
    let exact = relativeMoment(2, of: model, at: x)
    let calm = secondMomentEstimate(of: model, at: x, draws: 20_000, using: &generator)
    let noisy = secondMomentEstimateFromPrior(of: model, at: x, draws: 20_000, using: &generator)
    #expect(standardErrorsOff(calm, exact) < 5 && standardErrorsOff(noisy, exact) < 5)
    let third = relativeMoment(3, of: model, at: x)
    #expect(abs(calm.variance / (third - exact * exact) - 1) < 0.2)
    #expect(noisy.variance > 10 * calm.variance)
  }
}
