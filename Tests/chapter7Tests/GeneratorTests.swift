import Testing
import TinyNumerics
import ToyModels

@testable import chapter7

@Suite("eq. 7.8, 7.9, 7.10: what the generator does with it")
struct GeneratorTests {
  /// Golden values: SciPy, `fsolve` on gradients of sums over 4,000 nodes; 2.510694 is also eq.
  /// 1.11's.
  @Test("eq. 7.8: where the fits switch, and what they are there, golden")
  func switches() {
    #expect(agrees(TwoPeakFit.tie(.reverse, near: 2.5), 2.510694, digits: 6))
    let s = TwoPeakFit.tie(.jensenShannon, near: 3.4)
    #expect(agrees(s, 3.4463312797, digits: 10))
    let peaks = TwoPeakFit(halfDistance: s)
    let (broad, narrow) = (peaks.broad(.jensenShannon), peaks.narrow(.jensenShannon))
    for fit in [broad, narrow] { #expect(agrees(fit.value, 0.1636381488, digits: 10)) }
    #expect(agrees(broad.q.mean, 0.682293, digits: 6))
    #expect(agrees(broad.q.standardDeviation, 3.481760, digits: 6))
    #expect(agrees(narrow.q.mean, 3.442028, digits: 6))
    #expect(agrees(narrow.q.standardDeviation, 1.007781, digits: 6))
    #expect(agrees(TwoPeakFit.farApart(heavierWeight: 0.6), 0.163896590034, digits: 12))
  }

  /// Golden values: mpmath `quad`.
  @Test(
    "eq. 7.9: slopes, golden",
    arguments: [
      (1.0, 0.397972867183), (2, 0.449599509207), (4, 0.137194817581), (8, 0.000392874736),
    ])
  func slopes(m: Double, golden: Double) {
    let contest = Contest.shifted(by: m)
    #expect(agrees(contest.slopes(of: .saturating).mean.value, golden, digits: 12))
    #expect(agrees(2 * contest.jensenShannonSlopes.mean.value, golden, digits: 12))
    #expect(agrees(m * meanDiscriminator(shift: m).value, golden, digits: 12))
  }

  @Test("eq. 7.9: the steepest place, golden; JS's slopes against differences of JS")
  func steepest() {
    #expect(agrees(steepestShift, 1.636256, digits: 6))
    func js(_ mean: Double, _ logDeviation: Double) -> Double {
      Contest(p: .standard, q: Normal(mean: mean, standardDeviation: exp(logDeviation)))
        .jensenShannon.value
    }
    let h = 1e-4
    let slopes = Contest.wide.jensenShannonSlopes
    let l = log(2.0)
    #expect(abs((js(1 + h, l) - js(1 - h, l)) / (2 * h) - slopes.mean.value) < 1e-8)
    #expect(abs((js(1, l + h) - js(1, l - h)) / (2 * h) - slopes.logDeviation.value) < 1e-8)
  }

  /// Golden values: NumPy on three grids of the plane.
  @Test("eq. 7.10: the ribbon without its own noise, golden")
  func ribbon() {
    let plane = RibbonPlane()
    let entropy = plane.expectation { -log($1) }.value
    #expect(agrees(entropy, 2.2725057036, digits: 10))
    let best = plane.bestNoise
    #expect(agrees(best, 0.331515, digits: 6))
    let top = plane.score(noise: best).value.value
    #expect(agrees(top, -2.3088020312, digits: 10))
    #expect(agrees(-entropy - top, 0.0362963276, digits: 10))
    for (noise, golden) in [(0.25, -2.385988042), (0.5, -2.416831994), (1, -2.860878855)] {
      #expect(agrees(plane.score(noise: noise).value.value, golden, digits: 9))
    }
  }

  /// Golden values: NumPy, E d² = 0.0885 and −½ E d² = −0.04427 ± 0.00006.
  @Test("eq. 7.10: noise near zero, golden to the spread of its source")
  func vanishing() {
    let plane = RibbonPlane()
    let (coarse, fine) = (plane.smallNoise(0.05), plane.smallNoise(0.02))
    #expect(abs(0.05 * 0.05 * coarse.score.value + 0.04495) < 6e-5)
    #expect(abs(0.02 * 0.02 * fine.score.value + 0.04405) < 6e-5)
    #expect(agrees(fine.squaredDistance.value, 0.0885, digits: 4))
    #expect(abs(-0.5 * fine.squaredDistance.value + 0.04427) < 6e-5)
  }
}
