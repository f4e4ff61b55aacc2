import Foundation
import TestSupport
import Testing
import TinyNetworks
import TinyNumerics

@testable import ImageModels

@Suite("eqs. 2.1, 6.2: the evidence on a grid")
struct EvidenceTests {
  /// An untrained decoder with outputs scaled up, so that posteriors are not just the prior, and
  /// images.
  private func example(seed: UInt64) -> (decoder: Decoder<Double>, images: Rows<Double>) {
    let model = smallModel(pixels: 6, latent: 2, hidden: [5], seed: seed, decoderGain: 1.5)
    return (model.decoder, coinImages(4, pixels: 6, seed: seed))
  }

  @Test("the evidence of no images has no error")
  func nothing() {
    let none = example(seed: 7).images.rows(0..<0)
    let evidence = Evidence(
      of: example(seed: 7).decoder, images: none, grid: Grid(over: -8...8, count: 8))
    #expect(evidence.logEvidence.isEmpty && evidence.largestError == 0 && evidence.isReliable)
  }

  /// Another route to the evidence: a product of two 128-node Gauss–Hermite rules under the prior.
  @Test("evidence by the grid = evidence by Gauss–Hermite under the prior")
  func evidenceByAnotherRule() {
    let (decoder, images) = example(seed: 3)
    let evidence = Evidence(of: decoder, images: images, grid: Reach(narrowest: 0.5).grid)
    let rule = GaussHermite(nodes: 128)
    for i in 0..<4 {
      let image = images[i]
      let p = rule.expectation(under: .standard, .standard) { a, b in
        zip(decoder(Rows([[a, b]])).numbers, image).reduce(1) { product, pair in
          product * Foundation.exp(Bernoulli(logit: pair.0).logProbability(pair.1 == 1))
        }
      }
      #expect(abs(evidence.logEvidence[i] - Foundation.log(p)) < 1e-8)
      #expect(evidence.error(ofImage: i) < 1e-9)
    }
  }

  @Test("half-width 8 is wide enough: a wider grid of the same spacing gives the same")
  func truncation() {
    let (decoder, images) = example(seed: 4)
    let narrow = Evidence(
      of: decoder, images: images, grid: Grid(over: -8...8, count: 160))
    let wide = Evidence(
      of: decoder, images: images, grid: Grid(over: -10...10, count: 200))
    for i in 0..<4 { #expect(abs(narrow.logEvidence[i] - wide.logEvidence[i]) < 1e-10) }
  }

  @Test("a decoder that ignores z: log p(x) is a sum of Bernoulli terms, whatever the guide")
  func constantDecoder() {
    var (decoder, images) = example(seed: 5)
    decoder.ignoreLatents()
    let evidence = Evidence(of: decoder, images: images, grid: Reach(narrowest: 0.5).grid)
    let logits = decoder.network.parameters.suffix(6)
    for i in 0..<4 {
      let exact = zip(logits, images[i]).reduce(0) {
        $0 + Bernoulli(logit: $1.0).logProbability($1.1 == 1)
      }
      #expect(abs(evidence.logEvidence[i] - exact) < 1e-11)
    }
  }

  /// A network that was trained as an autoencoder has no guides: the grid alone finds out what it
  /// takes. Its first layer is steep, so that the coarse grid will not do.
  @Test("a decoder alone, such as an autoencoder's: the grid is made finer until it is reliable")
  func decoderAlone() throws {
    var generator = Threefry(seed: 9)
    let start = smallModel(pixels: 6, latent: 2, hidden: [5], seed: 9, encoderGain: 4)
    var trainer = Trainer(
      start, batchSize: 4, learningRate: 0.02, beta: 0, drawsNoise: false, seed: 9)
    let images = coinImages(8, pixels: 6, seed: 9)
    for _ in 0..<300 { _ = trainer.epoch(over: images) }
    let decoder = trainer.model.decoder
    let coarse = Evidence(of: decoder, images: images, grid: Grid(over: -8...8, count: 10))
    let fine = Evidence.refined(of: decoder, images: images, from: coarse.grid)
    #expect(!coarse.isReliable && fine.isReliable && fine.grid.count > 10)
    // E_{z ~ N(0, I)} p(x|z), sampled.
    let draws = Rows((0..<40_000).map { _ in [generator.normal(), generator.normal()] })
    let likelihoods = LogLikelihoodGrid(decoder, images: images)(draws)
    for i in images.indices {
      let estimate = Estimate(likelihoods.map { exp($0[$0.startIndex + i]) })
      #expect(abs(exp(fine.logEvidence[i]) - estimate.mean) < 5 * estimate.standardError)
    }
  }

  @Test("an asked tolerance is the one that counts")
  func tolerance() {
    let (decoder, images) = example(seed: 2)
    let grid = Grid(over: -8...8, count: 8)
    let loose = Evidence.refined(of: decoder, images: images, from: grid, tolerance: 1)
    let tight = Evidence.refined(of: decoder, images: images, from: grid, tolerance: 1e-9)
    #expect(loose.grid.count == 8 && loose.isReliable && loose.largestError > 1e-9)
    #expect(tight.grid.count > 8 && tight.largestError <= 1e-9)
  }
}
