import Foundation
import Notebook
import TinyNumerics

// The narration of row 1.10.

extension Chapter1 {
  static func showEstimators(in notebook: Notebook) {
    notebook.section("1.10", "Three estimators of D(q‖p) from draws of q")
    notebook.text(
      """
      With r = p(z)/q(z) and z ~ q: −log r and (r − 1) − log r have mean D, ½ (log r)² has not. \
      For q = N(m, 1), p = N(0, 1) everything is known: D = m²/2, variances m² and e^{m²} − 1 − \
      m², bias m⁴/8. The closed forms are compared with quadrature, then with draws.
      """)
    showVariances(in: notebook)
    showInfiniteVariance(in: notebook)
    showDraws(in: notebook)
  }

  private static let shifts = [0.1, 0.5, 1, 1.5, 2]

  private static func showVariances(in notebook: Notebook) {
    let crossing = ShiftedNormal.crossing
    notebook.table(
      ["m", "D", "Var[−log r]", "Var[(r − 1) − log r]", "bias of ½ (log r)²"],
      (shifts + [crossing]).sorted().map { m in
        [
          m.significant(4), ShiftedNormal.divergence(m).decimals(6),
          ShiftedNormal.varianceOfLogRatio(m).decimals(6),
          ShiftedNormal.varianceOfExcess(m).decimals(6),
          ShiftedNormal.biasOfHalfSquare(m).decimals(6),
        ]
      })
    notebook.check(
      .worst(of: shifts.flatMap { [meanCheck(.logRatio, $0), meanCheck(.excess, $0)] }))
    notebook.check(.worst(of: shifts.map(biasCheck)))
    notebook.check(
      .worst(
        of: shifts.map { varianceCheck(.logRatio, $0, "m²", ShiftedNormal.varianceOfLogRatio($0)) })
    )
    notebook.check(
      .worst(
        of: shifts.map {
          varianceCheck(.excess, $0, "e^{m²} − 1 − m²", ShiftedNormal.varianceOfExcess($0))
        }))
    let (q, p) = ShiftedNormal.pair(crossing)
    let variances = [DivergenceEstimator.logRatio, .excess].map {
      $0.moment(2, about: ShiftedNormal.divergence(crossing), q, p)
    }
    notebook.check(
      .exact(
        "1.10",
        "the variances cross at m = \(crossing.decimals(4)), "
          + "D = \(ShiftedNormal.divergence(crossing).decimals(4))",
        variances[0].value, variances[1].value,
        allowance: variances[0].allowance(magnitude: 1 + variances[0].value)
          + variances[1].allowance(magnitude: 1 + variances[1].value)))
    notebook.gap()
  }

  private static func meanCheck(_ estimator: DivergenceEstimator, _ m: Double) -> Check {
    let (q, p) = ShiftedNormal.pair(m)
    let mean = estimator.moment(1, q, p)
    return .exact(
      "1.10", "E_q[−log r] = E_q[(r − 1) − log r] = m²/2", mean.value, ShiftedNormal.divergence(m),
      allowance: mean.allowance(magnitude: 1 + m * m))
  }

  private static func biasCheck(_ m: Double) -> Check {
    let (q, p) = ShiftedNormal.pair(m)
    let mean = DivergenceEstimator.halfSquare.moment(1, q, p)
    return .exact(
      "1.10", "E_q[½ (log r)²] − D = m⁴/8", mean.value - klDivergence(q, relativeTo: p),
      ShiftedNormal.biasOfHalfSquare(m), allowance: mean.allowance(magnitude: 1 + mean.value))
  }

  private static func varianceCheck(
    _ estimator: DivergenceEstimator, _ m: Double, _ formula: String, _ exact: Double
  ) -> Check {
    let (q, p) = ShiftedNormal.pair(m)
    let variance = estimator.moment(2, about: ShiftedNormal.divergence(m), q, p)
    return .exact(
      "1.10", "Var[\(estimator.rawValue)] = \(formula)", variance.value, exact,
      allowance: variance.allowance(magnitude: 1 + variance.value))
  }

  private static func showInfiniteVariance(in notebook: Notebook) {
    notebook.text(
      """
      A q that is too narrow misses p's tails, where r is huge. The variance of r, and with it \
      that of (r − 1) − log r, needs ∫ p²/q dz: for q = N(0, σ²) it is σ²/√(2σ² − 1), which grows \
      without bound as σ² falls to ½; from there on the integral over |z| ≤ T grows with T for \
      ever. No sample shows this: its own variance looks harmless until the one draw that ruins \
      it.
      """)
    let variances = [1, 0.6, 0.51, 0.501, 0.5, 0.45]
    let reaches = [5.0, 10, 20, 40]
    notebook.table(
      ["σ²"] + reaches.map { "|z| ≤ \(Int($0))" } + ["whole line"],
      variances.map { variance in
        let q = Normal(mean: 0, variance: variance)
        return [variance.significant(4)]
          + reaches.map { truncatedSecondMoment(q, reach: $0).value.significant(6) }
          + [secondMomentOfRatio(variance: variance).significant(6)]
      })
    notebook.check(
      .worst(of: variances.flatMap { variance in reaches.map { truncatedCheck(variance, $0) } }))
    notebook.check(
      .worst(
        of: variances.map { secondMomentCheck(0, $0) }
          + [(0.5, 0.8), (-1, 2)].map(secondMomentCheck)))
    notebook.check(
      .worst(of: [(0.0, 1.0), (0, 0.6), (0.5, 0.8), (-1, 2)].map(generalVarianceCheck)))
    notebook.gap()
  }

