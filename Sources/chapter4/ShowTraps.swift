import Notebook
import TinyNumerics
import ToyModels

extension Study {
  // MARK: 4.T

  func showTraps(in notebook: Notebook) {
    notebook.section("4.T", "Three mistakes, and what they cost")
    let line = LinearGaussianModel.line
    let fit = LinearFit(line, seed: seed, part: 0)
    let precision = posteriorPrecision(of: line)[0, 0]
    notebook.text(
      """
      The linear guide of 4.3 for one latent, whose posterior has σ = \
      \((1 / precision.squareRoot()).decimals(3)), trained with a ReLU on log σ²: σ stays at 1, \
      the prior's own width, and every x pays ½ (Λ − 1 − log Λ) = \
      \(reluGap(precision: precision).decimals(3)) nats. With σ = exp(log σ²) in the sampler but \
      not in the divergence, the exact posterior reports an "ELBO" above log p(x). And a \
      guide that is scored on its own training data looks better than it is.
      """)
    showReLU(fit, precision, in: notebook)
    showLostHalf(fit, precision, in: notebook)
    let (own, other) = (seen[seen.count - 1], unseen[unseen.count - 1])
    notebook.check(
      .trap(
        "4.T",
        "the widest guide's mean amortization gap, on its training data for that on unseen data",
        wrong: mean(own.amortization), right: mean(other.amortization),
        allowance: mean(own.errors) + mean(other.errors)))
    notebook.check(
      .bound(
        "4.T", "on its training data it looks better than it is",
        lower: mean(own.divergence.map(\.value)) - mean(own.approximation),
        upper: mean(other.divergence.map(\.value)) - mean(other.approximation)))
  }

  private func showReLU(_ fit: LinearFit, _ precision: Double, in notebook: Notebook) {
    let relu = trainedReLUGuide(for: fit.model, on: fit.data).ascent.value
    let allowance = rounding(1, fit.evidence, relu)
    notebook.check(
      .trap(
        "4.T", "max(h, 0) as log σ²: mean ELBO of the trained guide", wrong: relu,
        right: fit.linear.ascent.value, allowance: allowance))
    notebook.check(
      .exact(
        "4.T", "it loses ½ (Λ − 1 − log Λ)", relu - fit.evidence, -reluGap(precision: precision),
        allowance: allowance))
  }

  private func showLostHalf(_ fit: LinearFit, _ precision: Double, in notebook: Notebook) {
    let lambda = fit.linear.guide.network(Array(fit.data.joined()), rows: fit.data.count)
    let reported = mean(
      fit.data.indices.map {
        reportedELBO([lambda[2 * $0], lambda[2 * $0 + 1]], at: fit.data[$0], model: fit.model)
      })
    let allowance = rounding(1, fit.evidence, reported)
    notebook.check(
      .trap(
        "4.T", "σ = exp(log σ²) when sampling: the mean \"ELBO\" of the exact posterior",
        wrong: reported, right: fit.evidence, allowance: allowance))
    // The trained guide is the posterior to ‖φ − φ*‖, and what is reported has a slope there.
    let slope = (1 - 1 / precision) * mean(fit.data.map { length($0 + [1]) })
    notebook.check(
      .exact(
        "4.T", "it reports ½ (1 − 1/Λ)² too much", reported - fit.evidence,
        0.5 * (1 - 1 / precision) * (1 - 1 / precision),
        allowance: allowance
          + slope * parameterAllowance(fit.linear, data: fit.data, model: fit.model)))
  }
}
