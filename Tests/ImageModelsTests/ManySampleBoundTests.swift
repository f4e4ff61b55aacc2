import Foundation
import TestSupport
import Testing
import TinyNetworks
import TinyNumerics

@testable import ImageModels

@Suite("eq. 6.3: ELBO ≤ L_k ≤ log p(x)")
struct ManySampleBoundTests {
  private func example(seed: UInt64) -> (VariationalAutoencoder<Double>, Rows<Double>) {
    var generator = Threefry(seed: seed)
    let model = VariationalAutoencoder<Double>(
      dataWidth: 5, hidden: [4], latentDimension: 2, activation: .softplus,
      likelihood: .bernoulli, using: &generator)
    return (
      model, Rows((0..<10).map { _ in generator.uniform() < 0.5 ? 1.0 : 0.0 }, width: 5)
    )
  }

  private func bound(
    of model: VariationalAutoencoder<Double>, _ images: Rows<Double>, largest: Int, blocks: Int,
    seed: UInt64
  ) -> ManySampleBound {
    ManySampleBound(
      of: model.decoder, guides: model.guides(for: images), images: images, largest: largest,
      blocks: blocks, seed: seed)
  }

  /// Where the guide is the posterior, w = p(x) whatever z is drawn. A decoder that ignores z has
  /// the prior for its posterior, and an encoder of zeros puts out µ = 0, log σ² = 0: the prior.
  @Test("a perfect guide: every L_k is log p(x), without noise")
  func perfectGuide() {
    var (model, images) = example(seed: 1)
    model.decoder.ignoreLatents()
    model.answerWithPrior()
    let bound = bound(of: model, images, largest: 8, blocks: 3, seed: 2)
    let exact = Evidence(of: model.decoder, images: images, grid: Reach(narrowest: 1).grid)
    #expect(bound.draws == [1, 2, 4, 8])
    for value in bound.bounds {
      #expect(abs(value.mean - mean(exact.logEvidence)) < 1e-10)
      #expect(value.standardError < 1e-10)
    }
  }

  @Test("one block of four is one draw of L_4, without a standard error, and two of L_2")
  func oneBlock() {
    let (model, images) = example(seed: 1)
    let bound = bound(of: model, images, largest: 4, blocks: 1, seed: 2)
    #expect(bound.draws == [1, 2, 4])
    #expect(bound.bounds.map(\.standardError.isNaN) == [false, false, true])
  }

  /// E log ½(w₁ + w₂) by Gauss–Hermite quadrature in all four dimensions of two latents.
  @Test("L_1 and L_2 against quadrature; halves never beat their union")
  func againstQuadrature() {
    let (model, images) = example(seed: 3)
    let bound = bound(of: model, images, largest: 8, blocks: 1000, seed: 4)
    let guides = model.guides(for: images)
    let rule = GaussHermite(nodes: 10)
    var (one, two) = (0.0, 0.0)
    for (i, q) in guides.enumerated() {
      let likelihood = LogLikelihoodGrid(model.decoder, images: images.row(i))
      var nodes: [(weight: Double, logW: Double)] = []
      for (a, wa) in zip(rule.nodes, rule.weights) {
        for (b, wb) in zip(rule.nodes, rule.weights) {
          let z = (
            q.mean[0] + q.standardDeviation[0] * a, q.mean[1] + q.standardDeviation[1] * b
          )
          let logJoint =
            likelihood(Rows([[z.0, z.1]])).numbers[0] + Normal.standard.logDensity(z.0)
            + Normal.standard.logDensity(z.1)
          nodes.append((wa * wb, logJoint - q.logDensity([z.0, z.1])))
        }
      }
      for first in nodes {
        one += first.weight * first.logW / 2
        for second in nodes {
          two += first.weight * second.weight * logMeanExp([first.logW, second.logW]) / 2
        }
      }
    }
    #expect(abs(bound.bounds[0].mean - one) < 5 * bound.bounds[0].standardError)
    #expect(abs(bound.bounds[1].mean - two) < 5 * bound.bounds[1].standardError)
    #expect(bound.bounds[0].standardError < 0.01)
    #expect(bound.smallestGain > -1e-13)
    #expect(two > one)
  }
}
