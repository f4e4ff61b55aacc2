import Foundation
import Notebook
import TinyNumerics

extension Chapter8 {
  static func showSteps(in notebook: Notebook) throws {
    notebook.text(
      """
      The two peaks have mean 0 and variance 1; noise ᾱ(u) = exp(−0.1u − 9.95u²), u = t/T, turns \
      them into N(0, 1) in T steps. A chain of normal steps with the right means then goes back. \
      What it loses on average, E[log q(x_0) − ELBO], is a sum of one-dimensional integrals. So is \
      D(q_0‖p_θ), with p_θ(x_0) from the chain's transition densities on a grid. The loss with \
      four \
      variances, and D with two:
      """)
    let study = StepStudy()
    notebook.table(
      ["T"] + StepVariance.allCases.map(\.name) + ["D, v(x_t)", "D, constant"],
      study.lengths.indices.map { k in
        let divergences = study.divergences.indices.contains(k) ? study.divergences[k] : []
        return ["\(study.lengths[k])"]
          + study.byBayes[k].values.map { $0.value.significant(6) }
          + [0, 1].map { divergences.isEmpty ? "" : divergences[$0].significant(6) }
      })
    for check in study.gapChecks + study.rateChecks { notebook.check(check) }
    notebook.check(study.boundCheck)
    for check in posteriorVarianceChecks() { notebook.check(check) }
    checkChainDraws(study.marginals, in: notebook)
    try notebook.figure("chapter8-steps") { study.figure }
  }

  /// σ² = β̃_t, at ᾱ(u) = e^{−10u}.
  private static func posteriorVarianceChecks() -> [Check] {
    let lengths = [4096, 1024, 256]
    let values = inParallel(lengths.count) { k in
      gaps(Schedule(.constant, steps: lengths[k]), nodes: 128)[.posterior].value
    }
    let limit = limit(of: values.reversed(), first: 4, second: 4)
    return [
      .exact(
        "8.6", "σ² = β̃_t, ᾱ(u) = e^{−10u}: the gap tends to γ/2 (from T = 256, 1024, 4096)",
        limit.value, eulerGamma / 2, allowance: limit.error)
    ]
  }

  /// Draws from the chain against the distribution function of p_θ; with few steps they are not the
  /// data's.
  static func checkChainDraws(_ marginals: [[ChainMarginal]], in notebook: Notebook) {
    let cases: [(lengthIndex: Int, kind: StepVariance)] = [
      (1, .varying), (1, .constant), (2, .varying),
    ]
    for (part, one) in cases.enumerated() {
      let (steps, kind) = (StepStudy.lengths[one.lengthIndex], one.kind)
      let chain = NormalStep.chain(Schedule(.standard, steps: steps), kind)
      var generator = Threefry(seed: notebook.seed, row: 6, part: part)
      let draws = (0..<notebook.samples(default: 20_000)).map { _ in
        NormalStep.sample(chain, using: &generator)
      }
      let cdf = marginals[one.lengthIndex][kind.rawValue].cdf
      let name = "T = \(steps), \(kind.name)"
      let share = Estimate(draws.lazy.map { $0 <= 0 ? 1 : 0 })
      notebook.check(
        .monteCarlo(
          "8.6", "\(name): share of draws below 0", estimate: share.mean,
          standardError: share.standardError, exact: cdf(0), promise: 0.02))
      let critical = StepStudy.criticalDistance(draws.count)
      notebook.check(
        .bound(
          "8.6", "\(name): distance of the draws from p_θ (Kolmogorov, Smirnov)",
          lower: GoodnessOfFit.kolmogorovSmirnov(draws, cdf: cdf).statistic, upper: critical))
      guard steps == 4 else { continue }
      notebook.check(
        .bound(
          "8.6", "\(name): and from the data they are told apart", lower: critical,
          upper: GoodnessOfFit.kolmogorovSmirnov(draws, cdf: TwoPeaks.data.cdf).statistic))
    }
  }
}
