import Foundation
import Notebook
import TinyNumerics
import ToyModels

extension Chapter3 {
  static func showTraps(in notebook: Notebook) {
    notebook.section("3.T", "What the mistakes cost")
    notebook.text(
      """
      Four mistakes that people make, each beside the right number. Three are about the linear-Gaussian \
      model of two latents, where J = 3 and D = 2.
      """)
    let (model, x) = (Example.plane, Example.triple)
    let q = Example.gaussianGuides[2].q
    let faces = FourFaces(model: model, x: x, q: q)
    let elbo = QuadraticJoint(model, at: x).elbo(q)
    let allowance = faces.reconstructionAndRegulariser.error + rounding(1, elbo)
    notebook.check(
      .trap(
        "3.T", "the KL's sign flipped: above log p(x)", wrong: flippedSign(faces), right: elbo,
        allowance: allowance))
    notebook.check(
      .trap(
        "3.T", "log p(x|z = µ) − D taken for the ELBO",
        wrong: evaluatedAtTheMean(model, at: x, guide: q), right: elbo, allowance: allowance))
    showReductionTraps(in: notebook)
    notebook.gap()
    notebook.text(
      """
      And the weights of the k-sample bound's gradient, ŵ ∝ w. A softmax of the losses −log w instead of the \
      log-weights makes the worst draw count most; Σ ŵ log w for the mixture:
      """)
    let guide = Example.discreteGuides[1].q
    func weighted(_ softmaxOfLosses: Bool) -> Double {
      weightedLogWeight(
        Example.mixture, at: Example.number, guide: guide, softmaxOfLosses: softmaxOfLosses)
    }
    let right = sandwich(Example.mixture, at: Example.number, guide: guide).upper.value
    notebook.check(
      .exact(
        "3.16", "Σ ŵ log w with ŵ ∝ w = E_p(z|x)[log w]", weighted(false), right,
        allowance: rounding(1, right)))
    notebook.check(
      .trap(
        "3.T", "a softmax of positive losses taken for the weights", wrong: weighted(true),
        right: right, allowance: rounding(1, right)))
  }

  private static func showReductionTraps(in notebook: Notebook) {
    notebook.gap()
    notebook.text(
      """
      Averaged pixels with summed latents are β = J, both averaged β = J/D. Whoever minimises such a loss ends \
      at another guide; its ELBO beside the posterior's:
      """)
    let (model, x) = (Example.plane, Example.triple)
    let (j, d) = (Double(model.dataDimension), Double(model.latentDimension))
    let logEvidence = model.logEvidence(of: x).value
    let joint = QuadraticJoint(model, at: x)
    for (name, beta) in [("pixels averaged, latents summed", j), ("both averaged", j / d)] {
      let wrong = bestGuide(model, at: x, beta: beta)
      notebook.check(
        .trap(
          "3.T", "\(name): the guide that is best for β = \(beta.significant(2))",
          wrong: joint.elbo(wrong), right: logEvidence, allowance: rounding(1, logEvidence)))
    }
  }
}
