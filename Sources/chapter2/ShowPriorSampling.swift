import Notebook
import TinyNumerics
import ToyModels

// Rows 2.4 and 2.12: the evidence from prior samples, and what that costs.

extension Chapter2 {
  static func showPriorSampling(in notebook: Notebook) {
    notebook.section("2.4", "The evidence from prior samples: p̂ = (1/k) Σ p(x|z_s), z_s ~ p(z)")
    notebook.text(
      """
      p̂ is unbiased: sampled p̂/p(x) is 1 in all three models. To notice an error of 1% at five \
      standard errors takes 250,000 draws for each unit of relative variance of p(x|z).
      """)
    checkUnbiased(in: notebook)
    notebook.gap()
    showLogBias(in: notebook)
    checkLogBias(in: notebook)
  }

  static func checkUnbiased(in notebook: Notebook) {
    checkUnbiased(Examples.mixture, draws: 900_000, part: 1, in: notebook)
    checkUnbiased(Examples.line, draws: 600_000, part: 2, in: notebook)
    checkUnbiased(Examples.neural, draws: 2_100_000, part: 3, in: notebook)
  }

  private static func checkUnbiased<Model: LatentVariableModel>(
    _ example: Example<Model>, draws: Int, part: Int, in notebook: Notebook
  ) {
    var generator = Threefry(seed: notebook.seed, row: 4, part: part)
    let draws = notebook.samples(default: draws)
    let estimate = priorSampling(of: example.model, at: example.x, draws: draws, using: &generator)
    notebook.check(
      .monteCarlo(
        "2.4", "\(example.name): mean of p̂/p(x)", estimate: estimate.mean,
        standardError: estimate.standardError, exact: 1, promise: 0.01))
  }

  private static func showLogBias(in notebook: Notebook) {
    notebook.text(
      """
      But the logarithm is concave, and log p̂ is too low on average, to first order by half the \
      relative variance of p̂. The exact bias is the one-dimensional integral of eq. 3.18; for the \
      mixture also the sum over all ways in which k draws fall on the classes. In nats:
      """)
    let (mixture, neural) = (Examples.mixture, Examples.neural)
    let variances = (
      secondMomentUnderPrior(of: mixture.model, at: mixture.x).value - 1,
      secondMomentUnderPrior(of: neural.model, at: neural.x).value - 1
    )
    notebook.table(
      ["draws k", "mixture: bias", "first order", "neural: bias", "first order"],
      [8, 16, 64, 256, 1024].map { k in
        [
          "\(k)", logBias(of: mixture.model, at: mixture.x, draws: k).value.decimals(6),
          (-variances.0 / Double(2 * k)).decimals(6),
          logBias(of: neural.model, at: neural.x, draws: k).value.decimals(6),
          (-variances.1 / Double(2 * k)).decimals(6),
        ]
      })
    notebook.check(
      .worst(
        of: [8, 16, 32, 64, 256, 1024].map { k in
          let bias = logBias(of: mixture.model, at: mixture.x, draws: k)
          let states = (k + 1) * (k + 2) / 2
          return .exact(
            "2.4", "mixture: bias by the integral = by enumeration, k = 8, 16, 32, 64, 256, 1024",
            bias.value, logBiasByEnumeration(of: mixture.model, at: mixture.x, draws: k),
            // of log k! in each state's probability, and of their sum
            allowance: bias.error + rounding(lgamma(Double(k) + 1)) + rounding(5, terms: states))
        }))
    let limits = [
      limitOfScaledBias { logBias(of: mixture.model, at: mixture.x, draws: $0) },
      limitOfScaledBias { logBias(of: neural.model, at: neural.x, draws: $0) },
    ]
    for (name, limit, variance) in [
      ("mixture", limits[0], variances.0), ("neural", limits[1], variances.1),
    ] {
      notebook.check(
        .exact(
          "2.4", "\(name): k · bias → −½ relative variance (extrapolated, k = 256 … 4096)",
          limit.value, -variance / 2, allowance: limit.error + rounding(variance, terms: 1024)))
    }
  }

