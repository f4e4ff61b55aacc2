import Foundation
import Testing
import TinyNumerics
import ToyModels

@testable import chapter3

@Suite("eq. 3.15 and 3.18: the k-sample bound")
struct KSampleBoundTests {
  /// w = −log Φ(−u) ~ Exp(1): the mean of k is a gamma variable, L_k = ψ(k) − log k with the
  /// digamma function: `mpmath.digamma(k) - mpmath.log(k)`, 30 digits.
  @Test(
    "eq. 3.18: exponential weights, the digamma function",
    arguments: [
      (1, -0.577215664901532861), (2, -0.270362845461478170), (3, -0.175827953569642552),
      (10, -0.0508325039273245764), (1000, -0.000500083333325000004),
      (1_000_000, -5.00000083333333333e-7),
    ])
  func exponential(k: Int, exact: Double) {
    let bound = KSampleBound(under: .standard) { log(-Normal.standard.logCDF(-$0)) }
    #expect(abs(bound(k).value - exact) <= bound(k).error + 1e-14)
    #expect(bound(k).error < 1e-12)
  }

  /// log of the mean of e^{1.5 u₁} and e^{1.5 u₂} = mean of the logs + log cosh(1.5 (u₁ − u₂)/2);
  /// mpmath: quad(npdf(d)*log(cosh(1.5*sqrt(2)*d/2)), [-30, -5, 0, 5, 30]).
  @Test("eq. 3.18: log-normal weights, the mean at k = 1, an integral at k = 2")
  func logNormal() {
    let bound = KSampleBound(under: Normal(mean: 0.4, standardDeviation: 1.5)) { $0 }
    #expect(abs(bound(1).value - 0.4) < 1e-13)
    #expect(abs(bound(2).value - 0.4 - 0.41174019345148031) < 1e-13)
  }

  /// w = p/q for normals of equal mean and variances 1 and r: E[w] = 1, Var(w) = ∞ for r ≤ ½.
  @Test("eq. 3.15: L₁ = −D(q‖p), rising, below log E[w] = 0", arguments: [0.25, 0.5, 0.9, 4, 9])
  func rises(r: Double) {
    let q = Normal(mean: 0.1, variance: r)
    let bound = KSampleBound(under: q) { Normal.standard.logDensity($0) - q.logDensity($0) }
    #expect(abs(bound(1).value + klDivergence(q, relativeTo: .standard)) < 1e-12)
    var previous = bound(1).value
    for k in [2, 3, 5, 100, 10_000, 1_000_000] {
      let value = bound(k)
      #expect(value.error < 1e-12)
      #expect(previous < value.value && value.value < 1e-12)
      previous = value.value
    }
  }

  @Test("eq. 3.15: nothing beyond |u| = 12 counts: equal to a table of all |u| ≤ 37")
  func heavyTail() {
    let q = Normal(mean: 0, variance: 0.25)
    func logWeight(_ z: Double) -> Double { Normal.standard.logDensity(z) - q.logDensity(z) }
    let nodes = stride(from: -37, through: 37, by: 1.0 / 8)
    let whole = expectedLogMean(
      logWeights: nodes.map { logWeight(0.5 * $0) },
      under: Discrete(weights: nodes.map { Normal.standard.density($0) }), draws: 1_000_000)
    let bound = KSampleBound(under: q, logWeight: logWeight)(1_000_000)
    #expect(abs(bound.value - whole.value) < 1e-12)
  }

