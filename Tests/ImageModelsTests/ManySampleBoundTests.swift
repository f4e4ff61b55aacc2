import Foundation
import Testing
import TinyNetworks
import TinyNumerics

@testable import ImageModels

@Suite("eq. 6.3: ELBO ≤ L_k ≤ log p(x)")
struct ManySampleBoundTests {
  private func example(seed: UInt64) -> (VariationalAutoencoder<Double>, [Double]) {
    var generator = Threefry(seed: seed)
    let model = VariationalAutoencoder<Double>(
      dataWidth: 5, hidden: [4], latentDimension: 2, activation: .softplus,
      likelihood: .bernoulli, using: &generator)
    return (model, (0..<10).map { _ in generator.uniform() < 0.5 ? 1.0 : 0.0 })
  }

  /// Where the guide is the posterior, w = p(x) whatever z is drawn. A decoder that ignores z has the
  /// prior for its posterior, and an encoder of zeros puts out µ = 0, log σ² = 0: the prior.
  @Test("a perfect guide: every L_k is log p(x), without noise")
  func perfectGuide() {
    var (model, images) = example(seed: 1)
    for i in 0..<model.decoder.parameterCount - 5 { model.decoder.network.parameters[i] = 0 }
    model.encoder.parameters = model.encoder.parameters.map { _ in 0 }
    let bound = ManySampleBound(of: model, images: images, largest: 8, blocks: 3, seed: 2)
    let exact = Evidence(of: model, images: images, grid: Reach(narrowest: 1).grid)
    #expect(bound.draws == [1, 2, 4, 8])
    for value in bound.bounds {
      #expect(abs(value.mean - mean(exact.logEvidence)) < 1e-10)
      #expect(value.standardError < 1e-10)
    }
  }

  @Test("one block of four is one draw of L_4, without a standard error, and two of L_2")
  func oneBlock() {
    let (model, images) = example(seed: 1)
    let bound = ManySampleBound(of: model, images: images, largest: 4, blocks: 1, seed: 2)
    #expect(bound.draws == [1, 2, 4])
    #expect(bound.bounds.map(\.standardError.isNaN) == [false, false, true])
  }

