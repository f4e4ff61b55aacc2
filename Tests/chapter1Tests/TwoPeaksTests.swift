import Foundation
import Testing
import TinyNumerics

@testable import chapter1

/// Golden values: SciPy, `fsolve` on the gradient of the same divergence summed over 1200 nodes.
@Suite("eq. 1.11: one Gaussian for two peaks")
struct TwoPeaksTests {
  @Test(
    "eq. 1.11: argmin D(p‖q) has p's mean and variance, from any start", arguments: [1.5, 3, 5],
    [0.6, 0.9])
  func forward(s: Double, weight: Double) {
    let peaks = TwoPeaks(halfDistance: s, heavierWeight: weight)
    for start in [Normal.standard, peaks.heavier, Normal(mean: -2, standardDeviation: 4)] {
      let fit = forwardFit(to: peaks.density, from: start)
      // mean and variance of the mixture, written out
      let mean = (2 * weight - 1) * s
      let variance = 1 + s * s - mean * mean
      #expect(fit.gradientNorm <= 1e-10)
      #expect(abs(fit.q.mean - mean) <= 2e-10 * variance)
      #expect(abs(fit.q.variance - variance) <= 2e-10 * variance)
      // D(p‖q) by another rule
      let p = peaks.density
      let divergence = integrate(over: -.infinity ... .infinity, scale: s) { z in
        let density = p.density(z)
        return density == 0 ? 0 : density * (p.logDensity(z) - fit.q.logDensity(z))
      }
      #expect(abs(divergence.value - fit.divergence) <= divergence.error + 1e-12)
    }
  }

  @Test("eq. 1.11: H(p) at one peak and at two far apart; D beside a minimum and beside another q")
  func besides() {
    let (one, two) = (TwoPeaks(halfDistance: 0), TwoPeaks(halfDistance: 20, heavierWeight: 0.5))
    #expect(abs(one.entropy.value - Normal.standard.entropy) <= 1e-11)
    #expect(abs(two.entropy.value - Normal.standard.entropy - log(2)) <= 1e-11)
    // D(N(µ, σ²) ‖ N(0, 1)): ½ µ² + ½ (σ² − 1) − log σ, each way
    let beside = one.divergenceBeside(.standard, step: 0.1)
    #expect(
      abs(beside.value - 0.005) < 1e-11)
    let away = one.divergenceBeside(Normal(mean: 1, standardDeviation: 1), step: 0.1)
    #expect(abs(away.value - 0.405) < 1e-11)
  }

  @Test("eq. 1.11: the three minima of D(q‖p) at s = 3, golden")
  func reverseGolden() {
    let fits = TwoPeaks(halfDistance: 3).reverseFits
    let golden = [
      "the heavier peak": (0.5073882690944926, 2.98770258319, 1.01867635578),
      "p's mean and variance": (0.8456605813137614, 0.47073249827, 2.70271883861),
      "the lighter peak": (0.9107089970953246, -2.97987255426, 1.02935942426),
      "between them": (0.8456605813137614, 0.47073249827, 2.70271883861),
    ]
    #expect(fits.count == 4)
    for (name, fit) in fits {
      let (divergence, mean, deviation) = golden[name]!
      #expect(abs(fit.divergence - divergence) <= 1e-12)
      #expect(abs(fit.q.mean - mean) <= 1e-8 && abs(fit.q.standardDeviation - deviation) <= 1e-8)
      #expect(fit.gradientNorm <= 1e-10)
    }
  }

  @Test(
    "eq. 1.11: fits agree with an adaptive rule; D = −log w + D(q‖heavier) − E log(1 + ρ) for any q"
  )
  func decomposition() {
    for s in [2.0, 3, 4.5] {
      let peaks = TwoPeaks(halfDistance: s, heavierWeight: 0.7)
      for fit in [peaks.broadFit, peaks.heavierFit] {
        #expect(abs(peaks.divergence(of: fit.q).value - fit.divergence) <= 1e-12)
      }
      for q in [Normal.standard, peaks.momentMatched, peaks.heavier, peaks.lighter] {
        let divergence = peaks.divergence(of: q)
        let share = peaks.shareOfLighter(under: q)
        let sum = -log(0.7) + klDivergence(q, relativeTo: peaks.heavier) - share.value
        #expect(abs(divergence.value - sum) <= divergence.error + share.error + 1e-12)
        #expect(share.value > 0)
      }
    }
  }

  @Test(
    "eq. 1.11: with the peaks six or more deviations apart, the heavier peak at about −log w",
    arguments: [0.55, 0.6, 0.75, 0.9], [3, 4, 6])
  func seeking(weight: Double, s: Double) throws {
    let peaks = TwoPeaks(halfDistance: s, heavierWeight: weight)
    let best = try #require(peaks.reverseFits.map(\.fit).min { $0.divergence < $1.divergence })
    #expect(abs(best.q.mean - s) < 0.05 && abs(best.q.standardDeviation - 1) < 0.05)
    #expect(best.divergence <= -log(weight) + 1e-12)
    // log(1 + ρ) ≤ √ρ, whose mean under the heavier peak is √((1 − w)/w) e^{−s²/2}; q is near it
    let overlap = ((1 - weight) / weight).squareRoot() * exp(-s * s / 2)
    #expect(-log(weight) - best.divergence <= 2 * overlap + 1e-12)
    // Mixing up the weights, or the sign of the logarithm, would not pass
    #expect(abs(best.divergence + log(1 - weight)) > 0.1)
  }

  @Test(
    "eq. 1.11: the switch, golden, lies between ±2.5 and ±3",
    arguments: [(0.5, 2.800082217583), (0.55, 2.658659204258), (0.6, 2.510694221952)])
  func switching(weight: Double, golden: Double) {
    let s = TwoPeaks.switchPoint(heavierWeight: weight)
    #expect(abs(s - golden) <= 1e-8)
    let before = TwoPeaks(halfDistance: 2.5, heavierWeight: weight)
    #expect(before.broadFit.divergence < before.heavierFit.divergence)
    let after = TwoPeaks(halfDistance: 3, heavierWeight: weight)
    #expect(after.broadFit.divergence > after.heavierFit.divergence)
  }

  @Test("log p and its derivative, against a central difference")
  func score() {
    let p = TwoPeaks(halfDistance: 2, heavierWeight: 0.7).density
    for z in [-30.0, -2.5, 0, 0.4, 3, 50] {
      let (logDensity, score) = logDensityAndScore(of: p, at: z)
      #expect(logDensity == p.logDensity(z))
      let h = 1e-5
      let slope = (p.logDensity(z + h) - p.logDensity(z - h)) / (2 * h)
      #expect(abs(score - slope) <= 1e-7 * (1 + abs(score)))
    }
  }

  @Test("a zero by bisection")
  func bisection() {
    #expect(abs(zero(between: 1, and: 2) { $0 * $0 - 2 } - 2.0.squareRoot()) <= 2 * ulp)
    #expect(abs(zero(between: 1, and: 2) { 2 - $0 * $0 } - 2.0.squareRoot()) <= 2 * ulp)
    #expect(abs(zero(between: -5, and: 1) { sinh($0) + 1 } + asinh(1)) <= 4 * ulp)
  }
}
