import Foundation
import Testing
import TinyNumerics
import ToyModels

@testable import chapter3

@Suite("eq. 3.14 and 3.19: losses")
struct LossTests {
  @Test("eq. 3.14: loss = −ELBO; J times the averaged loss has β = J or J/D", arguments: 1...10)
  func reductions(seed: Int) {
    var generator = Threefry(seed: UInt64(seed), stream: 314)
    let batch = TinyVAE.example(using: &generator).draw(using: &generator)
    let (j, d) = (Double(batch.pixels), Double(batch.latents))
    #expect(j == 12 && d == 3 && batch.count == 4)
    func loss(_ pixels: Reduction, _ latents: Reduction) -> Double {
      TrainingLoss(batch, pixels: pixels, latents: latents).total
    }
    #expect(abs(loss(.sum, .sum) + elbo(of: batch)) < 1e-11)
    #expect(abs(j * loss(.mean, .sum) + elbo(of: batch, beta: j)) < 1e-10)
    #expect(abs(j * loss(.mean, .mean) + elbo(of: batch, beta: j / d)) < 1e-10)
    #expect(abs(loss(.sum, .mean) + elbo(of: batch, beta: 1 / d)) < 1e-11)
    #expect(abs(loss(.mean, .mean) - loss(.sum, .sum)) > 1)
  }

  @Test("eq. 3.14: the loss of one draw is −ELBO on average over draws", arguments: 1...3)
  func oneDrawOrMany(seed: Int) {
    var generator = Threefry(seed: UInt64(seed), row: 14)
    let vae = TinyVAE.example(using: &generator)
    let losses = Estimate(draws: 4000) { TrainingLoss(vae.draw(using: &generator)).total }
    #expect(abs(losses.mean + vae.elbo.value) < 5 * losses.standardError)
    #expect(vae.elbo.error < 1e-9)
  }

  /// One pixel of logit z ~ N(1, ¼): E log(1/(1 + e^{−z})) less ½ (1 + ¼ − 1 − log ¼).
  /// mpmath: `quad(lambda z: npdf(z, 1, .5)*-log1p(exp(-z)), [-6, 0, 1, 2, 8])`
  @Test("eq. 3.14: the ELBO of one pixel, golden")
  func onePixel() {
    let vae = TinyVAE(
      decoder: Matrix([[1]]), images: [[1]], means: [[1]], logVariances: [[-2 * log(2)]])
    #expect(abs(vae.elbo.value - (-0.337550287911379788) + 0.125 + log(2)) < 1e-12)
  }

  @Test("eq. 3.14: holds where the decoder is certain and wrong, nearly fifty nats a pixel")
  func certain() {
    let batch = TrainingBatch(
      images: [[0, 1, 0]], logits: [[45, -48, 20]], means: [[0.1]], logVariances: [[0.3]])
    #expect(abs(TrainingLoss(batch).total + elbo(of: batch)) < 1e-13 * 113)
  }

  /// One image, two pixels, one latent: −log ¼ − log ½ = 3 log 2, and ½ (1 + ¼ − 1 − log ¼).
  @Test("eq. 3.14: by hand")
  func byHand() {
    let batch = TrainingBatch(
      images: [[1, 0]], logits: [[-log(3), 0]], means: [[1]], logVariances: [[-2 * log(2)]])
    let loss = TrainingLoss(batch)
    #expect(abs(loss.reconstruction - 3 * log(2)) < 1e-15)
    #expect(abs(loss.divergence - (0.125 + log(2))) < 1e-15)
    #expect(abs(loss.total + elbo(of: batch)) < 1e-15)
    #expect(abs(TrainingLoss(batch, pixels: .mean).reconstruction - 1.5 * log(2)) < 1e-15)
  }

  @Test("eq. 3.19: sums mean σ² = ½, averages σ² = J/2", arguments: [1, 2, 9, 784])
  func squaredError(j: Int) {
    var generator = Threefry(seed: UInt64(j), stream: 319)
    let x = (0..<j).map { _ in generator.normal() }
    let reconstruction = (0..<j).map { _ in generator.normal() }
    let squares = zip(x, reconstruction).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let pixels = Double(j)
    let half = gaussianLogLikelihood(x, reconstruction: reconstruction, variance: 0.5)
    #expect(abs(squares + half + 0.5 * pixels * log(.pi)) < 1e-12 * pixels)
    let wide = gaussianLogLikelihood(x, reconstruction: reconstruction, variance: pixels / 2)
    #expect(abs(squares / pixels + wide + 0.5 * pixels * log(.pi * pixels)) < 1e-11 * pixels)
    // σ² = 1, the other common reading, is off by half the squares.
    let unit = gaussianLogLikelihood(x, reconstruction: reconstruction, variance: 1)
    #expect(abs(-unit - 0.5 * pixels * log(2 * .pi) - 0.5 * squares) < 1e-12 * pixels)
  }
}