  private static func secondMomentCheck(_ mean: Double, _ variance: Double) -> Check {
    let q = Normal(mean: mean, variance: variance)
    // By the rule for the whole line, which runs to ∞ where the integral does: hence the
    // reciprocal.
    let integral = integrate(over: -.infinity ... .infinity) {
      exp(2 * Normal.standard.logDensity($0) - q.logDensity($0))
    }
    let exact = 1 / secondMomentOfRatio(mean: mean, variance: variance)
    let allowance = integral.value < .infinity ? integral.allowance(magnitude: integral.value) : 0
    return .exact(
      "1.10", "1/∫ p²/q dz = √(2σ² − 1)/σ² · e^{−m²/(2σ² − 1)} while σ² > ½, then 0",
      1 / integral.value, exact, allowance: allowance * exact * exact)
  }

  private static func generalVarianceCheck(_ mean: Double, _ variance: Double) -> Check {
    let q = Normal(mean: mean, variance: variance)
    let divergence = klDivergence(q, relativeTo: .standard)
    let integral = DivergenceEstimator.excess.moment(2, about: divergence, q, .standard)
    return .exact(
      "1.10", "Var[(r − 1) − log r] = E r² − 1 + Var log r − 2 (D(q‖p) + D(p‖q))", integral.value,
      varianceOfExcess(q), allowance: integral.allowance(magnitude: 1 + integral.value))
  }

  private static func truncatedCheck(_ variance: Double, _ reach: Double) -> Check {
    let integral = truncatedSecondMoment(Normal(mean: 0, variance: variance), reach: reach)
    let exact = truncatedSecondMomentByParts(variance: variance, reach: reach)
    // The integrand's exponent is the difference of two numbers of size T², rounded at that size.
    return .exact(
      "1.10", "∫ p²/q over |z| ≤ T by error functions, at σ² = ½ T/√π, below it by a series",
      integral.value, exact,
      allowance: integral.allowance(magnitude: exact) + rounding(exact * reach * reach))
  }

  /// One draw of k has variance 1, 0.72 and 0.75 at m = 1: 0.01 nats take 250,000 draws, and a
  /// fifth more leave room for the variance's own estimate. One draw of (k − D)² has cv² = 2 and 19
  /// at m = ¼: 10% takes 2,500 cv² = 48,000 draws. Three times as many are made, because the
  /// squares' kurtosis, 1490, makes the standard error itself uncertain by 5% even then.
  static func showDraws(in notebook: Notebook) {
    notebook.text(
      """
      By draws: means at m = 1, to 0.01 nats; variances at m = ¼, to 10%, because (k − D)² is \
      long-tailed (its own relative variance is 19). The centre D is exact, so that a variance is \
      a plain mean.
      """)
    var generator = Threefry(seed: notebook.seed, row: 10)
    let means = sampledEstimators(
      shift: 1, draws: notebook.samples(default: 300_000), using: &generator)
    let exact: [DivergenceEstimator: Double] = [
      .logRatio: 0.5, .excess: 0.5, .halfSquare: 0.5 + ShiftedNormal.biasOfHalfSquare(1),
    ]
    for estimator in DivergenceEstimator.allCases {
      guard let estimate = means[estimator], let value = exact[estimator] else { continue }
      notebook.check(
        .monteCarlo(
          "1.10", "mean of \(estimator.rawValue) at m = 1", estimate: estimate.mean,
          standardError: estimate.standardError, exact: value, promise: 0.01))
    }
    let squares = sampledEstimators(
      shift: 0.25, squaredAbout: ShiftedNormal.divergence(0.25),
      draws: notebook.samples(default: 150_000), using: &generator)
    let variances: [(DivergenceEstimator, Double)] = [
      (.logRatio, ShiftedNormal.varianceOfLogRatio(0.25)),
      (.excess, ShiftedNormal.varianceOfExcess(0.25)),
    ]
    for (estimator, variance) in variances {
      guard let estimate = squares[estimator] else { continue }
      notebook.check(
        .monteCarlo(
          "1.10", "variance of \(estimator.rawValue) at m = ¼", estimate: estimate.mean,
          standardError: estimate.standardError, exact: variance, promise: 0.1 * variance))
    }
  }
}
