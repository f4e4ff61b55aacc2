import Foundation
import Testing
import TinyNumerics

@testable import chapter8

@Suite("eqs. 8.1 to 8.5: guide, bound, gap, predictions, weights")
struct ChainTests {
  /// Python: b = .1, .2, .3, .4 and the formulas of the row with fractions.Fraction for 1 − ᾱ.
  @Test("eq. 8.1: µ̃ and β̃, golden")
  func posterior() {
    let q = Schedule.example.posterior(3, x0: 0.7, xt: -0.4)
    #expect(agrees(q.mean, 0.170332632837, digits: 12))
    #expect(agrees(q.variance, 0.169354838710, digits: 12))
    #expect(
      (1...4).map { (Schedule.example.alphaBar($0) * 1e4).rounded() } == [9000, 7200, 5040, 3024])
  }

  @Test("eq. 8.1: 1 − ᾱ keeps its digits where ᾱ is nearly 1")
  func noise() {
    let schedule = Schedule(betas: Array(repeating: 1e-12, count: 3))
    #expect(abs(schedule.noise(3) / (3e-12 - 3e-24) - 1) < 1e-15)
  }

  @Test("eq. 8.1: the ends of schedules")
  func ends() {
    let roots = Schedule(rootSignalToNoiseFrom: 2, to: 0.01, steps: 10)
    #expect(abs(roots.signalToNoise(1) - 4) < 1e-14)
    #expect(abs(roots.signalToNoise(10) / 1e-4 - 1) < 1e-11)
    #expect(Schedule(rootSignalToNoiseFrom: 6, to: 0, steps: 8).signalToNoise(8) == 0)
    for steps in [1, 7, 256] {
      let schedule = Schedule(.standard, steps: steps)
      #expect(abs(schedule.alphaBar(steps) / exp(-10.05) - 1) < 1e-12)
    }
  }

  /// NumPy: the T-dimensional Gaussians of the row, s² = ¼, x_0 = 0.7.
  @Test(
    "eq. 8.3: evidence, bound and gap, golden",
    arguments: [
      (LinearChain.Variance.beta, -1.10382254521, -1.1748537125, 0.071031167284),
      (.own, -1.19260672517, -1.21035588877, 0.0177491636026),
      (.posterior, -1.31916450291, -1.55838406602, 0.239219563111),
    ])
  func gap(variance: LinearChain.Variance, evidence: Double, elbo: Double, gap: Double) {
    let chain = LinearChain(.example, dataVariance: 0.25, variance: variance)
    #expect(agrees(chain.logEvidence(of: 0.7), evidence, digits: 12))
    #expect(agrees(chain.elbo(0.7), elbo, digits: 12))
    #expect(agrees(chain.elboOfTheWhole(0.7), elbo, digits: 12))
    #expect(agrees(chain.gap(0.7), gap, digits: 12))
  }

  @Test("eq. 8.2: the three parts, golden")
  func parts() {
    let chain = LinearChain(.example, dataVariance: 0.25, variance: .beta)
    #expect(agrees(chain.priorTerm(0.7), 0.102942703194, digits: 12))
    #expect(agrees(chain.stepTerms(0.7), 0.806040170523, digits: 12))
    #expect(agrees(chain.reconstructionTerm(0.7), 0.265870838779, digits: 12))
    #expect(
      agrees(
        64 * Schedule(rootSignalToNoiseFrom: 2, to: 0.01, steps: 9).pixelPriorTerm, 0.0031998400,
        digits: 8))
  }

  @Test("eq. 8.2: in one step the best chain is exact, its guide the posterior")
  func oneStep() {
    // Nearly all is noise: x_1 tells nothing of x_0, and the decoder is the data's N(0, ¼).
    let chain = LinearChain(Schedule(betas: [1 - 1e-12]), dataVariance: 0.25, variance: .own)
    #expect(abs(chain.elbo(0.4) - Normal(mean: 0, variance: 0.25).logDensity(0.4)) < 1e-11)
    #expect(abs(chain.gap(0.4)) < 1e-11)
  }

  /// mpmath: quad over x_0 of the mixture times N(x_t; √ᾱ x_0, 1 − ᾱ).
  @Test(
    "eq. 8.4: noise and data predicted, golden",
    arguments: [
      (0.5, 0.3, 0.0668638517076, 0.357400217004), (0.9, -0.2, -0.144099255319, -0.162785425572),
    ])
  func predictions(alphaBar: Double, xt: Double, noise: Double, data: Double) {
    let sums = BestPredictions(of: .data, alphaBar: alphaBar, at: xt)
    #expect(agrees(sums.noise.value, noise, digits: 12))
    #expect(agrees(sums.data.value, data, digits: 12))
    let q = TwoPeaks.data.noised(alphaBar: alphaBar, noise: 1 - alphaBar)
    let formula = ScorePredictions(score: q.score(xt), alphaBar: alphaBar, xt: xt)
    #expect(agrees(formula.noise, noise, digits: 12))
    #expect(agrees(formula.data, data, digits: 12))
  }

  @Test("eq. 8.4: a pixel that is certain stays so; a fair one has the sign of what is seen")
  func pixel() {
    #expect(Pixel(probability: 1).denoised(-3, alphaBar: 0.5) == 1)
    #expect(Pixel(probability: 0.5).denoised(0, alphaBar: 0.5) == 0)
    #expect(Pixel(probability: 0.5).denoised(-1, alphaBar: 0.5) < 0)
  }

  @Test("eq. 8.5: weights and constants, golden")
  func weights() {
    let schedule = Schedule.example
    for (t, weight, constant) in [
      (2, 1.25, 0.1933811372), (3, 0.765306122449, 0.0681512263), (4, 0.672043010753, 0.0260395601),
    ] {
      #expect(abs(schedule.noiseWeight(t) - weight) < 5e-13)
      #expect(
        abs(schedule.noiseWeight(t, variance: schedule.posteriorVariance(t)) - weight) < 5e-13)
      #expect(abs(schedule.varianceCost(t, variance: schedule.beta(t)) - constant) < 5e-11)
    }
  }

  @Test("eq. 8.5: D(q‖p_θ) = w (ε − ε̂)² + constant, for any network")
  func anyNetwork() {
    var generator = Threefry(seed: 5)
    for _ in 0..<300 {
      let steps = 2 + Int(generator.uniform() * 6)
      let schedule = Schedule(betas: (0..<steps).map { _ in 0.02 + 0.9 * generator.uniform() })
      let one = StepCase(
        schedule: schedule, t: 2 + Int(generator.uniform() * Double(steps - 1)),
        x0: generator.normal(), noise: generator.normal(), predicted: generator.normal())
      let variance = 0.05 + generator.uniform()
      let divergence = one.divergence(variance: variance)
      #expect(abs(one.weightedError(variance: variance) - divergence) < 1e-11 * (1 + divergence))
    }
  }
}
