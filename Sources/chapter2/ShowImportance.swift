import Foundation
import Notebook
import TinyNumerics
import ToyModels

// Rows 2.5 and 2.6: importance sampling, its condition, its cure, and posterior moments from it.

extension Chapter2 {
  static func showImportanceSampling(in notebook: Notebook) {
    notebook.section("2.5", "Importance sampling: p(x) = E_q[w], w = p(x, z)/q(z)")
    let (model, x) = (Examples.line.model, Examples.line.x)
    let posterior = model.posterior(given: x)
    showCondition(posterior, in: notebook)
    checkFiniteVariance(posterior, in: notebook)
    showNarrowGuide(posterior, in: notebook)
    showMissedPeak(in: notebook)
  }

  /// Closed form and quadrature of the weights' second moment for guides of many widths.
  private static func showCondition(_ posterior: Gaussian, in notebook: Notebook) {
    notebook.text(
      """
      Unbiased for any q that covers the posterior, but how noisy? On the linear-Gaussian line, q \
      is a Gaussian half a posterior standard deviation off. The relative second moment of w is \
      E_q[w²]/p(x)² = ∫ p(z|x)²/q(z) dz; one over it is the share of the draws that count, ESS/n.
      """)
    let ratios = [4, 2, 1, 0.75, 0.6, 0.55, 0.45, 0.2]
    let rows = ratios.map { ratio in
      let q = guide(beside: posterior, ratio: ratio, shift: 0.5)
      return (
        ratio: ratio, closed: secondMomentOfWeights(posterior: posterior, guide: q),
        quadrature: secondMomentOfWeightsOnLine(posterior: posterior, guide: q)
      )
    }
    notebook.table(
      ["Var q / Var posterior", "closed form", "quadrature", "ESS/n"],
      rows.map { ratio, closed, quadrature in
        [
          ratio.decimals(2), closed.significant(7), quadrature.value.significant(7),
          (1 / closed).significant(3),
        ]
      })
    notebook.check(
      .worst(
        of: rows.map { _, closed, quadrature in
          // The closed form's exponent, two log-determinants and two squares, is below 20 nats.
          let isFinite = closed < .infinity && quadrature.value < .infinity
          let error = isFinite ? quadrature.allowance(magnitude: closed) : 0
          let rounding = isFinite ? roundingOfExponential(closed, exponent: 20) : 0
          return .exact(
            "2.5", "p(x)²/E_q[w²]: closed form = quadrature, 0 where both are infinite", 1 / closed,
            1 / quadrature.value, allowance: (error + rounding) / (closed * closed))
        }))
    checkTiltedGuide(in: notebook)
    notebook.gap()
    notebook.text(
      """
      The variance is finite only while q's variance exceeds half of the posterior's (in general \
      while 2Λ_post − Λ_q, of the precisions, is positive definite).
      """)
  }

  /// In two dimensions, a guide beside the plane's posterior that leans the other way.
  private static func checkTiltedGuide(in notebook: Notebook) {
    let p = Examples.plane.posterior
    let q = Gaussian(
      mean: [p.mean[0] + 0.2, p.mean[1] - 0.1], covariance: Matrix([[0.5, 0.1], [0.1, 0.4]]))
    let grids = boxAround(q, halfWidth: 9, nodes: 96)
    let integral = grids[0].integrate(with: grids[1]) {
      exp(2 * p.logDensity([$0, $1]) - q.logDensity([$0, $1]))
    }
    let closed = secondMomentOfWeights(posterior: p, guide: q)
    notebook.check(
      .exact(
        "2.5", "the same on the plane, q leaning the other way", 1 / closed, 1 / integral.value,
        allowance: (integral.allowance(magnitude: closed)
          + roundingOfExponential(closed, exponent: 20))
          / (closed * closed)))
  }

  static func checkFiniteVariance(_ posterior: Gaussian, in notebook: Notebook) {
    let (model, x) = (Examples.line.model, Examples.line.x)
    let q = guide(beside: posterior, ratio: 2, shift: 0.5)
    var generator = Threefry(seed: notebook.seed, row: 5, part: 1)
    let logEvidence = model.logEvidence(of: x).value
    let weights = logWeights(
      of: model, at: x, from: q, draws: notebook.samples(default: 150_000), using: &generator
    ).map { exp($0 - logEvidence) }
    let (first, second) = (Estimate(weights), Estimate(weights.map { $0 * $0 }))
    notebook.check(
      .monteCarlo(
        "2.5", "ratio 2: mean of w/p(x)", estimate: first.mean,
        standardError: first.standardError, exact: 1, promise: 0.01))
    let exact = secondMomentOfWeights(posterior: posterior, guide: q)
    notebook.check(
      .monteCarlo(
        "2.5", "ratio 2: mean of (w/p(x))² = n/ESS", estimate: second.mean,
        standardError: second.standardError, exact: exact, promise: 0.02 * exact))
    notebook.gap()
  }

