import Notebook
import TinyNumerics
import ToyModels

extension Chapter3 {
  static func showTraps(in notebook: Notebook) {
    notebook.section("3.T", "What the mistakes cost")
    notebook.text(
      """
      Four mistakes that people make, each beside the right number. Three are about the \
      linear-Gaussian model of two latents, where J = 3 and D = 2.
      """)
    showSignAndMean(in: notebook)
    showReductionTraps(in: notebook)
    showSoftmaxTrap(in: notebook)
  }

  private static func showSignAndMean(in notebook: Notebook) {
    let (model, x) = (Example.plane, Example.triple)
    let q = Example.gaussianGuides[2].q
    let elbo = QuadraticJoint(model, at: x).elbo(q)
    let logEvidence = model.logEvidence(of: x).value
    let flipped = flippedSign(FourFaces(model: model, x: x, q: q))
    let atMean = evaluatedAtTheMean(model, at: x, guide: q)
    let allowance = rounding(1, elbo)
    notebook.check(
      .trap(
        "3.T", "the KL's sign flipped", wrong: flipped.value, right: elbo,
        allowance: flipped.error + allowance))
    notebook.check(
      .exact(
        "3.T", "the flipped sign gives log p(x) + 2D(q‖p(z)) − D(q‖p(z|x))", flipped.value,
        logEvidence + costOfFlippedSign(model, at: x, guide: q),
        allowance: flipped.error + allowance))
    notebook.check(
      .bound("3.T", "log p(x) ≤ the flipped sign's, here", lower: logEvidence, upper: flipped.value)
    )
    notebook.check(
      .trap(
        "3.T", "log p(x|z = µ) − D taken for the ELBO", wrong: atMean, right: elbo,
        allowance: allowance))
    notebook.check(
      .exact(
        "3.T", "z = µ gives ELBO + ½ tr(WᵀΣ⁻¹W S)", atMean, elbo + costOfSpread(model, guide: q),
        allowance: allowance))
  }

  private static func showReductionTraps(in notebook: Notebook) {
    notebook.gap()
    notebook.text(
      """
      Averaged pixels with summed latents are β = J, both averaged β = J/D. Whoever minimises such \
      a loss ends at another guide; its ELBO beside the posterior's:
      """)
    let (model, x) = (Example.plane, Example.triple)
    let (j, d) = (Double(model.dataDimension), Double(model.latentDimension))
    let logEvidence = model.logEvidence(of: x).value
    let joint = QuadraticJoint(model, at: x)
    for (name, beta) in [("pixels averaged, latents summed", j), ("both averaged", j / d)] {
      let elbo = joint.elbo(bestGuide(model, at: x, beta: beta))
      let noisier = posteriorOfNoisierModel(model, at: x, beta: beta)
      let gap = klDivergence(noisier, relativeTo: model.posterior(given: x))
      let words = beta.significant(2)
      notebook.check(
        .trap(
          "3.T", "\(name): the guide that is best for β = \(words)", wrong: elbo,
          right: logEvidence, allowance: rounding(1, logEvidence)))
      notebook.check(
        .exact(
          "3.T", "its ELBO is log p(x) − D(posterior under noise \(words)Σ ‖ posterior)", elbo,
          logEvidence - gap, allowance: rounding(1, logEvidence)))
    }
  }

  private static func showSoftmaxTrap(in notebook: Notebook) {
    notebook.gap()
    notebook.text(
      """
      And the weights of the k-sample bound's gradient, ŵ ∝ w. A softmax of the losses −log w \
      instead of the log-weights makes the worst draw count most; Σ ŵ log w for the mixture:
      """)
    let (model, x) = (Example.mixture, Example.number)
    let guide = Example.discreteGuides[1].q
    func weighted(_ softmaxOfLosses: Bool) -> Double {
      weightedLogWeight(model, at: x, guide: guide, softmaxOfLosses: softmaxOfLosses)
    }
    let right = sandwich(model, at: x, guide: guide).upper.value
    notebook.check(
      .exact(
        "3.16", "Σ ŵ log w with ŵ ∝ w = E_p(z|x)[log w]", weighted(false), right,
        allowance: rounding(1, right)))
    notebook.check(
      .trap(
        "3.T", "a softmax of positive losses taken for the weights", wrong: weighted(true),
        right: right, allowance: rounding(1, right)))
    for (name, power) in [("ŵ ∝ 1/w gives", -1.0), ("ŵ ∝ w gives", 1)] {
      let slope = slopeOfLogMoment(model, at: x, guide: guide, power: power)
      notebook.check(
        .exact(
          "3.T", "\(name) the slope of log E_q[wˢ] at s = \(Int(power))", weighted(power < 0),
          slope.value, allowance: slope.error + rounding(1, right)))
    }
    notebook.check(
      .bound(
        "3.T", "losses for weights ≤ ELBO", lower: weighted(true),
        upper: Derivation(model, at: x, guide: guide).elbo.value))
  }
}
