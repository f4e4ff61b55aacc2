import Foundation
import Testing

@testable import TinyNumerics
@testable import ToyModels
@testable import chapter2

@Suite("eq. 2.5: importance sampling")
struct ImportanceTests {
  private let posterior = Gaussian(mean: [0.7], covariance: Matrix([[0.3]]))

  @Test(
    "eq. 2.5: second moment of the weights, closed form = quadrature",
    arguments: [0.6, 0.8, 1, 3], [-1.5, 0, 0.7])
  func closedForm(ratio: Double, shift: Double) {
    let q = guide(beside: posterior, ratio: ratio, shift: shift)
    let closed = secondMomentOfWeights(posterior: posterior, guide: q)
    let integral = secondMomentOfWeightsOnLine(posterior: posterior, guide: q)
    #expect(abs(integral.value / closed - 1) < 1e-9)
    #expect(closed >= 1 - 1e-12)
    // v, s², d: s²/√(v(2s² − v)) exp(d²/(2s² − v)), the same by hand in one dimension
    let (v, s2) = (0.3, 0.3 * ratio)
    let d2 = shift * shift * v
    let byHand = s2 / (v * (2 * s2 - v)).squareRoot() * exp(d2 / (2 * s2 - v))
    #expect(abs(closed / byHand - 1) < 1e-12)
  }

  @Test("eq. 2.5: finite if and only if q's variance exceeds half of the posterior's")
  func condition() {
    for ratio in [0.1, 0.3, 0.49, 0.499] {
      let q = guide(beside: posterior, ratio: ratio)
      #expect(secondMomentOfWeights(posterior: posterior, guide: q) == .infinity)
    }
    for ratio in [0.501, 0.52, 0.6] {
      let q = guide(beside: posterior, ratio: ratio)
      #expect(secondMomentOfWeights(posterior: posterior, guide: q) < .infinity)
    }
  }

  /// Λ_post has eigenvalues 1/0.2 and 1/1.8; q is wide enough along every axis, and too narrow
  /// along the diagonal.
  @Test("eq. 2.5: in two dimensions the condition is one on matrices")
  func matrixCondition() {
    let p = Gaussian(mean: [0, 0], covariance: Matrix([[1, 0.8], [0.8, 1]]))
    func diagonal(_ variance: Double) -> Gaussian {
      Gaussian(mean: [0, 0], covariance: .diagonal([variance, variance]))
    }
    #expect(secondMomentOfWeights(posterior: p, guide: diagonal(0.8)) == .infinity)
    let finite = secondMomentOfWeights(posterior: p, guide: diagonal(0.95))
    // Along the eigenvectors it is a product of two one-dimensional moments.
    let product = [1.8, 0.2].reduce(1) { $0 * 0.95 / ($1 * (1.9 - $1)).squareRoot() }
    #expect(abs(finite / product - 1) < 1e-12)
  }

  @Test("eq. 2.5: closed form = quadrature on a plane, shifted and tilted")
  func plane() {
    let p = Gaussian(mean: [0.2, -0.4], covariance: Matrix([[0.5, 0.2], [0.2, 0.4]]))
    let q = Gaussian(mean: [0, 0.1], covariance: Matrix([[0.7, -0.1], [-0.1, 0.9]]))
    let grid = Grid(over: -8...8, count: 120)
    let integral = grid.integrate(with: grid) {
      exp(2 * p.logDensity([$0, $1]) - q.logDensity([$0, $1]))
    }
    let closed = secondMomentOfWeights(posterior: p, guide: q)
    #expect(abs(integral.value / closed - 1) < 1e-10)
    #expect(secondMomentOfWeights(posterior: q, guide: p) == .infinity)
  }

  /// mpmath: m, v from 1/v = 1 + WᵀΣ⁻¹W, then `quad(lambda z: npdf(z, m, sqrt(v))**2 / npdf(z, m +
  /// sqrt(v) / 2, sqrt(ratio * v)), linspace(m - 80 * sqrt(v), m + 80 * sqrt(v), 161))`.
  @Test("eq. 2.5: the second moment of the weights, golden")
  func golden() {
    let posterior = LinearGaussianModel.line.posterior(given: [1.5, 0])
    for (ratio, exact) in [(2, 1.2550486911487516628), (0.6, 4.6827864706034004886)] {
      let q = guide(beside: posterior, ratio: ratio, shift: 0.5)
      let moment = secondMomentOfWeights(posterior: posterior, guide: q)
      #expect(abs(moment / exact - 1) < 1e-13)
    }
  }