  /// A fifth of the posterior's variance, with and without a share of the prior.
  static func showNarrowGuide(_ posterior: Gaussian, in notebook: Notebook) {
    let (model, x) = (Examples.line.model, Examples.line.x)
    let narrow = guide(beside: posterior, ratio: 0.2)
    let safe = DefensiveMixture(of: narrow, and: model.prior, priorShare: 0.2)
    notebook.text(
      """
      Below one half, more draws help only slowly: the mean hangs on rare, huge weights, and \
      until they come the estimate is low. Here q has a fifth of the posterior's variance. The \
      cure is the mixture q_α = (1 − α) q + α p(z), here α = 0.2, whose weights never exceed \
      p(x|z)/α.
      """)
    let counts = [100, 1_000, 10_000, 100_000]
    var generator = Threefry(seed: notebook.seed, row: 5, part: 2)
    let logEvidence = model.logEvidence(of: x).value
    let draws = notebook.samples(default: counts[3])
    let shown = counts.map { min($0, draws) }
    let bare = health(
      of: logWeights(of: model, at: x, from: narrow, draws: draws, using: &generator),
      logEvidence: logEvidence, after: shown)
    let weights = logWeights(of: model, at: x, from: safe, draws: draws, using: &generator)
    let cured = health(of: weights, logEvidence: logEvidence, after: shown)
    showHealth(bare, cured, in: notebook)
    let second = secondMomentOfWeightsOnLine(posterior: posterior, guide: safe).value
    notebook.text("With the mixture, exactly 1 in \(second.decimals(3)) draws counts.")
    checkHealth(cured.last!, of: weights.map { exp($0 - logEvidence) }, second, in: notebook)
    let latents = (-60...60).map { [Double($0) / 10] }
    notebook.check(
      .worst(
        of: latents.map { z in
          let epsilon = (z[0] - narrow.mean[0]) / narrow.covariance[0, 0].squareRoot()
          let logWeight = model.logJoint(x, z) - narrow.logDensity(z) - logEvidence
          return .exact(
            "2.5", "q alone: log w/p(x) = ½ log 0.2 + 0.4 ε² at 121 z", logWeight,
            0.5 * log(0.2) + 0.4 * epsilon * epsilon,
            allowance: rounding(
              model.logJoint(x, z), narrow.logDensity(z), logEvidence, 0.4 * epsilon * epsilon))
        }))
    let estimate = Estimate(weights.map { exp($0 - logEvidence) })
    notebook.check(
      .monteCarlo(
        "2.5", "defensive mixture: mean of w/p(x)", estimate: estimate.mean,
        standardError: estimate.standardError, exact: 1, promise: 0.02))
    let excess = excessOverDefensiveBound(
      of: model, at: x, guide: safe, latents: latents)
    notebook.check(
      .exact(
        "2.5", "defensive mixture: the largest w/(p(x|z)/α) at 121 z, where q is nothing",
        exp(excess), 1, allowance: rounding(1, logEvidence, log(safe.priorShare))))
    notebook.gap()
  }

  /// The table's last row from the weights themselves, and the share that counts.
  private static func checkHealth(
    _ health: WeightHealth, of weights: [Double], _ second: Double, in notebook: Notebook
  ) {
    let n = Double(weights.count)
    let (sum, squares) = (weights.reduce(0, +), weights.reduce(0) { $0 + $1 * $1 })
    notebook.check(
      .worst(
        "2.5", "q_α, last row: Σw/n, (Σw)²/nΣw² and max w/Σw of w/p(x) itself",
        of: [
          (health.relativeEvidence, sum / n), (health.effectiveShare, sum * sum / (n * squares)),
          (health.largestShare, (weights.max() ?? .nan) / sum),
        ].map { ($0, $1, rounding($1, terms: weights.count)) }))
    let estimate = Estimate(weights.map { $0 * $0 })
    notebook.check(
      .monteCarlo(
        "2.5", "defensive mixture: mean of (w/p(x))² = n/ESS", estimate: estimate.mean,
        standardError: estimate.standardError, exact: second, promise: 0.06 * second))
  }

  private static func showHealth(
    _ bare: [WeightHealth], _ cured: [WeightHealth], in notebook: Notebook
  ) {
    notebook.table(
      ["draws", "q: p̂/p(x)", "ESS/n", "largest w / Σw", "q_α: p̂/p(x)", "ESS/n", "largest w / Σw"],
      zip(bare, cured).map { bare, cured in
        ["\(bare.draws)"]
          + [bare, cured].flatMap {
            [
              $0.relativeEvidence.decimals(4), $0.effectiveShare.decimals(4),
              $0.largestShare.decimals(5),
            ]
          }
      })
  }