  @Test("eq. 3.15: two grids of other spacings give the same bound")
  func spacing() {
    let guide = LineGuide(shift: 0.3, varianceRatio: 0.3)
    let coarse = KSampleBound(under: guide.q, logWeight: guide.logWeight)
    let fine = KSampleBound(under: guide.q, spacing: 0.03, logWeight: guide.logWeight)
    for k in [1, 7, 512] { #expect(abs(coarse(k).value - fine(k).value) < 1e-13) }
  }

  /// Golden: mpmath, quad of φ(u) w² − 1 and of φ(u) log w.
  @Test("eq. 3.15: the weight's relative variance and L₁, golden")
  func golden() {
    let wide = LineGuide(shift: 0.3, varianceRatio: 2.25)
    #expect(abs(wide.relativeVariance - 0.234002581777173057) < 1e-14)
    #expect(abs(wide.logEvidence + 2.265322113786795) < 1e-13)
    let bound = KSampleBound(under: wide.q, logWeight: wide.logWeight)
    #expect(abs(bound(1).value + 2.529857005678630) < 1e-12)
    #expect(LineGuide(shift: 0.3, varianceRatio: 0.5).relativeVariance == .infinity)
    #expect(LineGuide(shift: 0.3, varianceRatio: 0.51).relativeVariance < .infinity)
    #expect(abs(LineGuide(shift: 0, varianceRatio: 1).relativeVariance) < 1e-15)
    for z in [-1, 0.3, 2] {
      let logWeight = Example.line.logJoint(Example.pair, [z]) - wide.q.logDensity(z)
      #expect(abs(wide.logWeight(z) - logWeight) < 1e-12)
    }
  }

  @Test("eq. 3.15: k · gap → Var/(2p²) where there is a variance, else it grows")
  func rates() {
    for (shift, ratio) in [(0.0, 1.5), (0.3, 2.25), (1.0, 3.0), (0.2, 0.9)] {
      let climb = Climb(
        wide: LineGuide(shift: shift, varianceRatio: ratio),
        narrow: LineGuide(shift: 0.3, varianceRatio: 0.3))
      #expect(climb.checks.allSatisfy { $0.holds }, "\(climb.checks.filter { !$0.holds })")
      let gaps = zip(climb.counts, climb.wide).map { Double($0) * (climb.logEvidence - $1.value) }
      let last = abs((2 * gaps[12] - gaps[11]) - (2 * gaps[11] - gaps[10]))
      #expect(climb.limit.error >= last / 3 && climb.limit.error < 1e-4)
      #expect(abs(climb.exponent(climb.gaps(climb.wide)) - 1) < 0.01)
      // P(w > y) ~ y^{−1/(1 − r)} for a guide of r posterior variances, so gap ~ k^{1 − 1/(1 − r)},
      // here k^{−0.43} but for logarithms
      #expect(abs(climb.exponent(climb.gaps(climb.narrow)) - 0.43) < 0.05)
    }
  }

  /// mpmath: −k quad(φ(u) log(1 + (w/p − 1)/k)), w/p = √r e^{½u² − ½(0.3 + √r u)²}, r the variance
  /// ratio.
  @Test(
    "eq. 3.15: k single draws lose less than L_k, golden",
    arguments: [
      (2.25, 2, 0.06849706446591936542), (2.25, 64, 0.0018333668447313741133),
      (2.25, 4096, 0.000028566017964138284067), (0.3, 2, 0.21221520371922950804),
      (0.3, 64, 0.055862757812371823743), (0.3, 4096, 0.0097950855304388919135),
    ])
  func singles(ratio: Double, k: Int, exact: Double) {
    let guide = LineGuide(shift: 0.3, varianceRatio: ratio)
    let loss = guide.lossOfSingles(among: k)
    #expect(abs(loss.value - exact) < 1e-11)
    let bound = KSampleBound(under: guide.q, logWeight: guide.logWeight)(k)
    #expect(loss.value < guide.logEvidence - bound.value)
  }

  @Test(
    "eq. 3.15: two halves never exceed the whole, draw by draw; means meet L_k", arguments: [1, 3])
  func halves(k: Int) {
    let guide = LineGuide(shift: 0.5, varianceRatio: 1.6)
    var generator = Threefry(seed: 7, stream: 315)
    var (half, whole) = (Estimate(), Estimate())
    for _ in 0..<20_000 {
      let draw = guide.sampledHalves(k, using: &generator)
      #expect((draw.first + draw.second) / 2 <= draw.whole + 1e-14)
      half.add((draw.first + draw.second) / 2)
      whole.add(draw.whole)
    }
    let bound = KSampleBound(under: guide.q, logWeight: guide.logWeight)
    #expect(abs(half.mean - bound(k).value) < 5 * half.standardError)
    #expect(abs(whole.mean - bound(2 * k).value) < 5 * whole.standardError)
    #expect(
      whole.mean - half.mean > 10 * half.standardError, "or the test could not tell them apart")
  }

  @Test("eq. 3.18: every printed check holds")
  func printed() {
    let checks = exactBoundChecks()
    #expect(checks.count == 6 && checks.allSatisfy { $0.holds && $0.allowance < 1e-9 })
  }
}

@Suite("eq. 3.16: the sandwich")
struct SandwichTests {
  @Test("eq. 3.16: golden, and D in both directions for random guides", arguments: 1...10)
  func mixture(seed: Int) {
    let golden = sandwich(
      Example.mixture, at: Example.number, guide: Example.discreteGuides[1].q)
    #expect(abs(golden.lower.value + 2.900638861511133) < 1e-13)
    #expect(abs(golden.upper.value + 2.705630208330180) < 1e-13)
    var generator = Threefry(seed: UInt64(seed), stream: 316)
    let model = Example.mixture
    let (_, x) = model.sample(using: &generator)
    let q = Discrete.random(outcomes: 3, using: &generator)
    let posterior = model.posterior(given: x)
    let (lower, upper) = sandwich(model, at: x, guide: q)
    let evidence = model.logEvidence(of: x).value
    #expect(abs(evidence - lower.value - klDivergence(q, relativeTo: posterior)) < 1e-11)
    #expect(abs(upper.value - evidence - klDivergence(posterior, relativeTo: q)) < 1e-11)
    #expect(lower.value < evidence && evidence < upper.value)
  }

