import Foundation
import Testing
import TinyNumerics

/// Golden values: `mpmath` at 60 digits, with every argument the exact value of its `Double`, e.g.
/// `python3 -c "from mpmath import *; mp.dps = 60; t = mpf(1.001); print(t - 1 - log(t))"`.
@Suite("normal distribution")
struct NormalTests {
  @Test(
    "log N(x; µ, σ²), near and far",
    arguments: [
      (0, 0, 1, -0.91893853320467274), (1.3, 0.4, 2.5, -1.9000292650788278),
      (-3, 0.4, 0.1, -576.61635344021057), (1e4, -2, 0.5, -2.0008000822579135e8),
      (1e-3, 0, 1e-8, -4.9999999824982578e9), (.infinity, 0, 1, -.infinity),
      (-.infinity, 0, 1, -.infinity),
    ])
  func logDensity(x: Double, mean: Double, deviation: Double, exact: Double) {
    let normal = Normal(mean: mean, standardDeviation: deviation)
    // Four roundings, one of them squared.
    #expect(relativeError(normal.logDensity(x), exact) <= 4 * ulp)
    // The exponential turns an absolute error of its argument into a relative one.
    let density = normal.density(x)
    #expect(relativeError(density, exp(exact)) <= (1 + 4 * max(-exact, 1)) * ulp || density == 0)
  }

  @Test("densities, golden: φ(0), one in the body, one at 24σ")
  func density() {
    #expect(relativeError(Normal.standard.density(0), 0.39894228040143268) <= 4 * ulp)
    let wide = Normal(mean: 0.4, standardDeviation: 2.5)
    #expect(relativeError(wide.density(1.3), 0.14956424214925135) <= 8 * ulp)
    let far = Normal(mean: 0.4, standardDeviation: 0.1).density(-3)
    #expect(relativeError(far, 3.7905264000930826e-251) <= 2400 * ulp)
    #expect(Normal.standard.density(1e4) == 0)
    #expect(relativeError(logTwoPi, 1.8378770664093455) <= ulp)
  }

  @Test("variance is the square of the standard deviation, both ways")
  func variance() {
    #expect(Normal(mean: 1, variance: 9) == Normal(mean: 1, standardDeviation: 3))
    #expect(Normal(mean: 1, standardDeviation: 3).variance == 9)
    #expect(Normal.standard == Normal(mean: 0, variance: 1))
  }

  @Test(
    "H = ½ log(2πe σ²): golden, and −∫ p log p",
    arguments: [
      (1, 1.4189385332046727), (2.5, 2.3352292650788278), (0.1, -0.88364655978937289),
      (1e-8, -17.001742210747693),
    ])
  func entropy(deviation: Double, exact: Double) {
    let normal = Normal(mean: -3, standardDeviation: deviation)
    #expect(relativeError(normal.entropy, exact) <= 4 * ulp)
    // Twelve standard deviations each way leave out 4e-33. Near −3 the grid's nodes are rounded by
    // 3ε, that is 3ε/σ standard deviations: far below the allowance unless σ is tiny.
    guard deviation > 1e-3 else { return }
    let grid = Grid(over: (-3 - 12 * deviation)...(-3 + 12 * deviation), count: 100)
    let integral = grid.integrate { -normal.density($0) * normal.logDensity($0) }
    #expect(abs(integral.value - exact) <= 100 * ulp * (1 + abs(exact)) / min(deviation, 1))
  }

  @Test("a sample is µ + σε, with the generator's own ε")
  func sampleIsShiftAndScale() {
    var words = ChosenWords(1 << 63, 0)  // ε = √(2 log 2)
    let sample = Normal(mean: 10, standardDeviation: 4).sample(using: &words)
    #expect(abs(sample - (10 + 4 * 1.1774100225154747)) <= 16 * ulp)
    words = ChosenWords(1 << 63, 1 << 63)  // half a turn: −ε
    let mirrored = Normal(mean: 10, standardDeviation: 4).sample(using: &words)
    #expect(abs(mirrored - (10 - 4 * 1.1774100225154747)) <= 16 * ulp)
  }

  @Test("samples have the mean and the variance")
  func sampleMoments() {
    var generator = Threefry(seed: 6)
    let normal = Normal(mean: -2, standardDeviation: 3)
    let draws = (0..<20_000).map { _ in normal.sample(using: &generator) }
    #expect(standardErrorsOff(Estimate(draws), -2) < 5)
    #expect(standardErrorsOff(Estimate(draws.map { ($0 + 2) * ($0 + 2) }), 9) < 5)
  }

  @Test("a deviation of zero, a negative variance, an infinite mean are refused")
  func preconditions() async {
    await #expect(processExitsWith: .failure) { _ = Normal(mean: 0, standardDeviation: 0) }
    await #expect(processExitsWith: .failure) { _ = Normal(mean: 0, variance: -1) }
    await #expect(processExitsWith: .failure) { _ = Normal(mean: .infinity, variance: 1) }
  }
}

/// Golden values as above: ½ (σ_q²/σ_p² + (µ_q − µ_p)²/σ_p² − 1 − log(σ_q²/σ_p²)) at 60 digits.
@Suite("eq. 1.8: divergence of two normals")
struct NormalDivergenceTests {
  /// (µ_q, σ_q, µ_p, σ_p, D(q ‖ p))
  static let golden: [(Double, Double, Double, Double, Double)] = [
    (0.7, 0.3, 0, 1, 0.99397280432593600), (0, 1, 0.7, 0.3, 6.5738049734518420),
    (1, 2, -0.5, 1.5, 0.60120681643710796), (1e-8, 1, 0, 1, 5.0000000000000002e-17),
    (0, 1e-10, 0, 1, 22.525850929940457), (30, 5, -20, 0.1, 126245.58797699456),
  ]