  /// A guide that fits one of two peaks perfectly.
  static func showMissedPeak(in notebook: Notebook) {
    let (model, x) = (Examples.neural.model, Examples.neural.x)
    let logEvidence = model.logEvidence(of: x).value
    let posterior = model.posterior(given: x)
    let q = onePeakGuide
    let reach = q.mean - 3 * q.standardDeviation...q.mean + 3 * q.standardDeviation
    let share = integrate(over: reach) { exp(posterior.logDensity($0)) }.value
    var generator = Threefry(seed: notebook.seed, row: 5, part: 3)
    let draws = notebook.samples(default: 10_000)
    let latents = (0..<draws).map { _ in q.sample(using: &generator) }
    let logWeights = latents.map { model.logJoint(x, $0) - q.logDensity($0) }
    let bare = health(of: logWeights, logEvidence: logEvidence, after: [draws])[0]
    notebook.text(
      """
      An effective sample size sees only what q visits. At the neural model's crossing q = \
      N(\(q.mean.decimals(2)), \(q.standardDeviation.decimals(2))²) fits one of the two peaks: \
      after \(draws) draws ESS/n = \(bare.effectiveShare.decimals(2)), all seems well, and p̂/p(x) \
      = \(bare.relativeEvidence.decimals(3)), the mass of the posterior within three of q's \
      standard deviations being \(share.decimals(3)). (Only draws in there are counted by the \
      check, so that the weights are bounded.) The mixture finds the other one:
      """)
    let counted = Estimate(
      zip(latents, logWeights).map { reach.contains($0) ? exp($1 - logEvidence) : 0 })
    notebook.check(
      .monteCarlo(
        "2.5", "neural, q alone: mean of w/p(x) = the mass of its own peak", estimate: counted.mean,
        standardError: counted.standardError, exact: share, promise: 0.01))
    let safe = DefensiveMixture(of: q, and: model.prior, priorShare: 0.2)
    let estimate = importanceSampling(
      of: model, at: x, from: safe, draws: notebook.samples(default: 300_000), using: &generator)
    notebook.check(
      .monteCarlo(
        "2.5", "neural, defensive mixture: mean of w/p(x)", estimate: estimate.mean,
        standardError: estimate.standardError, exact: 1, promise: 0.05))
  }

  /// Fits the peak of the neural example's posterior near z = 1.37.
  static let onePeakGuide = Normal(mean: 1.37, standardDeviation: 0.12)

  // MARK: 2.6

  static func showPosteriorMoments(in notebook: Notebook) {
    notebook.section("2.6", "Posterior moments by self-normalised importance sampling")
    notebook.text(
      """
      E[f(z)|x] ≈ Σ w f / Σ w needs no p(x). It is a ratio, so its standard error is the delta \
      method's, and honest only if q is no narrower than the posterior. Exact sides: finite sums, \
      closed forms, quadrature. To 5%, on the line to 1%: few of the broad q's draws meet a narrow \
      posterior or a rare class.
      """)
    let mixture = Examples.mixture.model.posterior(given: Examples.mixture.x)
    let uniform = Discrete(weights: [1, 1, 1])
    checkMoment(
      Examples.mixture, "P(z = 1|x)", from: uniform, draws: 75_000, part: 1,
      exact: mixture.probabilities[1], promise: 0.05, in: notebook
    ) { $0 == 1 ? 1 : 0 }
    let line = Examples.line.model.posterior(given: Examples.line.x)
    checkMoment(
      Examples.line, "E[z|x]", from: guide(beside: line, ratio: 1.5, shift: 0.5), draws: 80_000,
      part: 2, exact: line.mean[0], promise: 0.01, in: notebook
    ) { $0[0] }
    let plane = Examples.plane.model.posterior(given: Examples.plane.x)
    let wide = Gaussian(mean: plane.mean, covariance: 2 * plane.covariance)
    checkMoment(
      Examples.plane, "Cov[z₁, z₂|x]", from: wide, draws: 110_000, part: 3,
      exact: plane.covariance[0, 1], promise: 0.05, in: notebook
    ) { ($0[0] - plane.mean[0]) * ($0[1] - plane.mean[1]) }
    let neural = Examples.neural.model.posterior(given: Examples.neural.x)
    let broad = Normal(mean: 0, standardDeviation: 1.5)
    checkMoment(
      Examples.neural, "P(z > 0|x)", from: broad, draws: 120_000, part: 4,
      exact: integrate(over: 0...8) { exp(neural.logDensity($0)) }.value, promise: 0.05,
      in: notebook
    ) { $0 > 0 ? 1 : 0 }
  }

  private static func checkMoment<Model: LatentVariableModel>(
    _ example: Example<Model>, _ moment: String, from q: some LatentDistribution<Model.Latent>,
    draws: Int, part: Int, exact: Double, promise: Double, in notebook: Notebook,
    _ f: (Model.Latent) -> Double
  ) {
    var generator = Threefry(seed: notebook.seed, row: 6, part: part)
    let sampled = selfNormalisedMean(
      of: example.model, given: example.x, from: q, draws: notebook.samples(default: draws),
      using: &generator, f)
    notebook.check(
      .monteCarlo(
        "2.6", "\(example.name): \(moment)", estimate: sampled.value,
        standardError: sampled.standardError, exact: exact, promise: promise * abs(exact)))
  }
}
