import Foundation
import Testing

@testable import TinyNumerics
@testable import ToyModels
@testable import chapter2

@Suite("eq. 2.11: simulation-based calibration")
struct CalibrationTests {
  @Test("eq. 2.11: a uniform rank's mean and variance, by counting", arguments: [1, 7, 15, 100])
  func uniform(draws: Int) {
    let ranks = (0...draws).map(Double.init)
    let mean = ranks.reduce(0, +) / Double(draws + 1)
    let variance = ranks.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(draws + 1)
    let exact = Calibration.uniform(draws: draws)
    #expect(abs(exact.mean - mean) < 1e-12 && abs(exact.variance - variance) < 1e-9)
    #expect(abs(Calibration.spread(draws: draws, varianceRatio: 1) - variance) < 1e-9)
  }

  /// Quadrature of L u(1 − u) + L² (u − ½)² with u = Φ(t/a), t standard normal.
  @Test("eq. 2.11: the ranks' spread under a posterior of another width", arguments: [0.2, 0.5, 3])
  func spread(ratio: Double) {
    let integral = Normal.standard.expectation { t in
      let u = Normal.standard.cdf(t / ratio.squareRoot())
      return 15 * u * (1 - u) + 225 * (u - 0.5) * (u - 0.5)
    }
    let exact = Calibration.spread(draws: 15, varianceRatio: ratio)
    #expect(abs(integral.value - exact) <= integral.error + 1e-10)
  }

  @Test("eq. 2.11: uneven ranks are seen; what a check of them would notice falls like 1/n")
  func unevenness() {
    var generator = Threefry(seed: 740)
    let model = LinearGaussianModel.line
    let narrow = Calibration(
      of: model, draws: 15, simulations: 4_000, using: &generator,
      posterior: { x in
        let right = model.posterior(given: x)
        return Gaussian(mean: right.mean, covariance: 0.5 * right.covariance)
      }, coordinate: { $0[0] })
    let (value, error) = narrow.unevenness
    #expect(abs(error - 30.0.squareRoot() / 4_000) < 1e-12)
    #expect(value > 20 * error)
  }

  private func expectUniform(_ calibration: Calibration) {
    let exact = Calibration.uniform(draws: calibration.draws)
    #expect(standardErrorsOff(calibration.rank, exact.mean) < 5)
    #expect(standardErrorsOff(calibration.spread, exact.variance) < 5)
    #expect(abs(calibration.fit.z) < 5)
    #expect(calibration.counts.reduce(0, +) == calibration.rank.count)
  }

  @Test("eq. 2.11: posteriors of models at random are calibrated", arguments: 1...3)
  func calibrated(seed: Int) {
    var generator = Threefry(seed: UInt64(700 + seed))
    let mixture = randomMixture(using: &generator)
    expectUniform(
      Calibration(
        of: mixture, draws: 9, simulations: 2_000, using: &generator,
        posterior: mixture.posterior, coordinate: { Double($0) }))
    let linear = randomLinear(2, 2, using: &generator)
    expectUniform(
      Calibration(
        of: linear, draws: 9, simulations: 2_000, using: &generator, posterior: linear.posterior,
        coordinate: { $0[1] }))
  }

  @Test("eq. 2.11: the neural model's posterior, with the decoder computed once")
  func neural() {
    var generator = Threefry(seed: 710)
    let table = CachedPosterior(.example)
    expectUniform(
      Calibration(
        of: NeuralModel.example, draws: 9, simulations: 1_000, using: &generator,
        posterior: table.callAsFunction, coordinate: { $0 }))
    for x in neuralPoints {
      let (cached, own) = (table(given: x), NeuralModel.example.posterior(given: x))
      for z in stride(from: -4.0, through: 4, by: 0.5) {
        #expect(abs(cached.logDensity(z) - own.logDensity(z)) < 1e-9)
      }
    }
  }

  @Test("eq. 2.11: nothing but ties, broken at random")
  func ties() {
    var generator = Threefry(seed: 720)
    let model = MixtureModel(weights: [1], components: [.standard])
    expectUniform(
      Calibration(
        of: model, draws: 9, simulations: 5_000, using: &generator, posterior: model.posterior,
        coordinate: { Double($0) }))
  }