  @Test("eq. 2.5 and 2.8: with q = p(z) it is the prior sampler's moment", arguments: 1...6)
  func prior(seed: Int) {
    var generator = Threefry(seed: UInt64(400 + seed))
    for (d, j) in [(1, 2), (2, 3), (4, 2)] {
      let model = randomLinear(d, j, using: &generator)
      let x = model.sample(using: &generator).x
      let a = secondMomentOfWeights(posterior: model.posterior(given: x), guide: model.prior)
      #expect(abs(a / relativeMoment(2, of: model, at: x) - 1) < 1e-10)
    }
  }

  @Test("eq. 2.5: weights average to p(x), with the variance that was promised")
  func unbiased() {
    var generator = Threefry(seed: 410)
    let (model, x) = (LinearGaussianModel.plane, [1.0, 0, -1])
    let p = model.posterior(given: x)
    let q = Gaussian(mean: [0, 0.1], covariance: 2 * p.covariance)
    let estimate = importanceSampling(of: model, at: x, from: q, draws: 20_000, using: &generator)
    #expect(standardErrorsOff(estimate, 1) < 5)
    let exact = secondMomentOfWeights(posterior: p, guide: q) - 1
    #expect(abs(estimate.variance / exact - 1) < 0.1)
    let direct = logWeights(of: model, at: x, from: p, draws: 50, using: &generator)
    let evidence = model.logEvidence(of: x).value
    #expect(direct.allSatisfy { abs($0 - evidence) < 1e-10 }, "q = posterior has no variance")
  }

  /// Weights 1, 3, 4, by hand: ESS = 16/10 after two and 64/26 after three.
  @Test("eq. 2.5: what a running sampler sees, by hand", arguments: [0, -900])
  func health(shift: Double) {
    let logarithms = [0, log(3.0), log(4.0)].map { $0 + shift }
    let seen = chapter2.health(of: logarithms, logEvidence: shift + log(2), after: [2, 3])
    #expect(seen.map(\.draws) == [2, 3])
    #expect(abs(seen[0].relativeEvidence - 1) < 1e-12)
    #expect(abs(seen[1].relativeEvidence - 8.0 / 6) < 1e-12)
    #expect(abs(seen[0].effectiveShare - 0.8) < 1e-12)
    #expect(abs(seen[1].effectiveShare - 64.0 / 78) < 1e-12)
    #expect(abs(seen[0].largestShare - 0.75) < 1e-12)
    #expect(abs(seen[1].largestShare - 0.5) < 1e-12)
  }

  @Test("eq. 2.5: below one half the effective share falls without end; the mixture's does not")
  func cure() {
    var generator = Threefry(seed: 420)
    let (model, x) = (LinearGaussianModel.line, [1.5, 0.0])
    let p = model.posterior(given: x)
    let narrow = guide(beside: p, ratio: 0.2)
    let counts = [1_000, 30_000]
    let evidence = model.logEvidence(of: x).value
    let bare = chapter2.health(
      of: logWeights(of: model, at: x, from: narrow, draws: 30_000, using: &generator),
      logEvidence: evidence, after: counts)
    #expect(bare[1].effectiveShare < 0.5 * bare[0].effectiveShare)
    let safe = DefensiveMixture(of: narrow, and: model.prior, priorShare: 0.2)
    let cured = chapter2.health(
      of: logWeights(of: model, at: x, from: safe, draws: 30_000, using: &generator),
      logEvidence: evidence, after: counts)
    // mpmath.quad of p²/q_α at 30 digits, over 40 posterior widths either side.
    let integral = secondMomentOfWeightsOnLine(posterior: p, guide: safe)
    #expect(abs(integral.value - 2.3437878385359684) < 1e-9)
    let exact = 1 / integral.value
    #expect(cured.allSatisfy { abs($0.effectiveShare / exact - 1) < 0.15 })
  }

