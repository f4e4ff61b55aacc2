import Foundation
import ImageModels
import Notebook
import TinyNumerics

extension LinearStudy {
  // MARK: 6.T

  func showTraps(_ digits: ImageSet, in notebook: Notebook) {
    notebook.section("6.T", "Traps: losses that are no likelihoods")
    showGreyBernoulli(digits, in: notebook)
    showAveragedPixels(in: notebook)
    showUnboundedDensity(digits, in: notebook)
  }

  private func showGreyBernoulli(_ digits: ImageSet, in notebook: Notebook) {
    notebook.text(
      """
      Binary cross-entropy takes grey pixels x = k/16 without complaint, as p^x (1 − p)^(1−x). \
      Summed over the 17 levels these are no probabilities (1 to 8.5 a pixel), integrated over [0, \
      1] no densities (½ at most); so such a "log-likelihood" compares with no other.
      """)
    let probabilities = [0.01, 0.1, 0.3, 0.45, 0.5, 0.9]
    let integrals = probabilities.map { p in
      integrate(over: 0...1) { x in pow(p, x) * pow(1 - p, 1 - x) }
    }
    notebook.table(
      ["p", "Σ over 17 levels", "∫ over [0, 1]"],
      zip(probabilities, integrals).map { p, integral in
        [p.significant(2), sumOverGreyLevels(p).decimals(4), integral.value.decimals(4)]
      })
    notebook.check(
      .worst(
        of: probabilities.map { p in
          .exact(
            "6.T", "Σ over 17 levels = (1 − p)(1 − r¹⁷)/(1 − r), r¹⁶ = p/(1 − p)",
            sumOverGreyLevels(p), geometricGreySum(p), allowance: 1e-13)
        }))
    notebook.check(
      .worst(
        of: zip(probabilities, integrals).map { p, integral in
          .exact(
            "6.T", "∫ over [0, 1] = (1 − 2p)/(2 artanh(1 − 2p))", integral.value,
            integralOverGrey(p), allowance: integral.error + 1e-14)
        }))
    notebook.check(
      .trap(
        "6.T", "p^x (1 − p)^(1−x) taken for a probability: its sum at p = ½",
        wrong: sumOverGreyLevels(0.5), right: 1, allowance: 1e-13))
    let (bernoulli, proper) = greyLogLikelihoods(digits.levels)
    notebook.check(
      .trap(
        "6.T", "the digits' grey pixels, each by its mean: −BCE taken for log p, nats an image",
        wrong: bernoulli, right: proper, allowance: 1e-11))
    notebook.gap()
  }

  private func showAveragedPixels(in notebook: Notebook) {
    let collapse = LinearCollapse(self)
    let pixels = Double(LinearStudy.smallPixels)
    let (right, wrong) = (collapse.optimum(beta: 1), collapse.optimum(beta: pixels))
    notebook.text(
      """
      The reconstruction loss averaged over J pixels beside a KL that is summed is β = J, for a \
      loss may be multiplied by J. On the linear model of 6.12, β = \(LinearStudy.smallPixels) is \
      above every λ_i/σ²: all six units die, at ½ (λ_i/σ² − 1 − log(λ_i/σ²)) nats each.
      """)
    let allowance = right.allowance + wrong.allowance
    notebook.check(
      .exact(
        "6.T", "what averaging costs the ELBO = Σ_i ½ (λ_i/σ² − 1 − log(λ_i/σ²))",
        right.elbo - wrong.elbo, collapse.costOfCollapse, allowance: allowance))
    notebook.check(
      .trap(
        "6.T", "pixels averaged: the ELBO reached, nats an image", wrong: wrong.elbo,
        right: right.elbo, allowance: allowance))
    notebook.gap()
  }

  private func showUnboundedDensity(_ digits: ImageSet, in notebook: Notebook) {
    let constant = constantPixels(digits.levels).count
    let deviations = [1e-1, 1e-2, 1e-3, 1e-4, 1e-6].map { $0 }
    notebook.text(
      """
      A Gaussian whose σ is learned has no greatest likelihood. \(constant) of the \
      \(digits.pixels) pixels are the same in all training digits; reproduced exactly, each brings \
      −½ log 2π − log σ nats, without end as σ → 0. A floor under σ ends it where the floor \
      happens to lie. The probability of the grey level, the normal integrated over its cell, \
      cannot pass 1.
      """)
    notebook.table(
      ["σ", "log density of these \(constant) pixels, nats", "log probability of their level"],
      deviations.map { sigma in
        [
          sigma.significant(2),
          (Double(constant) * logDensityReproduced(standardDeviation: sigma)).decimals(3),
          (Double(constant) * logProbabilityReproduced(standardDeviation: sigma)).decimals(3),
        ]
      })
    let (first, last) = (deviations[0], deviations[deviations.count - 1])
    let gain =
      logDensityReproduced(standardDeviation: last)
      - logDensityReproduced(standardDeviation: first)
    notebook.check(
      .exact(
        "6.T", "a floor at 10⁻⁶ instead of 10⁻¹: + 5 log 10 nats a pixel, for nothing", gain,
        5 * log(10), allowance: 1e-13))
    notebook.check(
      .trap(
        "6.T", "a density at σ = 10⁻⁶ read as a probability: log p of the constant pixels",
        wrong: Double(constant) * logDensityReproduced(standardDeviation: last),
        right: Double(constant) * logProbabilityReproduced(standardDeviation: last),
        allowance: 1e-13))
  }
}