  /// E log ½(w₁ + w₂) by Gauss–Hermite quadrature in all four dimensions of two latents.
  @Test("L_1 and L_2 against quadrature; halves never beat their union")
  func againstQuadrature() {
    let (model, images) = example(seed: 3)
    let bound = ManySampleBound(of: model, images: images, largest: 8, blocks: 1000, seed: 4)
    let guides = model.guides(for: images, rows: 2)
    let rule = GaussHermite(nodes: 10)
    var (one, two) = (0.0, 0.0)
    for (i, q) in guides.enumerated() {
      let likelihood = LogLikelihoodGrid(
        model, images: Array(images[5 * i..<5 * i + 5]))
      var nodes: [(weight: Double, logW: Double)] = []
      for (a, wa) in zip(rule.nodes, rule.weights) {
        for (b, wb) in zip(rule.nodes, rule.weights) {
          let z = (
            q.mean[0] + q.standardDeviation[0] * a, q.mean[1] + q.standardDeviation[1] * b
          )
          let logJoint =
            likelihood([z.0, z.1])[0] + Normal.standard.logDensity(z.0)
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

@Suite("eq. 6.4: Σ_x p(x) = 1")
struct TinyVAETests {
  @Test("random models", arguments: [1, 2, 3] as [UInt64])
  func sumsToOne(seed: UInt64) {
    var generator = Threefry(seed: seed)
    let model = VariationalAutoencoder<Double>(
      dataWidth: TinyVAE.pixels, hidden: [5], latentDimension: 2, activation: .softplus,
      likelihood: .bernoulli, using: &generator)
    let tiny = TinyVAE(model)
    #expect(tiny.images.count == 512 * 9)
    let probabilities = tiny.probabilities()
    let error = probabilities.reduce(0) { $0 + $1.error } + 1e-12
    #expect(error < 1e-9)
    #expect(abs(probabilities.reduce(0) { $0 + $1.value } - 1) <= error)
    let bounds = tiny.exponentiatedELBOs()
    #expect(zip(bounds, probabilities).allSatisfy { $0 <= $1.value })
    #expect(bounds.reduce(0, +) < 0.99999)
  }

  @Test("it learns rows 2, 4 and 5 by columns 3, 5 and 6, and no other pixel")
  func places() {
    let image = (0..<64).map { i in
      [2, 4, 5].contains(i / 8 + 1) && [3, 5, 6].contains(i % 8 + 1) ? 1.0 : 0
    }
    let tiny = TinyVAE(trainedOn: (0..<500).flatMap { _ in image }, seed: 3)
    // All nine pixels are always on: that is the last of the 512 images.
    #expect(tiny.probabilities(cells: 32).last!.value > 0.9)
  }

  @Test("every image is listed once")
  func listing() {
    var generator = Threefry(seed: 1)
    let tiny = TinyVAE(
      VariationalAutoencoder<Double>(
        dataWidth: 9, hidden: [2], latentDimension: 2, activation: .tanh, likelihood: .bernoulli,
        using: &generator))
    let listed = stride(from: 0, to: tiny.images.count, by: 9).map {
      Array(tiny.images[$0..<$0 + 9])
    }
    #expect(Set(listed).count == 512)
    // However coarse the grid and whichever of the two sums is larger.
    #expect(tiny.probabilities(cells: 6).allSatisfy { $0.error >= 0 })
  }
}

@Suite("eq. 6.3: the evidence, estimated")
struct EstimatedEvidenceTests {
  @Test("on a latent plane the estimate is the grid's evidence, within its standard errors")
  func againstTheGrid() {
    var generator = Threefry(seed: 63)
    var model = VariationalAutoencoder<Double>(
      dataWidth: 8, hidden: [6], latentDimension: 2, activation: .softplus,
      likelihood: .bernoulli, using: &generator)
    model.decoder.network.parameters = model.decoder.network.parameters.map { 2 * $0 }
    let images = (0..<80).map { _ in generator.uniform() < 0.5 ? 1.0 : 0.0 }
    let exact = Evidence(of: model, images: images, grid: Reach(narrowest: 0.5).grid).logEvidence
    let estimate = EstimatedEvidence(of: model, images: images, draws: 4000, seed: 5)
    for (weights, logEvidence) in zip(estimate.weights, exact) {
      let ratio = exp(weights.logMean - logEvidence)
      #expect(abs(ratio - 1) < 5 * weights.relativeStandardError)
      #expect(weights.relativeStandardError < 0.1)
      // w = p(x, z)/q_α(z) ≤ p(x|z)/α: with p(x|z) ≤ 1 no weight exceeds 10.
      #expect(weights.logMean + log(weights.effectiveSampleSize / 4000) < log(10))
    }
    for draws in [1, 99, 100, 101, 250, 4000] {
      let weights = EstimatedEvidence(
        of: model, images: Array(images[0..<8]), draws: draws, seed: 5
      ).weights
      #expect(weights.map(\.count) == [draws])
    }
    #expect(abs(mean(estimate.logEvidence) - mean(exact)) < 5 * estimate.standardError)
    #expect(estimate.medianEffectiveSampleSize > 1000)
  }
}

@Suite("eq. 6.8: the latent plane")
struct LatentPlaneTests {
  @Test("manifold and walks")
  func places() {
    var generator = Threefry(seed: 1)
    let encoding = PixelEncoding(.bernoulli, brightest: 16)
    let plane = LatentPlane(
      model: VariationalAutoencoder<Double>(
        dataWidth: 6, hidden: [3], latentDimension: 2, activation: .tanh,
        likelihood: encoding.likelihood, using: &generator), encoding: encoding)
    let manifold = plane.manifold(across: 3, down: 2)
    #expect(manifold.count == 6)
    // Thirds of the normal: its middle slice is centred on 0, the outer ones on Φ⁻¹(1/6), Φ⁻¹(5/6).
    #expect(abs(manifold[0][0] + 0.967421566101701) < 1e-12 && abs(manifold[1][0]) < 1e-15)
    #expect(manifold[0][1] > 0 && manifold[3][1] < 0, "the second coordinate falls down the page")
    let walk = plane.walk(from: [0, 1], to: [2, -1], steps: 5)
    #expect(walk[0] == [0, 1] && walk[2] == [1, 0] && walk[4] == [2, -1])
    let images = plane.decoded(manifold)
    #expect(images.count == 6 && images.allSatisfy { $0.count == 6 })
    #expect(images.joined().allSatisfy { $0 > 0 && $0 < 1 })
  }
}