  @Test("eq. 2.11: posteriors too narrow, too wide, shifted, or the prior itself are found out")
  func wrong() {
    var generator = Threefry(seed: 730)
    let model = LinearGaussianModel.line
    func calibration(shift: Double, factor: Double) -> Calibration {
      Calibration(
        of: model, draws: 15, simulations: 3_000, using: &generator,
        posterior: { x in
          let right = model.posterior(given: x)
          return Gaussian(mean: [right.mean[0] + shift], covariance: factor * right.covariance)
        }, coordinate: { $0[0] })
    }
    let exact = Calibration.uniform(draws: 15)
    let narrow = calibration(shift: 0, factor: 0.5)
    #expect(
      narrow.fit.z < -5 && narrow.spread.mean > exact.variance + 5 * narrow.spread.standardError)
    let wide = calibration(shift: 0, factor: 2)
    #expect(wide.fit.z < -5 && wide.spread.mean < exact.variance - 5 * wide.spread.standardError)
    // Draws that lie too high put z below them.
    let shifted = calibration(shift: 0.1, factor: 1)
    #expect(shifted.rank.mean < exact.mean - 5 * shifted.rank.standardError)
  }
}

@Suite("eq. 2.T: traps")
struct TrapTests {
  @Test("eq. 2.T: the mean of logs is the one-draw bound, far below the log of the mean")
  func meanOfLogs() {
    // NumPy: 8,192 nodes over |z| ≤ 8.
    let (model, x) = (NeuralModel.example, SIMD2(0.48, 0.3))
    let wrong = chapter2.meanOfLogs(of: model, at: x)
    #expect(abs(wrong.value + 15.3995552259483) <= wrong.error + 1e-9)
    #expect(wrong.value < model.logEvidence(of: x).value - 10)
  }

  @Test("eq. 2.T: exponentiated log-densities lose their digits, then everything")
  func underflow() {
    let model = MixtureModel.example
    let near = logEvidenceThroughProbabilities(of: model, at: 2)
    #expect(abs(near - model.logEvidence(of: 2).value) < 1e-13)
    let subnormal = logEvidenceThroughProbabilities(of: model, at: 49.235)
    #expect(abs(subnormal - model.logEvidence(of: 49.235).value) > 0.4)
    #expect(logEvidenceThroughProbabilities(of: model, at: 60) == -.infinity)
    #expect(model.logEvidence(of: 60).value > -1_200)
  }

  @Test("eq. 2.T: densities above 1 are legitimate; clamping them loses evidence")
  func clamped() {
    let model = NeuralModel.example
    // NumPy: logsumexp(minimum(0, l), b=W), 8,192 nodes.
    let wrong = logEvidenceWithClampedDensity(of: model, at: SIMD2(0.48, 0.3))
    #expect(abs(wrong.value + 2.273506422968994) < 1e-5)
    // Where no density exceeds 1 nothing is cut.
    let far = SIMD2(-2.0, 5)
    let same = logEvidenceWithClampedDensity(of: model, at: far)
    #expect(abs(same.value - model.logEvidence(of: far).value) <= same.error + 1e-10)
  }

  /// With q = posterior, E_q[p(x|z)] = p(x) M₂ (eq. 2.12) and D has a closed form.
  @Test("eq. 2.T: the divergence inside an evidence estimator costs log M₂ − D")
  func divergenceInside() {
    let (model, x) = (LinearGaussianModel.line, [1.5, 0.0])
    let q = model.posterior(given: x)
    let wrong = logEvidenceWithDivergenceInside(of: model, at: x, guide: q)
    let cost =
      log(relativeMoment(2, of: model, at: x)) - klDivergence(q, relativeTo: model.prior)
    #expect(abs(wrong - model.logEvidence(of: x).value - cost) < 1e-5)
    #expect(abs(cost) > 0.1)
  }

  @Test("eq. 2.T: what a clamp and an underflow give, by second routes")
  func secondRoutes() {
    // NumPy, 4,096 nodes: sum(w * maximum(0, exp(l) - 1)).
    let cut = massAboveDensityOne(of: .example, at: SIMD2(0.48, 0.3))
    #expect(abs(cut.value - 0.029908482) < 1e-5)
    #expect(massAboveDensityOne(of: .example, at: SIMD2(-2, 5)).value == 0)
    for x in [49.2, 49.235, 49.1] {
      let steps = logEvidenceInSmallestSteps(of: .example, at: x)
      #expect(abs(steps - logEvidenceThroughProbabilities(of: .example, at: x)) < 1e-10)
    }
  }

  @Test("eq. 2.T: only the last minibatch, whole or not")
  func lastBatch() {
    let values = [-1.0, -2, -4, -8, -16]
    #expect(logEvidenceOfLastBatch(values, batch: 2) == -16)
    #expect(logEvidenceOfLastBatch(values, batch: 3) == -24)
    #expect(logEvidenceOfLastBatch(values, batch: 5) == -31)
  }
}
