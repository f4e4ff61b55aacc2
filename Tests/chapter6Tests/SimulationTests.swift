import Foundation
import Notebook
import TestSupport
import Testing
import TinyNetworks
import TinyNumerics

@testable import chapter6

@Suite("eq. 6.11: pairs from the model")
struct SimulationTests {
  private func simulation(
    of model: VariationalAutoencoder<Double>, pairs: Int, seed: UInt64
  ) throws -> Simulation {
    var generator = Threefry(seed: seed, stream: 11)
    return try #require(Simulation(of: model, pairs: pairs, using: &generator))
  }

  /// A decoder that does not look at z: the posterior is the prior, whatever the image.
  private func known(_ latent: Int, logVariance: Double) -> VariationalAutoencoder<Double> {
    var model = smallModel(pixels: 5, latent: latent, seed: 8)
    model.decoder.ignoreLatents()
    model.answer(
      mean: Array(repeating: 0, count: latent),
      logVariance: Array(repeating: logVariance, count: latent))
    return model
  }

  @Test("eq. 6.11: a guide that is the posterior: no gap, no miscalibration", arguments: [1, 2])
  func perfectGuide(latent: Int) throws {
    let simulation = try simulation(of: known(latent, logVariance: 0), pairs: 1000, seed: 9)
    #expect(simulation.upperGaps.allSatisfy { abs($0) < 1e-9 })
    #expect(simulation.sampledGaps.allSatisfy { abs($0) < 1e-9 })
    #expect(simulation.miscalibrations.allSatisfy { abs($0 - 1) < 1e-9 })
    #expect(simulation.ranks.count == 1000 * latent)
    #expect(GoodnessOfFit.kolmogorovSmirnov(simulation.ranks) { $0 }.pValue > 1e-4)
    let spread = Estimate(simulation.sampledMiscalibrations)
    #expect(abs(spread.mean - 1) < 5 * spread.standardError)
    // 12 (u − ½)² has variance 12² (1/80 − 1/144) = 4/5, and a mean over d of them 4/5d.
    #expect(abs(spread.variance * Double(latent) - 0.8) < 0.2)
  }

  /// D(N(0, I) ‖ N(0, s²I)) = ½ (1/s² − 1 + log s²) a dimension. And u = Φ(z/s) with z standard
  /// normal: E[12 (u − ½)²] = (6/π) asin(1/(1 + s²)), because P(u₁ < u, u₂ < u) is an orthant's
  /// probability.
  @Test(
    "eq. 6.11: narrow guides are over-confident, wide ones the reverse, by closed forms",
    arguments: [-3.0, -1, 0.5, 2], [1, 2])
  func miscalibrated(logVariance: Double, latent: Int) throws {
    let model = known(latent, logVariance: logVariance)
    let simulation = try simulation(of: model, pairs: 400, seed: 10)
    let gap = Double(latent) / 2 * (exp(-logVariance) - 1 + logVariance)
    #expect(simulation.upperGaps.allSatisfy { abs($0 - gap) < 1e-7 * (1 + gap) })
    let spread = 6 / Double.pi * asin(1 / (1 + exp(logVariance)))
    #expect(simulation.miscalibrations.allSatisfy { abs($0 - spread) < 1e-7 })
    #expect((spread > 1) == (logVariance < 0))
    for (values, exact) in [
      (simulation.sampledGaps, gap), (simulation.sampledMiscalibrations, spread),
    ] {
      let estimate = Estimate(values)
      #expect(abs(estimate.mean - exact) < 5 * estimate.standardError)
    }
  }