  @Test("eq. 3.16: linear-Gaussian, full covariance", arguments: 1...5)
  func gaussian(seed: Int) {
    var generator = Threefry(seed: UInt64(seed), stream: 3161)
    let (_, x) = Example.plane.sample(using: &generator)
    let q = Gaussian.random(dimension: 2, using: &generator)
    let posterior = Example.plane.posterior(given: x)
    let (lower, upper) = sandwich(Example.plane, at: x, guide: q)
    let evidence = Example.plane.logEvidence(of: x).value
    let (below, above) = (
      klDivergence(q, relativeTo: posterior), klDivergence(posterior, relativeTo: q)
    )
    #expect(abs(evidence - lower.value - below) <= 1e-11 * (1 + below))
    #expect(abs(upper.value - evidence - above) <= 1e-11 * (1 + above))
  }

  /// The posterior mean is N(0, 1 − v) over x: D of two normals averaged over it by Gauss–Hermite.
  @Test(
    "eq. 3.16: the exact gaps of simulated pairs, both directions",
    arguments: [(1.0, 0.0, 0.5), (0.8, 0.2, 1.4), (1.3, -0.4, 3)])
  func simulatedGaps(slope: Double, offset: Double, ratio: Double) {
    let simulation = SimulatedSandwich(
      model: Example.line, slope: slope, offset: offset, varianceRatio: ratio)
    let v = 0.101818181818181818
    let means = Normal(mean: 0, variance: 1 - v)
    func pair(_ mean: Double) -> (posterior: Normal, q: Normal) {
      (Normal(mean: mean, variance: v), Normal(mean: slope * mean + offset, variance: ratio * v))
    }
    let rule = GaussHermite(nodes: 8)
    let upper = rule.expectation(under: means) { mean in
      klDivergence(pair(mean).posterior, relativeTo: pair(mean).q)
    }
    let lower = rule.expectation(under: means) { mean in
      klDivergence(pair(mean).q, relativeTo: pair(mean).posterior)
    }
    #expect(abs(simulation.gaps.upper - upper) < 1e-12)
    #expect(abs(simulation.gaps.lower - lower) < 1e-12)
  }

  /// mpmath: `quad(lambda t: npdf(t, 0, sqrt(1 - v)) * kl(t, v, 0.9 * t + 0.05, 1.3 * v),
  /// linspace(-12, 12, 25))`, kl(m, v, n, w) = ((v + (m - n)²)/w − 1 − log(v/w))/2, and with its
  /// arguments swapped.
  @Test("eq. 3.16: the gaps that are printed, golden")
  func goldenGaps() {
    let gaps = SimulatedSandwich(
      model: Example.line, slope: 0.9, offset: 0.05, varianceRatio: 1.3
    ).gaps
    #expect(abs(gaps.upper - 0.059169769596382888655) < 1e-14)
    #expect(abs(gaps.lower - 0.075201796337683045411) < 1e-14)
    let averaged = SimulatedSandwich(
      model: Example.line, slope: 0.9, offset: 0.05, varianceRatio: 1.3
    ).averagedGaps
    #expect(abs(averaged.upper.value - gaps.upper) < 1e-13)
    #expect(abs(averaged.lower.value - gaps.lower) < 1e-13)
  }

  @Test(
    "eq. 3.16: simulated pairs need no posterior sampler",
    arguments: [(1.0, 0.0, 1.0), (0.8, 0.2, 1.4), (1.1, -0.1, 0.7)])
  func simulated(slope: Double, offset: Double, ratio: Double) {
    let simulation = SimulatedSandwich(
      model: Example.line, slope: slope, offset: offset, varianceRatio: ratio)
    var generator = Threefry(seed: 8, stream: 3162)
    var (upper, lower) = (Estimate(), Estimate())
    for _ in 0..<30_000 {
      let draw = simulation.draw(using: &generator)
      upper.add(draw.upper)
      lower.add(draw.lower)
    }
    if slope == 1 && offset == 0 && ratio == 1 {
      // At the posterior the weight is constant: both bounds are the evidence, draw by draw.
      #expect(abs(upper.mean) < 1e-12 && abs(lower.mean) < 1e-12)
      #expect(simulation.gaps.upper == 0 && simulation.gaps.lower == 0)
    } else {
      #expect(abs(upper.mean - simulation.gaps.upper) < 5 * upper.standardError)
      #expect(abs(lower.mean + simulation.gaps.lower) < 5 * lower.standardError)
      #expect(upper.standardError < 0.1 * simulation.gaps.upper)
    }
  }
}
