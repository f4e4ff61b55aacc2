import Foundation
import Notebook
import TinyNumerics
import ToyModels

extension Chapter2 {
  static func showTraps(in notebook: Notebook) {
    notebook.section("2.T", "Traps: what each mistake costs, in nats")
    trapMeanOfLogs(in: notebook)
    trapUnderflow(in: notebook)
    trapClampedDensity(in: notebook)
    trapDivergenceInside(in: notebook)
    trapLastBatch(in: notebook)
  }

  private static func trapMeanOfLogs(in notebook: Notebook) {
    let (model, x) = (Examples.neural.model, Examples.neural.x)
    let (wrong, right) = (meanOfLogs(of: model, at: x), model.logEvidence(of: x))
    notebook.check(
      .trap(
        "2.T", "mean of log p(x|z) over the prior, taken for log p(x)", wrong: wrong.value,
        right: right.value, allowance: wrong.allowance(magnitude: wrong.value) + right.error))
    let gap = model.prior.divergence(from: model.posterior(given: x))
    notebook.check(
      .exact(
        "2.T", "it is log p(x) − D(p(z)‖p(z|x))", wrong.value, right.value - gap.value,
        allowance: wrong.allowance(magnitude: wrong.value) + gap.allowance(magnitude: 1 + gap.value)
          + right.error + model.logEvidenceByAnotherRoute(of: x).error))
    notebook.gap()
  }

  private static func trapUnderflow(in notebook: Notebook) {
    let (model, x) = (Examples.mixture.model, 49.235)
    notebook.text(
      """
      Log-densities of images are often below −700. Exponentiated, they have no digits left, and \
      below −745 they are zero: −∞ would be noticed, this is not (x = \(x) under the mixture).
      """)
    let right = model.logEvidence(of: x).value
    notebook.check(
      .trap(
        "2.T", "log Σ exp(log p(x, z)) without taking out the largest term",
        wrong: logEvidenceThroughProbabilities(of: model, at: x), right: right,
        allowance: rounding(right)))
    notebook.check(
      .exact(
        "2.T", "it is log Σ of p(x, z) rounded to whole multiples of 2⁻¹⁰⁷⁴",
        logEvidenceThroughProbabilities(of: model, at: x),
        logEvidenceInSmallestSteps(of: model, at: x), allowance: rounding(right)))
    notebook.gap()
  }

  private static func trapClampedDensity(in notebook: Notebook) {
    let (model, x) = (Examples.neural.model, Examples.neural.x)
    let z = 1.37
    notebook.text(
      """
      p(x|z = \(z)) = \(exp(model.logLikelihood(x, given: z)).decimals(2)) here. A density may \
      exceed 1, a negative log-likelihood may be negative; "repairing" that changes the model.
      """)
    let (wrong, right) = (logEvidenceWithClampedDensity(of: model, at: x), model.logEvidence(of: x))
    notebook.check(
      .trap(
        "2.T", "densities above 1 cut down to 1", wrong: wrong.value, right: right.value,
        allowance: wrong.allowance(magnitude: 1 + abs(wrong.value)) + right.error))
    let cut = massAboveDensityOne(of: model, at: x)
    notebook.check(
      .exact(
        "2.T", "it is log(p(x) − ∫ (p(x|z) − 1) p(z) dz over p(x|z) > 1)", wrong.value,
        right.value + log1p(-cut.value / exp(right.value)),
        allowance: wrong.allowance(magnitude: 1 + abs(wrong.value))
          + (cut.error + right.error) / exp(wrong.value)))
    notebook.gap()
  }

  private static func trapDivergenceInside(in notebook: Notebook) {
    let (model, x) = (Examples.line.model, Examples.line.x)
    let q = model.posterior(given: x)
    notebook.text(
      """
      Importance sampling weighs each draw by p(z)/q(z). Minus the divergence D(q‖p(z)) is \
      the mean of that ratio's logarithm and may not take its place. Even with q = p(z|x), where \
      the right estimator has no variance at all:
      """)
    let right = model.logEvidence(of: x).value
    notebook.check(
      .trap(
        "2.T", "log E_q[p(x|z) e^(−D)] taken for log E_q[p(x|z) p(z)/q(z)]",
        wrong: logEvidenceWithDivergenceInside(of: model, at: x, guide: q), right: right,
        allowance: rounding(right) + secondMomentUnderPosterior(of: model, at: x).error))
    notebook.check(
      .exact(
        "2.T", "it is log p(x) + log M − D(p(z|x)‖p(z)), M = 1 + relvar (2.8)",
        logEvidenceWithDivergenceInside(of: model, at: x, guide: q),
        right + log(relativeMoment(2, of: model, at: x)) - klDivergence(q, relativeTo: model.prior),
        allowance: rounding(1 + abs(right), terms: 1024)
          + secondMomentUnderPosterior(of: model, at: x).error))
    notebook.gap()
  }

  private static func trapLastBatch(in notebook: Notebook) {
    let model = Examples.mixture.model
    var generator = Threefry(seed: notebook.seed, row: 14)
    let data = (0..<100).map { _ in model.sample(using: &generator).x }
    let logEvidences = data.map { model.logEvidence(of: $0).value }
    let right = logEvidences.reduce(0, +)
    notebook.check(
      .trap(
        "2.T", "log p(X) of 100 points in batches of 20, only the last batch counted",
        wrong: logEvidenceOfLastBatch(logEvidences, batch: 20), right: right,
        allowance: rounding(right, terms: data.count)))
    let last = data.suffix(20).reduce(0) { $0 + model.logEvidenceByAnotherRoute(of: $1).value }
    notebook.check(
      .exact(
        "2.T", "it is Σ log p(x_i) of the last 20", logEvidenceOfLastBatch(logEvidences, batch: 20),
        last, allowance: rounding(last)))
  }
}