  @Test("golden values", arguments: golden)
  func goldenValues(_ a: Double, _ b: Double, _ c: Double, _ d: Double, exact: Double) {
    let q = Normal(mean: a, standardDeviation: b)
    let p = Normal(mean: c, standardDeviation: d)
    #expect(relativeError(klDivergence(q, relativeTo: p), exact) <= 8 * ulp)
    #expect(klDivergence(q, relativeTo: q) == 0)
  }

  @Test("nearly equal deviations keep the digits that the ratio has")
  func nearlyEqual() {
    let q = Normal(mean: 0, standardDeviation: 1.0000001)
    // σ² is rounded to ε, its distance 2e-7 from 1 is off by ε/2e-7, the divergence by twice that.
    let divergence = klDivergence(q, relativeTo: .standard)
    #expect(relativeError(divergence, 9.9999996783440346e-15) <= 2 * ulp / 2e-7)
  }

  @Test(
    "closed form = E_q[log q − log p]: by a two-node Gauss rule and on a grid", arguments: golden)
  func byQuadrature(_ a: Double, _ b: Double, _ c: Double, _ d: Double, exact: Double) {
    let q = Normal(mean: a, standardDeviation: b)
    let p = Normal(mean: c, standardDeviation: d)
    let closed = klDivergence(q, relativeTo: p)
    // log q − log p is quadratic. Its terms are rounded at ε times their size.
    let size = abs(q.logDensity(a + b)) + abs(p.logDensity(a + b)) + abs(p.logDensity(a - b))
    let gauss = GaussHermite(nodes: 2).expectation(under: q) { q.logDensity($0) - p.logDensity($0) }
    #expect(abs(gauss - closed) <= 16 * ulp * size)
    guard b > 1e-3 else { return }
    let grid = Grid(over: (a - 12 * b)...(a + 12 * b), count: 100)
    let integral = grid.integrate { q.density($0) * (q.logDensity($0) - p.logDensity($0)) }
    // Nodes rounded at ε (|µ| + 12σ) are 12 + |µ|/σ ulps of a standard deviation off.
    #expect(abs(integral.value - closed) <= 16 * ulp * size * (12 + abs(a) / b))
  }
}

@Suite("t − 1 − log t")
struct ExcessOverLogarithmTests {
  static let values: [(Double, Double)] = [
    (1e-300, 689.77552789821371), (1e-5, 10.512935464970228), (0.3, 0.50397280432593602),
    (0.66, 0.075515443961665807), (0.7499999, 0.037682105785123132),
    (0.7500001, 0.037682039118456501), (1.2499999, 0.026856428685793433),
    (1.2500001, 0.026856468685793456), (1.34, 0.047330386037180019),
    (0.9, 0.0053605156578262988), (0.9499, 0.0012985630860002913),
    (0.9500001, 0.0012932891243981781), (0.9501, 0.0012880367694332516),
    (0.99, 5.0335853501441273e-5), (0.999, 5.0033358353350103e-7),
    (0.999999, 5.0000033336233903e-13), (1 - 0x1p-53, 6.1629758220391552e-33),
    (1 + 0x1p-52, 2.4651903288156615e-32), (1.000000001, 5.0000008240704101e-19),
    (1.00001, 4.9999666669821761e-11), (1.001, 4.9966691646672317e-7),
    (1.01, 4.9669146831917240e-5), (1.0499999, 0.0012098310686677695),
    (1.0501, 0.0012146022701893703), (1.06, 0.0017310918760242275),
    (1.1, 0.0046898201956751480), (2, 0.30685281944005469), (3, 0.90138771133189031),
    (10, 6.6974149070059543), (1e5, 99987.487074535030), (1e300, 1.0000000000000001e300),
  ]

  @Test("golden values: tiny, huge, near 1, and on both sides of the switch", arguments: values)
  func golden(t: Double, exact: Double) {
    #expect(relativeError(excessOverLogarithm(t), exact) <= 8 * ulp)
  }

  @Test("at 1 it is 0, at the ends of the line ∞, and nothing below 0")
  func edges() {
    #expect(excessOverLogarithm(1) == 0)
    #expect(excessOverLogarithm(0) == .infinity)
    #expect(excessOverLogarithm(.infinity) == .infinity)
    #expect(excessOverLogarithm(-1).isNaN && excessOverLogarithm(.nan).isNaN)
  }

  @Test("the derivative 1 − 1/t, by a central difference in exact steps, across every switch")
  func noSeam() {
    // h = 2⁻¹⁰: the difference is off by h²/6·f‴ = h²/(3t³), and by rounding at 8ε·f/h.
    let h = 0x1p-10
    for t in stride(from: 0.5, through: 1.5, by: 0x1p-9) {
      let slope = (excessOverLogarithm(t + h) - excessOverLogarithm(t - h)) / (2 * h)
      let small = t - h
      let allowance = h * h / (3 * small * small * small) + 8 * ulp / h
      #expect(abs(slope - (1 - 1 / t)) <= allowance)
    }
  }
}
