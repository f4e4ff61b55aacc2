import Foundation
import Testing

@testable import TinyNumerics
@testable import chapter6

/// Eq. 3.6 on networks, by the quadratures of row 6.2.
@Suite("eq. 6.2: log p(x) = ELBO + D")
struct IdentityTests {
  /// An untrained model with outputs scaled up, so that posteriors are not just the prior, and images.
  private func example(seed: UInt64, gain: Double = 1.5)
    -> (model: VariationalAutoencoder<Double>, images: [Double])
  {
    var generator = Threefry(seed: seed)
    var model = VariationalAutoencoder<Double>(
      dataWidth: 6, hidden: [5], latentDimension: 2, activation: .softplus, likelihood: .bernoulli,
      using: &generator)
    model.decoder.parameters = model.decoder.parameters.map { $0 * gain }
    let images = (0..<6 * 4).map { _ in generator.uniform() < 0.5 ? 1.0 : 0.0 }
    return (model, images)
  }

  @Test("holds on untrained networks, for any guide", arguments: 1...6 as ClosedRange<UInt64>)
  func holds(seed: UInt64) {
    let (model, images) = example(seed: seed)
    let identity = Identity(of: model, images: images)
    #expect(identity.checks.filter { !$0.holds }.isEmpty)
    for i in 0..<identity.count {
      #expect(abs(identity.residual(i)) <= identity.allowance(i))
      #expect(identity.allowance(i) < 1e-6)
      #expect(identity.divergence[i] > 1e-4, "the guide is not the posterior")
    }
  }

  /// Another route to the evidence: a product of two 128-node Gauss–Hermite rules under the prior.
  @Test("evidence by the grid = evidence by Gauss–Hermite under the prior")
  func evidenceByAnotherRule() {
    let (model, images) = example(seed: 3)
    let evidence = Evidence(decoder: model.decoder, images: images, narrowest: 0.5)
    let rule = GaussHermite(nodes: 128)
    for i in 0..<4 {
      let image = images[6 * i..<6 * i + 6]
      let p = rule.expectation(under: .standard, .standard) { a, b in
        zip(model.decoder([a, b], rows: 1), image).reduce(1) { product, pair in
          product * Foundation.exp(Bernoulli(logit: pair.0).logProbability(pair.1 == 1))
        }
      }
      #expect(abs(evidence.logEvidence[i] - Foundation.log(p)) < 1e-8)
      #expect(evidence.error(ofImage: i) < 1e-9)
    }
  }

  @Test("half-width 8 is wide enough: a wider grid of the same spacing gives the same")
  func truncation() {
    let (model, images) = example(seed: 4)
    let narrow = Evidence(
      decoder: model.decoder, images: images, grid: Grid(over: -8...8, count: 160))
    let wide = Evidence(
      decoder: model.decoder, images: images, grid: Grid(over: -10...10, count: 200))
    for i in 0..<4 { #expect(abs(narrow.logEvidence[i] - wide.logEvidence[i]) < 1e-10) }
  }

  @Test("a decoder that ignores z: log p(x) is a sum of Bernoulli terms, whatever the guide")
  func constantDecoder() {
    var (model, images) = example(seed: 5)
    let weights = model.decoder.parameterCount - 6  // all but the last bias
    for i in 0..<weights { model.decoder.parameters[i] = 0 }
    let evidence = Evidence(decoder: model.decoder, images: images, narrowest: 0.5)
    let logits = model.decoder.parameters.suffix(6)
    for i in 0..<4 {
      let exact = zip(logits, images[6 * i..<6 * i + 6]).reduce(0) {
        $0 + Bernoulli(logit: $1.0).logProbability($1.1 == 1)
      }
      #expect(abs(evidence.logEvidence[i] - exact) < 1e-11)
    }
  }

  @Test("the divergence's arguments cannot be swapped, nor its normaliser forgotten")
  func wrongFormulas() {
    let (model, images) = example(seed: 6)
    let identity = Identity(of: model, images: images)
    let guides = model.guides(for: images, rows: 4)
    let unnormalised = PosteriorGap(
      decoder: model.decoder, guides: guides, images: images, logNormalisers: [0, 0, 0, 0])
    for i in 0..<4 {
      #expect(abs(unnormalised.divergences[i] - identity.divergence[i]) > 0.1)
    }
  }
}

@Suite("eq. 6.1: training")
struct TrainingTests {
  private func digits() throws -> (training: [Double], heldOut: [Double]) {
    let digits = try Digits.load()
    return (
      digits.binarised(Digits.training, threshold: Digits.threshold),
      digits.binarised(Digits.heldOut, threshold: Digits.threshold)
    )
  }

  @Test("loss = −ELBO, by kernels and by definition")
  func lossIsMinusELBO() throws {
    let (training, heldOut) = try digits()
    let (model, _) = train(
      Experiment(epochs: 2), on: training, heldOut: heldOut, width: 64)
    let (loss, minusELBO) = lossAndMinusELBO(of: model, images: heldOut, seed: 3)
    #expect(abs(loss - minusELBO) <= 1e-12 * abs(loss))
  }

  /// An equal PyTorch model reaches a mean held-out ELBO of −20.79 nats over 5 seeds, standard deviation
  /// 0.16; ours may lie two standard errors of the difference of the two means below it.
  @Test("five seeds learn as well as an equal PyTorch model")
  func fiveSeeds() throws {
    let (training, heldOut) = try digits()
    let elbos = Estimate(
      (1...5).map { seed in
        let (model, _) = train(
          Experiment(seed: UInt64(seed)), on: training, heldOut: heldOut, width: 64)
        let bound = ExactELBO(
          decoder: model.decoder, guides: model.guides(for: heldOut, rows: Digits.heldOut.count),
          images: heldOut)
        #expect(bound.errors.allSatisfy { $0 < 1e-6 })
        return mean(bound.terms.map(\.elbo))
      })
    let standardError = ((0.16 * 0.16 + elbos.variance) / 5).squareRoot()
    #expect(elbos.mean > -20.79 - 2 * standardError)
  }
}