  /// E[f(z)|x] = E_prior[p(x|z) f(z)] / E_prior[p(x|z)] by 128 × 128 Gauss–Hermite nodes.
  @Test("eq. 6.11: the grid's posterior means, against Gauss–Hermite under the prior")
  func posteriorMeans() throws {
    let model = smallModel(pixels: 5, latent: 2, seed: 11, encoderGain: 2, decoderGain: 3)
    let simulation = try simulation(of: model, pairs: 6, seed: 12)
    let rule = GaussHermite(nodes: 128)
    for (i, q) in simulation.guides.enumerated() {
      let image = simulation.images[i]
      var (evidence, logWeight, spread) = (0.0, 0.0, 0.0)
      for (a, wa) in zip(rule.nodes, rule.weights) {
        for (b, wb) in zip(rule.nodes, rule.weights) {
          let likelihood = zip(model.decoder(Rows([[a, b]])).numbers, image).reduce(1) {
            $0 * sigmoid($1.1 == 1 ? $1.0 : -$1.0)
          }
          let weight = wa * wb * likelihood
          let z = [a, b]
          evidence += weight
          logWeight +=
            weight
            * (log(likelihood) - logTwoPi - (a * a + b * b) / 2 - q.logDensity(z))
          let ranks = (0..<2).map { q[$0].cdf(z[$0]) - 0.5 }
          spread += weight * 6 * (ranks[0] * ranks[0] + ranks[1] * ranks[1])
        }
      }
      #expect(abs(simulation.logEvidence[i] - log(evidence)) < 1e-6)
      #expect(abs(simulation.upperGaps[i] - (logWeight / evidence - log(evidence))) < 1e-5)
      #expect(abs(simulation.miscalibrations[i] - spread / evidence) < 1e-5)
      #expect(simulation.upperGaps[i] > 1e-3)
    }
  }

  @Test("eq. 6.11: the sampled gap is log w at the z that made x, its rank that z's")
  func sampled() throws {
    let model = smallModel(pixels: 5, latent: 2, seed: 13, encoderGain: 2, decoderGain: 3)
    let simulation = try simulation(of: model, pairs: 20, seed: 14)
    for (i, q) in simulation.guides.enumerated() {
      // The rank gives z back: z = µ + σ Φ⁻¹(u).
      let z = (0..<2).map { q[$0].quantile(simulation.ranks[2 * i + $0]) }
      let image = simulation.images[i]
      let logLikelihood = zip(model.decoder(Rows([z])).numbers, image).reduce(0) {
        $0 + log(sigmoid($1.1 == 1 ? $1.0 : -$1.0))
      }
      let logPrior = -logTwoPi - (z[0] * z[0] + z[1] * z[1]) / 2
      let logWeight = logLikelihood + logPrior - q.logDensity(z)
      #expect(abs(simulation.sampledGaps[i] - (logWeight - simulation.logEvidence[i])) < 1e-7)
      let spread = (0..<2).reduce(0) { $0 + 6 * pow(simulation.ranks[2 * i + $1] - 0.5, 2) }
      #expect(abs(simulation.sampledMiscalibrations[i] - spread) < 1e-14)
    }
  }

  @Test("eq. 6.11: pixels are on as often as the decoder says")
  func pixels() throws {
    var model = smallModel(pixels: 5, latent: 1, seed: 15, decoderGain: 4)
    model.decoder.ignoreLatents()
    let simulation = try simulation(of: model, pairs: 4000, seed: 16)
    for (j, logit) in model.decoder.network.parameters.suffix(5).enumerated() {
      let share = (0..<4000).reduce(0) { $0 + simulation.images.numbers[5 * $1 + j] / 4000 }
      let p = sigmoid(logit)
      #expect(abs(share - p) < 5 * (p * (1 - p) / 4000).squareRoot())
    }
  }

  @Test("eq. 6.11: sampled less grid: over 100 small runs the z-scores are standard normal")
  func calibrated() throws {
    let model = smallModel(pixels: 5, latent: 1, seed: 17, encoderGain: 2, decoderGain: 4)
    var (gaps, spreads): ([Double], [Double]) = ([], [])
    for seed in 1...100 as ClosedRange<UInt64> {
      let run = try simulation(of: model, pairs: 60, seed: seed)
      let gap = Estimate(zip(run.sampledGaps, run.upperGaps).map(-))
      let spread = Estimate(zip(run.sampledMiscalibrations, run.miscalibrations).map(-))
      gaps.append(gap.mean / gap.standardError)
      spreads.append(spread.mean / spread.standardError)
    }
    for scores in [gaps, spreads] {
      let z = Estimate(scores)
      #expect(abs(z.mean) < 4 / 10.0)
      // The deviation of 100 normal scores has a standard error of 1/√200; times four.
      #expect(abs(z.variance.squareRoot() - 1) < 0.28)
      let fit = GoodnessOfFit.kolmogorovSmirnov(scores) { Normal.standard.cdf($0) }
      #expect(fit.pValue > 1e-4)
    }
  }

  @Test("eq. 6.11: a guide that is no distribution makes no simulation")
  func unusable() {
    var model = known(2, logVariance: 0)
    model.answer(mean: [0, 0], logVariance: [0, -100])
    var generator = Threefry(seed: 1)
    #expect(Simulation(of: model, pairs: 3, using: &generator) == nil)
  }
}
