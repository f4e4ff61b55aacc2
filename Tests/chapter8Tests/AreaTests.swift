import Foundation
import Testing
import TinyNumerics

@testable import chapter8

@Suite("eqs. 8.7 to 8.9 and 8.T: area, flow, pixels, traps")
struct AreaTests {
  /// mpmath: quad of the posterior variance over y.
  @Test("eq. 8.7: mmse, golden", arguments: [(1.0, 0.482115592306), (10, 0.0802158008635)])
  func errors(gamma: Double, golden: Double) {
    #expect(agrees(TwoPeaks.data.meanSquaredError(gamma).value, golden, digits: 12))
    #expect(agrees(TwoPeaks.data.meanSquaredErrorByScore(gamma).value, golden, digits: 12))
  }

  @Test("eq. 8.7: the area of a density, golden")
  func area() {
    #expect(agrees(TwoPeaks.data.areaBelowNormal.value, 0.174487540904, digits: 12))
  }

  @Test(
    "eq. 8.7: the areas of pixels, golden",
    arguments: [(0.5, 0.69314718056), (0.3, 0.610864302055), (0.1, 0.325082973391)])
  func pixels(probability: Double, golden: Double) {
    #expect(
      agrees(PixelChannel(Pixel(probability: probability)).area.value, golden, digits: 11))
  }

  @Test("eq. 8.7: another belief, golden")
  func belief() {
    let pixel = Pixel(probability: 0.3)
    let wrong = PixelChannel(pixel, believed: Pixel(probability: 0.5))
    #expect(agrees(wrong.area.value - PixelChannel(pixel).area.value, 0.0822828785, digits: 9))
    for gamma in [0.01, 0.7, 3, 40] {
      #expect(wrong.squaredError(gamma) > PixelChannel(pixel).squaredError(gamma))
    }
  }

  /// NumPy: √SNR from 6 to 0 in T − 1 equal steps, and H(x|y) at SNR 36.
  @Test(
    "eq. 8.7: staircases, golden",
    arguments: [
      (0.5, 0.743115428523, 0.699144336167, 3.052805),
      (0.3, 0.654115416817, 0.616059436567, 2.644851),
    ])
  func stairs(probability: Double, short: Double, long: Double, limit: Double) {
    let stairs = Staircase(pixel: Pixel(probability: probability))
    #expect(agrees(stairs.bounds[1], short, digits: 12))
    #expect(agrees(stairs.bounds[4], long, digits: 12))
    #expect(agrees(stairs.excess.value, limit, digits: 7))
  }

  /// SciPy: `solve_ivp` at rtol 1e-12, `brentq` for the code.
  @Test(
    "eq. 8.8: code and density, golden",
    arguments: [(0.3, 0.00933130899112, -1.07354757071), (-1.5, -1.44931844957, -1.45175815568)])
  func flow(x0: Double, code: Double, logDensity: Double) {
    let flow = ProbabilityFlow(noise: .standard, data: .data)
    #expect(agrees(flow.code(x0), code, digits: 12))
    #expect(agrees(flow.data.logDensity(x0), logDensity, digits: 12))
    #expect(abs(flow.carry(x0, steps: 200).x - code) < 1e-8)
    #expect(abs(flow.logDensity(x0, steps: 200) - logDensity) < 2e-8)
  }

  @Test("eq. 8.8: the flow keeps normal data where they are")
  func normalFlow() {
    let normal = TwoPeaks(logOdds: 0, means: (0, 0), variance: 1)
    let flow = ProbabilityFlow(noise: .standard, data: normal)
    #expect(abs(flow.carry(1.3, steps: 10).x - 1.3) < 1e-14)
    #expect(abs(flow.carry(1.3, steps: 10).stretch) < 1e-14)
  }

  @Test("eq. 8.9: the bound by draws is a mean of bounds, part by part")
  func sampledParts() {
    let pixels = IndependentPixels(probabilities: [0.5, 0.2, 0.9])
    let schedule = Schedule(rootSignalToNoiseFrom: 2, to: 0.01, steps: 6)
    var generator = Threefry(seed: 3)
    let images = (0..<20_000).flatMap { _ in pixels.sample(using: &generator) }
    let bounds = schedule.sampledBounds(images, width: 3, using: &generator) {
      pixels.logOdds($0, $1, schedule)
    }
    let exact = pixels.bound(schedule)
    #expect(bounds.allSatisfy { abs($0.prior - exact.prior) < 1e-14 })
    let parts = [
      (Estimate(bounds.map(\.steps)), exact.steps),
      (Estimate(bounds.map(\.reconstruction)), exact.reconstruction),
    ]
    for (estimate, exact) in parts {
      #expect(abs(estimate.mean - exact) < 5 * estimate.standardError)
      #expect(estimate.standardError < 0.02)
    }
  }

  @Test("eq. 8.9: the bound lies above the entropy and closes")
  func closes() {
    let pixels = IndependentPixels.example
    let gaps = [10, 100, 1000].map { steps in
      let schedule = Schedule(rootSignalToNoiseFrom: 2, to: 0.01, steps: steps)
      return pixels.bound(schedule).total - pixels.entropy
    }
    #expect(gaps[0] > gaps[1] && gaps[1] > gaps[2] && gaps[2] > 0)
    #expect(gaps[2] < 0.005)
  }

  /// NumPy: cumprod(1 − linspace(1e-4, 0.02, T)).
  @Test("eq. 8.T: Ho's schedule, golden")
  func ho() {
    let (short, long) = (Schedule.ho(steps: 100), Schedule.ho(steps: 1000))
    #expect(agrees(short.alphaBar(100), 0.3635632481, digits: 10))
    #expect(agrees(64 * short.pixelPriorTerm, 14.4598475, digits: 9))
    #expect(agrees(64 * long.pixelPriorTerm, 0.001291491586, digits: 10))
    #expect(agrees(long.costOfPosteriorVariance, 0.4648923187, digits: 10))
    #expect(agrees(long.costOfBeta, 0.3371601179, digits: 10))
  }

  @Test("eq. 8.T: γ/2 and (1 − γ)/2, golden")
  func euler() {
    #expect(agrees(eulerGamma / 2, 0.288607832451, digits: 12))
    #expect(agrees((1 - eulerGamma) / 2, 0.211392167549, digits: 12))
    let fine = Schedule(betas: Array(repeating: 1e-12, count: 1000))
    // Σ_{t=2}^{T} ½ (1/(t−1) − log(t/(t−1))) = ½ (H_{T−1} − log T)
    let harmonic = (1..<1000).reduce(0) { $0 + 1 / Double($1) }
    #expect(abs(fine.costOfPosteriorVariance - 0.5 * (harmonic - log(1000))) < 1e-8)
  }

  @Test("eq. 8.T: 0/1 in place of ±1, a quarter of the SNR")
  func zeroOne() {
    let pixel = Pixel(probability: 0.5)
    // midway between 0 and √ᾱ nothing is learned
    #expect(abs(logOddsOfZeroOne(pixel, seeing: 0.5 * 0.8.squareRoot(), alphaBar: 0.8)) < 1e-14)
    #expect(logOddsOfZeroOne(pixel, seeing: 1, alphaBar: 0.8) > 0)
  }
}