  @Test(
    "eq. 2.5: w ≤ p(x|z)/α: reached where q is nothing, never exceeded", arguments: [0.05, 0.5])
  func bound(share: Double) {
    let (model, x) = (NeuralModel.example, SIMD2(0.48, 0.3))
    let safe = DefensiveMixture(of: Chapter2.onePeakGuide, and: model.prior, priorShare: share)
    let everywhere = excessOverDefensiveBound(
      of: model, at: x, guide: safe, latents: (-60...60).map { Double($0) / 10 })
    #expect(abs(everywhere) < 1e-12)
    let onPeak = excessOverDefensiveBound(of: model, at: x, guide: safe, latents: [1.37])
    let prior = Normal.standard.density(1.37)
    let q = Chapter2.onePeakGuide.density(1.37)
    #expect(abs(onPeak - log(share * prior / (share * prior + (1 - share) * q))) < 1e-12)
  }

  @Test("eq. 2.5: a guide on one of two peaks finds that peak's weight and looks healthy")
  func missedPeak() {
    var generator = Threefry(seed: 430)
    let (model, x) = (NeuralModel.example, SIMD2(0.48, 0.3))
    let weights = logWeights(
      of: model, at: x, from: Chapter2.onePeakGuide, draws: 5_000, using: &generator)
    let seen = chapter2.health(
      of: weights, logEvidence: model.logEvidence(of: x).value, after: [5_000])[0]
    #expect(seen.effectiveShare > 0.8)
    #expect(abs(seen.relativeEvidence - 0.469967845351548) < 0.05)
  }
}

@Suite("eq. 2.6: posterior moments by self-normalised importance sampling")
struct SelfNormalisedTests {
  /// 300 repetitions: the errors in standard errors must look standard normal.
  @Test("eq. 2.6: honest standard errors, whatever p(x) is")
  func calibrated() {
    var generator = Threefry(seed: 440)
    let (model, x) = (MixtureModel.example, 2.0)
    let exact = model.posterior(given: x).probabilities[1]
    let scores = Estimate(draws: 300) {
      let sampled = selfNormalisedMean(
        of: model, given: x, from: Discrete(weights: [1, 1, 1]), draws: 1_000, using: &generator
      ) { $0 == 1 ? 1 : 0 }
      return (sampled.value - exact) / sampled.standardError
    }
    #expect(abs(scores.mean) < 5 / 300.0.squareRoot())
    #expect(abs(scores.variance.squareRoot() - 1) < 0.2)
  }

  @Test(
    "eq. 2.6: Σ wf / Σ w, written out for as many draws as were asked for", arguments: [2, 3, 9])
  func byHand(draws: Int) {
    var (one, other) = (Threefry(seed: 445), Threefry(seed: 445))
    let (model, x) = (MixtureModel.example, 0.6)
    let q = Discrete(probabilities: [0.2, 0.5, 0.3])
    let sampled = selfNormalisedMean(of: model, given: x, from: q, draws: draws, using: &one) {
      Double($0 * $0)
    }
    var (weighted, total) = (0.0, 0.0)
    for _ in 0..<draws {
      let z = q.sample(using: &other)
      let w = exp(model.logJoint(x, z)) / q.probabilities[z]
      weighted += w * Double(z * z)
      total += w
    }
    #expect(abs(sampled.value - weighted / total) < 1e-14)
    #expect(one.next() == other.next(), "no draw more than asked for")
  }

  @Test("eq. 2.6: a linear-Gaussian posterior's mean and variance; unweighted draws miss them")
  func moments() {
    var generator = Threefry(seed: 450)
    let (model, x) = (LinearGaussianModel.line, [1.5, 0.0])
    let p = model.posterior(given: x)
    let q = guide(beside: p, ratio: 1.5, shift: 0.5)
    let mean = selfNormalisedMean(of: model, given: x, from: q, draws: 20_000, using: &generator) {
      $0[0]
    }
    #expect(abs(mean.value - 0.7854545454545454) < 5 * mean.standardError)
    let variance = selfNormalisedMean(
      of: model, given: x, from: q, draws: 20_000, using: &generator
    ) { ($0[0] - p.mean[0]) * ($0[0] - p.mean[0]) }
    #expect(abs(variance.value - 0.10181818181818181) < 5 * variance.standardError)
    #expect(abs(q.mean[0] - p.mean[0]) > 20 * mean.standardError)
  }
}
