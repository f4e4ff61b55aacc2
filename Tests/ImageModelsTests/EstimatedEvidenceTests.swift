import Foundation
import Testing
import TinyNetworks
import TinyNumerics

@testable import ImageModels

@Suite("eq. 6.3: the evidence, estimated")
struct EstimatedEvidenceTests {
  @Test("on a latent plane the estimate is the grid's evidence, within its standard errors")
  func againstTheGrid() {
    var generator = Threefry(seed: 63)
    var model = VariationalAutoencoder<Double>(
      dataWidth: 8, hidden: [6], latentDimension: 2, activation: .softplus,
      likelihood: .bernoulli, using: &generator)
    model.decoder.network.parameters = model.decoder.network.parameters.map { 2 * $0 }
    let images = Rows(
      (0..<80).map { _ in generator.uniform() < 0.5 ? 1.0 : 0.0 }, width: 8)
    let guides = model.guides(for: images)
    let exact = Evidence(
      of: model.decoder, images: images, grid: Reach(narrowest: 0.5).grid
    ).logEvidence
    let estimate = EstimatedEvidence(
      of: model.decoder, guides: guides, images: images, draws: 4000, seed: 5)
    for (weights, logEvidence) in zip(estimate.weights, exact) {
      let ratio = exp(weights.logMean - logEvidence)
      #expect(abs(ratio - 1) < 5 * weights.relativeStandardError)
      #expect(weights.relativeStandardError < 0.1)
      // w = p(x, z)/q_α(z) ≤ p(x|z)/α: with p(x|z) ≤ 1 no weight exceeds 10.
      #expect(weights.logMean + log(weights.effectiveSampleSize / 4000) < log(10))
    }
    for draws in [1, 99, 100, 101, 250, 4000] {
      let weights = EstimatedEvidence(
        of: model.decoder, guides: [guides[0]], images: images.row(0), draws: draws, seed: 5
      ).weights
      #expect(weights.map(\.count) == [draws])
    }
    #expect(abs(mean(estimate.logEvidence) - mean(exact)) < 5 * estimate.standardError)
    #expect(estimate.medianEffectiveSampleSize > 1000)
  }
}
