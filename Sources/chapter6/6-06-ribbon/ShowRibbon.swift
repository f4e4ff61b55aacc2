import Foundation
import ImageModels
import Notebook
import TinyNumerics
import ToyModels

/// What row 6.6 says of one θ.
struct RibbonScore {
  /// (1/N) Σ_i log p_θ(x_i).
  let logLikelihood: Double
  /// D(p_true ‖ p_θ).
  let divergence: Integral
  /// E_x D(p_true(z|x) ‖ p_θ(±z|x)).
  let posterior: Double

  init(of vae: RibbonVAE, in study: RibbonStudy) {
    let joint = vae.joint
    logLikelihood = study.meanLogLikelihood(joint)
    divergence = study.plane.divergence(from: joint.logEvidence)
    posterior = study.plane.posteriorDivergence(from: joint, marginal: divergence.value)
  }
}

extension RibbonStudy {
  // MARK: 6.6

  func show(in notebook: Notebook) throws {
    notebook.section("6.6", "Post B's model, recovered from its own samples")
    notebook.text(
      """
      \(data.count) points drawn from chapter 2's neural model, and fresh networks f_θ, g_θ \
      (1–8–2) and a guide (2–16–16–2) that know nothing of it. Task 2 of the post, θ, two ways: up \
      the ELBO, one draw a point; and without a bound, up log p_θ(x) itself, because one latent is \
      only a sum over a line: the most probable θ under N(0, 1) for each weight, the best of \
      \(RibbonStudy.starts) starts. In the last two rows the climbs begin at the truth. D by \
      quadrature over the plane.
      """)
    let scores = [fresh, trained, fitted, nearby, bent].map { RibbonScore(of: $0, in: self) }
    let gaussian = momentGaussian(of: plane.joint)
    let byMoments = plane.divergence { gaussian.logDensity([$0.x, $0.y]) }
    let names = [
      "untrained", "up the ELBO", "up log p, fresh starts", "up log p, from the truth",
      "up the ELBO, from truth",
    ]
    let gaussianFit = mean(data.map { gaussian.logDensity([$0.x, $0.y]) })
    notebook.table(
      ["p_θ", "mean log p_θ(x)", "D(p_true‖p_θ)", "E_x D(p_true(z|x)‖p_θ(±z|x))"],
      [
        ["the truth", meanLogLikelihood(plane.joint).decimals(4), "0", "0"],
        ["a Gaussian, true moments", gaussianFit.decimals(4), byMoments.value.decimals(4), ""],
      ]
        + zip(names, scores).map { name, score in
          [
            name, score.logLikelihood.decimals(4), score.divergence.value.decimals(4),
            score.posterior.decimals(3),
          ]
        })
    notebook.text(reading(of: scores))
    notebook.check(
      .exact(
        "6.6", "D of the Gaussian = ½ log |2πe Cov| − H(p_true): eq. 2.9 against the plane",
        byMoments.value, gaussian.entropy - plane.entropy.value,
        allowance: byMoments.error + plane.entropy.error + 1e-12))
    for check in checks(of: scores, gaussian: byMoments) { notebook.check(check) }
    notebook.gap()
    try notebook.figure("chapter6-ribbon") { figure }
  }

  /// What the bound costs, and whether the fresh fit explains the points as the truth does.
  private func reading(of scores: [RibbonScore]) -> String {
    let advantage = Double(data.count) * (scores[3].logLikelihood - scores[2].logLikelihood)
    let order =
      scores[2].posterior < plane.information / 2
      ? """
      the fresh fit runs through the ribbon as the truth does, up to the sign of z.
      """
      : """
      the fresh fit has found p(x) but not z: it runs through parts of the ribbon in another \
      order, from which no small step leads to the truth's. The data could tell: they are \
      \(advantage.decimals(0)) nats more probable under the row below.
      """
    return """
      The ELBO's guide is one Gaussian, and θ bends to what such a guide can follow: it gives up \
      the crossing, where a posterior has two peaks. Without it D falls to the order of \
      parameters/2N = \(expectedFloor.decimals(4)), or below: the weights' prior shrinks the noise \
      that this is the mean of. A posterior is worth I(x; z) = \
      \(plane.information.decimals(3)) nats; \(order)
      """
  }

  /// The mean of D for a maximum-likelihood fit of a regular model with as many parameters as the
  /// truth: 2N·D is then χ² with that many degrees.
  var expectedFloor: Double { Double(nearby.theta.count) / Double(2 * data.count) }

  func checks(of scores: [RibbonScore], gaussian: Integral) -> [Check] {
    let parameters = Double(nearby.theta.count)
    // χ²'s mean and five of its standard deviations
    let ceiling = (parameters + 5 * (2 * parameters).squareRoot()) / Double(2 * data.count)
    func divergence(_ i: Int) -> Double { scores[i].divergence.value + scores[i].divergence.error }
    return [
      .bound(
        "6.6", "D up the ELBO is below the best Gaussian's", lower: divergence(1),
        upper: gaussian.value),
      .bound(
        "6.6", "D up log p, fresh starts, is below a tenth of the best Gaussian's",
        lower: divergence(2), upper: gaussian.value / 10),
      .bound(
        "6.6", "D up log p, from the truth: 2N·D like χ², p degrees, at most 5 deviations above",
        lower: divergence(3), upper: ceiling),
      .bound(
        "6.6", "D up log p ≤ D up the ELBO, both from the truth", lower: divergence(3),
        upper: scores[4].divergence.value),
      .bound(
        "6.6", "its posteriors, up to the sign of z, miss less than half of I(x; z)",
        lower: scores[3].posterior, upper: plane.information / 2),
    ]
  }
}