  static func checkLogBias(in notebook: Notebook) {
    let (mixture, neural) = (Examples.mixture, Examples.neural)
    let k = 32
    let exact = logBias(of: mixture.model, at: mixture.x, draws: k)
    var generator = Threefry(seed: notebook.seed, row: 4, part: 4)
    let sampled = logBiasEstimate(
      of: mixture.model, at: mixture.x, draws: k, batches: notebook.samples(default: 40_000),
      using: &generator)
    notebook.check(
      .monteCarlo(
        "2.4", "mixture, k = \(k): mean of log p̂ − log p − (p̂/p − 1), in nats",
        estimate: sampled.mean, standardError: sampled.standardError, exact: exact.value,
        promise: 0.003))
    generator = Threefry(seed: notebook.seed, row: 4, part: 5)
    for (k, batches, promise) in [(8, 40_000, 0.1), (64, 6_000, 0.01)] {
      let sampled = logBiasEstimate(
        of: neural.model, at: neural.x, draws: k, batches: notebook.samples(default: batches),
        using: &generator)
      notebook.check(
        .monteCarlo(
          "2.4", "neural, k = \(k): the same", estimate: sampled.mean,
          standardError: sampled.standardError,
          exact: logBias(of: neural.model, at: neural.x, draws: k).value, promise: promise))
    }
  }

  static func showPriceOfPriorSampling(in notebook: Notebook) {
    notebook.section("2.12", "The price of prior sampling, without measuring a variance")
    notebook.text(
      """
      One prior draw of p(x|z)/p(x) has second moment M = 1 + relative variance. Because p(x|z) \
      p(z) = p(z|x) p(x), M is also a first moment under the posterior, E[p(x|z)]/p(x): where the \
      prior rarely meets the x it must explain, the posterior always does.
      """)
    checkBothMoments(Examples.mixture, in: notebook)
    checkBothMoments(Examples.neural, in: notebook)
    let (model, x) = (Examples.line.model, Examples.line.x)
    let moments = [2, 3, 4].map { relativeMoment($0, of: model, at: x) }
    let onLine = secondMomentUnderPosteriorOnLine(of: model, at: x)
    notebook.check(
      .worst(
        of: [2, 3, 4].map { m in
          let integral = relativeMomentOnLine(m, of: model, at: x)
          return .exact(
            "2.12",
            "linear-Gaussian, D = 1: E_prior[p(x|z)^m]/p(x)^m = quadrature, m = 2, 3, 4",
            relativeMoment(Double(m), of: model, at: x), integral.value,
            allowance: integral.allowance(magnitude: integral.value)
              + roundingOfExponential(integral.value, exponent: 40)
          )
        }))
    notebook.check(
      .exact(
        "2.12", "linear-Gaussian, D = 1: closed form of eq. 2.8 = posterior expectation",
        moments[0], onLine.value,
        allowance: onLine.allowance(magnitude: moments[0])
          + roundingOfExponential(moments[0], exponent: 40)))
    notebook.gap()
    notebook.text(
      """
      Sampled, on the line: squares of prior draws have relative variance \
      \((moments[2] / (moments[0] * moments[0]) - 1).decimals(2)) each, posterior draws \
      \((moments[1] / (moments[0] * moments[0]) - 1).decimals(2)).
      """)
    var generator = Threefry(seed: notebook.seed, row: 12)
    let draws = notebook.samples(default: 100_000)
    let sampled = secondMomentEstimate(of: model, at: x, draws: draws, using: &generator)
    notebook.check(
      .monteCarlo(
        "2.12", "linear-Gaussian, D = 1: mean of p(x|z)/p(x) over posterior draws",
        estimate: sampled.mean, standardError: sampled.standardError, exact: moments[0],
        promise: 0.01 * moments[0]))
  }

  private static func checkBothMoments<Model: LatentVariableModel>(
    _ example: Example<Model>, in notebook: Notebook
  ) {
    let prior = secondMomentUnderPrior(of: example.model, at: example.x)
    let posterior = secondMomentUnderPosterior(of: example.model, at: example.x)
    let evidence =
      example.model.logEvidence(of: example.x).error
      + example.model.logEvidenceByAnotherRoute(of: example.x).error
    notebook.check(
      .exact(
        "2.12", "\(example.name): E_prior[p(x|z)²]/p(x)² = E_posterior[p(x|z)]/p(x)", prior.value,
        posterior.value,
        // p(x) stands in the one squared and in the other once.
        allowance: prior.allowance(magnitude: prior.value)
          + posterior.allowance(magnitude: prior.value) + 3 * evidence * prior.value))
  }
}
