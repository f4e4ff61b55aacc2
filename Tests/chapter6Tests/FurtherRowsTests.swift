import Foundation
import ImageModels
import TestSupport
import Testing
import TinyNetworks
import TinyNumerics

@testable import chapter6

@Suite("eq. 6.13: the best guide of an image")
struct GapSplitTests {
  /// A decoder that ignores z has the prior for its posterior: the best guide is N(0, I), and its
  /// ELBO is log p(x).
  @Test("eq. 6.13: from anywhere to the posterior, where it is in the family")
  func prior() {
    var model = smallModel(pixels: 5, latent: 2, seed: 31)
    model.decoder.ignoreLatents()
    let images = coinImages(1, pixels: 5, seed: 32)
    let climb = GuideClimb(
      LogLikelihoodGrid(model.decoder, images: images), dimension: 2, rule: GaussHermite(nodes: 8))
    let start = DiagonalGaussian(mean: [0.7, -1], standardDeviation: [0.3, 2])
    let best = climb.best(from: [start])
    #expect(zip(best.mean, [0, 0]).allSatisfy { abs($0 - $1) < 1e-3 })
    #expect(best.standardDeviation.allSatisfy { abs($0 - 1) < 1e-3 })
    #expect(climb.smallestLoss(around: best) > 0 && climb.smallestLoss(around: start) < 0)
  }

  @Test("eq. 6.13: the gradient by Stein's lemma, against differences", arguments: [1, 2])
  func gradient(latent: Int) {
    let model = smallModel(pixels: 5, latent: latent, seed: 33, decoderGain: 2)
    let images = coinImages(1, pixels: 5, seed: 34)
    let climb = GuideClimb(
      LogLikelihoodGrid(model.decoder, images: images), dimension: latent,
      rule: GaussHermite(nodes: 24))
    let lambda = (0..<2 * latent).map { 0.3 * Double($0) - 0.4 }
    let (_, gradient) = climb(lambda)
    for i in lambda.indices {
      let slope = fivePointDerivative { step in
        var moved = lambda
        moved[i] += step
        return climb(moved).value
      }
      #expect(abs(gradient[i] - slope.value) < 1e-5)
    }
  }
}

@Suite("eqs. 6.14 to 6.17")
struct FurtherRowsTests {
  @Test("eq. 6.14: the mean squared residual is the best σ²; others cost what they should")
  func sharedVariance() {
    let model = smallModel(
      pixels: 5, latent: 2, likelihood: .gaussian(varianceFloor: 1e-4), seed: 35)
    var generator = Threefry(seed: 36)
    let it = SharedVariance(
      of: model, images: coinImages(9, pixels: 5, seed: 37), using: &generator)
    let best = it.loss(variance: it.meanSquare)
    #expect(abs(best - it.bestLoss) < 1e-12)
    for factor in [0.5, 0.9, 1.1, 3] {
      let loss = it.loss(variance: factor * it.meanSquare)
      #expect(loss > best)
      #expect(abs(loss - best - it.cost(ofVariance: factor * it.meanSquare)) < 1e-11)
    }
  }

  @Test("eq. 6.15: β while warming up")
  func warmUp() {
    var experiment = Experiment(beta: 2, warmUp: 4)
    #expect((1...6).map { experiment.beta(inEpoch: $0) } == [0, 0.5, 1, 1.5, 2, 2])
    experiment.isAutoencoder = true
    #expect(experiment.beta(inEpoch: 6) == 0)
  }

  @Test("eq. 6.15: the slope with free bits, against differences", arguments: [0, 0.02, 0.5, 50])
  func freeBits(lambda: Double) {
    let model = smallModel(pixels: 5, latent: 3, seed: 38, encoderGain: 2)
    var generator = Threefry(seed: 39)
    let (kernels, differences) = freeBitsSlopes(
      of: model, images: coinImages(6, pixels: 5, seed: 40), beta: 0.7, freeBits: lambda,
      using: &generator)
    #expect(abs(kernels - differences.value) <= differences.error)
  }

  @Test("eq. 6.16: areas by hand, ties included")
  func areas() {
    let (a, b) = ([3.0, 1, 2], [0.0, 2, 1])
    // Wins: 3 of 3, 1½ of 3, 2½ of 3.
    #expect(abs(separation(a, from: b).area - 7 / 9) < 1e-15)
    #expect(abs(areaUnderCurve(a, from: b) - 7 / 9) < 1e-15)
    #expect(separation([1, 2], from: [-1, 0]).area == 1)
    #expect(areaUnderCurve([-1, 0], from: [1, 2]) == 0)
  }

  @Test("eq. 6.17: where z is ignored, every pixel's variance is its own")
  func ownVariance() {
    var model = smallModel(pixels: 5, latent: 2, seed: 41)
    model.decoder.ignoreLatents()
    let logits = model.decoder.network.parameters.suffix(5)
    let variance = PixelVariance(
      exactly: LatentPlane(model: model, encoding: PixelEncoding(.bernoulli, brightest: 1)))
    let own = logits.reduce(0) { $0 + sigmoid($1) * sigmoid(-$1) }
    #expect(abs(variance.ownNoise - own) < 1e-12 && abs(variance.byLatent) < 1e-12)
  }
}
