import Foundation
import Testing
import TinyNumerics

@testable import chapter8

@Suite("eq. 8.6: more steps, tighter bound")
struct StepTests {
  @Test("eq. 8.6: the two peaks have mean 0, variance 1 and the entropy that SciPy finds")
  func data() {
    let q = TwoPeaks.data
    #expect(abs(q.mean) < 1e-15 && abs(q.totalVariance - 1) < 1e-15)
    let mixture = Mixture(
      weights: [0.6, 0.4],
      components: [
        Normal(mean: 8.0 / 11, variance: 25.0 / 121),
        Normal(mean: -12.0 / 11, variance: 25.0 / 121),
      ])
    for x in [-9.0, -1, 0, 0.7, 6] {
      #expect(abs(q.logDensity(x) - mixture.logDensity(x)) < 1e-13)
      #expect(abs(q.density(x) / mixture.density(x) - 1) < 1e-13)
    }
    #expect(agrees(q.entropy.value, 1.2444509923, digits: 11))
    let divergence = q.expectation { q.logDensity($0) - Normal.standard.logDensity($0) }
    #expect(agrees(divergence.value, 0.174487540904, digits: 12))
  }

  /// NumPy: the sums of the row on 801 nodes; v(x_t) at T = 256 and 1024 by NumPy's `longdouble`,
  /// 2,401 nodes on ±12.
  @Test(
    "eq. 8.6: gaps, golden",
    arguments: [
      (1, [0.1744866419, 0.1744875409, 0.1744875409, 0.1744875409]),
      (4, [0.1082845593, 0.1536235123, 0.154049384, 0.2922155773]),
      (16, [0.01493588276, 0.05316935191, 0.05761292125, 0.7852971792]),
      (64, [0.0013289658, 0.01453181911, 0.01649255829, 0.872428247]),
      (256, [9.2372950e-05, 0.003691133801, 0.004248759843, 0.6542241642]),
      (1024, [5.94023e-06, 0.000926083159, 0.00106989819, 0.445090075]),
    ])
  func table(steps: Int, golden: [Double]) {
    let values = gaps(Schedule(.standard, steps: steps)).values.map(\.value)
    for (value, golden) in zip(values, golden) {
      #expect(agrees(value, golden, digits: steps == 1024 ? 6 : steps == 256 ? 8 : 9), "\(value)")
    }
  }

  /// NumPy: transition matrices of 801 nodes.
  @Test(
    "eq. 8.6: D(q_0‖p_θ) by transition densities, golden",
    arguments: [
      (4, 0.07732486556, 0.1369077974, 10), (16, 0.002185214922, 0.01553726871, 9),
      (64, 2.749179894e-05, 0.001246937656, 7), (256, 1.59e-07, 8.3425e-05, 3),
    ])
  func marginals(steps: Int, varying: Double, constant: Double, digits: Int) {
    let schedule = Schedule(.standard, steps: steps)
    let divergences = [StepVariance.varying, .constant].map {
      ChainMarginal(NormalStep.chain(schedule, $0)).divergence(of: .data)
    }
    #expect(agrees(divergences[0], varying, digits: digits), "\(divergences[0])")
    #expect(agrees(divergences[1], constant, digits: min(digits + 2, 10)), "\(divergences[1])")
  }

  /// NumPy: finite differences of log q_u on a grid of u and x.
  @Test("eq. 8.6: the rates, golden")
  func rates() {
    let rates = Rates(.standard)
    #expect(agrees(rates.varying.value, 6.289512, digits: 7))
    #expect(agrees(rates.constant.value, 0.949404, digits: 6))
  }

  @Test(
    "eq. 8.6: σ² = β̃_t under ᾱ(u) = e^{−10u}, golden", arguments: [(1024, 0.2508), (4096, 0.2738)])
  func posteriorVariance(steps: Int, golden: Double) {
    let gap = gaps(Schedule(.constant, steps: steps), nodes: 128)[.posterior].value
    #expect(agrees(gap, golden, digits: 4))
  }

  @Test("eq. 8.6: the derivatives of log q are each other's")
  func derivatives() {
    let (q, h) = (TwoPeaks.data.noised(alphaBar: 0.8, noise: 0.2), 1e-5)
    for x in [-2.0, -0.3, 0.1, 1.4] {
      #expect(abs((q.logDensity(x + h) - q.logDensity(x - h)) / (2 * h) - q.score(x)) < 1e-8)
      #expect(abs((q.score(x + h) - q.score(x - h)) / (2 * h) - q.curvature(x)) < 1e-8)
      #expect(
        abs((q.curvature(x + h) - q.curvature(x - h)) / (2 * h) - q.thirdDerivative(x)) < 1e-8)
    }
  }

  @Test("eq. 8.3: for one x_0, log p = ELBO + D by three computations")
  func onePoint() {
    let schedule = Schedule(.standard, steps: 4)
    let chain = NormalStep.chain(schedule, .varying)
    let node = 430
    let one = ChainAtOnePoint(schedule: schedule, chain: chain, x0: ChainMarginal.nodes[node])
    let evidence = log(ChainMarginal(chain).density[node])
    #expect(abs(one.elbo.value + one.gap - evidence) < 1e-9)
    #expect(one.gap > 0.01)
  }

  @Test("eq. 8.6: limits are found where they are known")
  func limits() {
    let counts = [100.0, 200, 400]
    let plain = limit(of: counts.map { 3 + 2 / $0 - 5 / ($0 * $0) }, first: 2, second: 4)
    #expect(abs(plain.value - 3) < 1e-12 && plain.error > 0)
    let slow = limit(of: counts.map { 3 + (2 - log($0)) / $0 }, first: 2, second: 2)
    #expect(abs(slow.value - 3) < 1e-12)
  }
}