@Suite("eq. 3.17: ELBO surgery")
struct SurgeryTests {
  @Test("eq. 3.17: the regulariser is information plus fit of the whole", arguments: 1...8)
  func identity(seed: Int) {
    var generator = Threefry(seed: UInt64(seed), stream: 317)
    let guides = (0..<5).map { _ in Normal.random(using: &generator) }
    let surgery = Surgery(guides: guides, prior: Normal(mean: 0.2, standardDeviation: 1.3))
    let (information, rest) = (surgery.mutualInformation, surgery.aggregateDivergence)
    #expect(information.error + rest.error < 1e-8)
    #expect(
      abs(surgery.meanDivergence - information.value - rest.value)
        <= information.error + rest.error + rounding(1, surgery.meanDivergence))
    #expect(information.value > 0 && information.value < log(5) && rest.value > 0)
  }

  /// I_q = H(q(z)) − mean H(q(z|x_n)), another formula for the information.
  @Test("eq. 3.17: information from entropies; log N for guides that never meet; 0 for equal ones")
  func information() {
    let guides = [(-1.0, 0.4), (0.3, 0.2), (0.5, 1)].map {
      Normal(mean: $0, standardDeviation: $1)
    }
    let surgery = Surgery(guides: guides, prior: .standard)
    let entropy = Grid(over: -15...15, count: 3000).integrate { z in
      -surgery.aggregate.density(z) * surgery.aggregate.logDensity(z)
    }
    let mean = guides.map(\.entropy).reduce(0, +) / 3
    #expect(abs(surgery.mutualInformation.value - (entropy.value - mean)) < 1e-11)
    #expect(abs(surgery.informationByEntropies.value - (entropy.value - mean)) < 1e-11)
    let apart = Surgery(
      guides: [-40.0, 0, 40].map { Normal(mean: $0, standardDeviation: 1) }, prior: .standard)
    #expect(abs(apart.mutualInformation.value - log(3)) < 1e-12)
    let equal = Surgery(guides: [.standard, .standard], prior: .standard)
    #expect(abs(equal.mutualInformation.value) < 1e-14)
    #expect(abs(equal.aggregateDivergence.value) < 1e-12)
  }
}

@Suite("eq. 3.T: traps")
struct TrapTests {
  private let q = Example.gaussianGuides[2].q
  private let joint = QuadraticJoint(Example.plane, at: Example.triple)

  @Test("eq. 3.T: the flipped sign is off by twice D(q‖p(z)), and is no bound")
  func sign() {
    let wrong = flippedSign(FourFaces(model: Example.plane, x: Example.triple, q: q)).value
    let cost = costOfFlippedSign(Example.plane, at: Example.triple, guide: q)
    #expect(abs(wrong - Example.plane.logEvidence(of: Example.triple).value - cost) < 1e-12)
    let divergence = klDivergence(q, relativeTo: Example.plane.prior)
    #expect(abs(wrong - joint.elbo(q) - 2 * divergence) < 1e-12)
    #expect(wrong > Example.plane.logEvidence(of: Example.triple).value)
  }

  @Test("eq. 3.T: z = µ forgets ½ tr(WᵀΣ⁻¹W S)")
  func mean() {
    let wrong = evaluatedAtTheMean(Example.plane, at: Example.triple, guide: q)
    let w = Example.plane.noise.cholesky.whiten(Example.plane.weights)
    let a = w.transpose * w * q.covariance
    #expect(abs(wrong - joint.elbo(q) - 0.5 * (a[0, 0] + a[1, 1])) < 1e-12)
    #expect(wrong - joint.elbo(q) > 0.5)
    #expect(abs(costOfSpread(Example.plane, guide: q) - 0.5 * (a[0, 0] + a[1, 1])) < 1e-13)
  }

  @Test(
    "eq. 3.T: β's guide is the best for β and not the best for the ELBO", arguments: [1, 1.5, 3])
  func beta(beta: Double) {
    let (model, x) = (Example.plane, Example.triple)
    let best = bestGuide(model, at: x, beta: beta)
    let noisier = posteriorOfNoisierModel(model, at: x, beta: beta)
    #expect(klDivergence(best, relativeTo: noisier) < 1e-25)
    func objective(_ q: Gaussian) -> Double {
      let divergence = klDivergence(q, relativeTo: model.prior)
      return joint.elbo(q) + divergence - beta * divergence
    }
    var generator = Threefry(seed: 5, stream: 3)
    for _ in 0..<50 {
      let nudge = Gaussian.random(dimension: 2, using: &generator)
      let other = Gaussian(
        mean: zip(best.mean, nudge.mean).map { $0 + 0.1 * $1 },
        covariance: best.covariance + 0.1 * nudge.covariance)
      #expect(objective(other) < objective(best))
    }
    let cost = model.logEvidence(of: x).value - joint.elbo(best)
    let gap = klDivergence(best, relativeTo: model.posterior(given: x))
    #expect(abs(cost - gap) < 1e-12)
    #expect(beta == 1 ? abs(cost) < 1e-13 : cost > 0.05)
  }

  /// Golden: mpmath, Σ q (1/w) log w / Σ q (1/w) and Σ q w log w / Σ q w.
  @Test("eq. 3.T: a softmax of losses gives −3.5753, of log-weights −2.7056")
  func softmax() {
    func weighted(_ softmaxOfLosses: Bool) -> Double {
      weightedLogWeight(
        Example.mixture, at: Example.number, guide: Example.discreteGuides[1].q,
        softmaxOfLosses: softmaxOfLosses)
    }
    #expect(abs(weighted(true) + 3.575267547412544) < 1e-13)
    #expect(abs(weighted(false) + 2.705630208330180) < 1e-13)
    for (power, exact) in [
      (-1.0, -3.575267547412544), (0, -2.900638861511133), (1, -2.70563020833018),
    ] {
      let slope = slopeOfLogMoment(
        Example.mixture, at: Example.number, guide: Example.discreteGuides[1].q, power: power)
      #expect(abs(slope.value - exact) < 1e-11)
    }
  }
}
