import Foundation
import TestSupport
import Testing
import TinyNetworks

@testable import TinyNumerics
@testable import chapter6

@Suite("eq. 6.10: what latents are used for")
struct CollapseTests {
  private let images = coinImages(40, pixels: 5, seed: 7)

  private func constant(mean: [Double], logVariance: [Double]) -> LatentUse {
    var model = smallModel(pixels: 5, latent: 2, seed: 5)
    model.answer(mean: mean, logVariance: logVariance)
    return LatentUse(of: model.guides(for: images))
  }

  @Test("eq. 6.10: a guide that is the prior pays nothing; one that does not move is inactive")
  func constants() {
    let collapsed = constant(mean: [0, 0], logVariance: [0, 0])
    #expect(collapsed.divergences == [0, 0] && collapsed.variances == [0, 0])
    #expect(collapsed.activeCount == 0 && collapsed.smallestMargin == 0)
    // ½ (µ² + σ² − 1 − log σ²) at µ = 2, σ = 1 and at µ = 0, σ² = e.
    let still = constant(mean: [2, 0], logVariance: [0, 1])
    #expect(abs(still.divergences[0] - 2) < 1e-14)
    #expect(abs(still.divergences[1] - (M_E - 2) / 2) < 1e-14)
    #expect(still.variances == [0, 0] && still.activeCount == 0)
    #expect(abs(still.smallestMargin - (M_E - 2) / 2) < 1e-14)
  }

  /// One pixel that is 0 or 1, h = relu(x) = x, µ = 2sh − s, log σ² = 0: the means are ±s, the KL
  /// is ½ s² and the variance s². The bound is met: the ½ is not to be improved, and cannot be left
  /// out.
  @Test("eq. 6.10: means ±s and unit width: the bound is met", arguments: [0.05, 0.15, 1, 3])
  func tight(s: Double) {
    var model = smallModel(pixels: 1, latent: 1, hidden: [1], activation: .relu, seed: 1)
    model.encoder.parameters = [1, 0, 2 * s, 0, -s, 0]
    let use = LatentUse(of: model.guides(for: Rows([[0], [1], [1], [0]])))
    #expect(abs(use.divergences[0] - s * s / 2) < 1e-15 * s)
    #expect(abs(use.variances[0] - s * s) < 1e-15 * s, "over N, not N − 1")
    #expect(abs(use.smallestMargin) < 1e-15 * s)
    #expect(use.activeCount == (s > 0.1 ? 1 : 0), "active from a variance of 0.01 on")
    let fewer = LatentUse(of: model.guides(for: Rows([[0], [0], [0], [1]])))
    #expect(abs(fewer.variances[0] - 0.75 * s * s) < 1e-14, "about the mean −s/2")
  }

  @Test("eq. 6.10: each dimension is spoken of by its own numbers")
  func dimensions() {
    let model = smallModel(pixels: 5, latent: 3, seed: 8, encoderGain: 3)
    let outputs = model.encoder(images).numbers
    let use = LatentUse(of: model.guides(for: images))
    for d in 0..<3 {
      let means = (0..<40).map { outputs[6 * $0 + d] }
      let logVariances = (0..<40).map { outputs[6 * $0 + 3 + d] }
      let square = means.reduce(0) { $0 + $1 * $1 } / 40
      let middle = means.reduce(0, +) / 40
      #expect(abs(use.variances[d] - (square - middle * middle)) < 1e-12)
      let rest = logVariances.reduce(0) { $0 + exp($1) - 1 - $1 } / 40
      #expect(abs(use.divergences[d] - (square + rest) / 2) < 1e-12)
    }
    #expect(Set(use.variances).count == 3)
  }

  @Test("eq. 6.10: ½ Var ≤ KL for any encoder; without the ½, or with KL halved, for few")
  func inequality() {
    var (withoutHalf, withHalfTheKL) = (0, 0)
    for seed in 1...40 as ClosedRange<UInt64> {
      var model = smallModel(
        pixels: 5, latent: 2, seed: seed, encoderGain: 1 + Double(seed))
      // Guides about as wide as the prior, as in dimensions that are nearly collapsed.
      let last = model.encoder.parameterCount - 20
      for i in 0..<20 where i % 4 >= 2 { model.encoder.parameters[last + i] = 0 }
      let use = LatentUse(of: model.guides(for: images))
      #expect(use.smallestMargin >= 0)
      #expect(use.activeCount == 2 || seed < 5, "steep encoders move every mean")
      #expect(
        LatentUse(of: smallModel(pixels: 5, latent: 2, seed: seed).guides(for: images))
          .smallestMargin >= 0)
      for (kl, variance) in zip(use.divergences, use.variances) {
        if kl < variance { withoutHalf += 1 }
        if kl / 2 < variance / 2 { withHalfTheKL += 1 }
      }
    }
    #expect(withoutHalf > 10 && withHalfTheKL > 10)
  }
}

extension LatentUse {
  /// E_x D_d − ½ Var_x E_q[z_d], the smallest over the dimensions: never below 0.
  fileprivate var smallestMargin: Double {
    zip(divergences, variances).map { $0 - $1 / 2 }.min() ?? .nan
  }
}
