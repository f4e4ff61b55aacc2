import Foundation
import Notebook
import TinyNumerics
import ToyModels

extension Chapter3 {
  // MARK: 3.14

  static func showLoss(in notebook: Notebook) {
    notebook.section("3.14", "Loss = reconstruction + KL is −ELBO")
    notebook.text(
      """
      Post T's loss, written as training code writes it (binary cross-entropy and −½ Σ (1 + log σ² − µ² − σ²)), \
      beside the ELBO of the same draws, put together from distributions. 4 images of J = 12 pixels, D = 3 \
      latents. Only one choice of reductions is −ELBO an image; the others weigh the KL by another β.
      """)
    var generator = Threefry(seed: notebook.seed, stream: 31_400)
    let batch = TrainingBatch.example(using: &generator)
    let (j, d) = (Double(batch.pixels), Double(batch.latents))
    let choices: [(Reduction, Reduction, factor: Double, beta: Double, String)] = [
      (.sum, .sum, 1, 1, "−ELBO"), (.mean, .sum, j, j, "J · loss, β = J"),
      (.mean, .mean, j, j / d, "J · loss, β = J/D"), (.sum, .mean, 1, 1 / d, "β = 1/D"),
    ]
    let rows = choices.map { pixels, latents, factor, beta, name in
      let loss = TrainingLoss(batch, pixels: pixels, latents: latents)
      return (pixels, latents, factor, beta, name, loss, elbo(of: batch, beta: beta))
    }
    notebook.table(
      ["pixels", "latents", "reconstruction", "KL", "loss", "is", "reconstruction + β KL"],
      rows.map { pixels, latents, _, _, name, loss, elbo in
        [pixels.rawValue, latents.rawValue]
          + [loss.reconstruction, loss.divergence, loss.total].map { $0.decimals(6) }
          + [name, (-elbo).decimals(6)]
      })
    for (pixels, latents, factor, _, name, loss, elbo) in rows {
      notebook.check(
        .exact(
          "3.14", "pixels: \(pixels.rawValue), latents: \(latents.rawValue): \(name)",
          factor * loss.total, -elbo, allowance: rounding(elbo, factor * loss.total)))
    }
  }

  // MARK: 3.19

  static func showSquaredError(in notebook: Notebook) {
    notebook.section("3.19", "Squared error is a Gaussian likelihood")
    notebook.text(
      """
      ‖x − x̂‖² = −log N(x; x̂, ½I) − (J/2) log π: whoever trains with a sum of squares has chosen σ² = ½. A \
      mean over pixels has chosen σ² = J/2 — for 784 pixels a standard deviation of 20, where grey levels \
      go from 0 to 1.
      """)
    var generator = Threefry(seed: notebook.seed, stream: 31_900)
    for j in [3, 784] {
      let x = (0..<j).map { _ in generator.uniform() }
      let reconstruction = x.map { $0 + 0.3 * generator.normal() }
      let squares = zip(x, reconstruction).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      let pixels = Double(j)
      let half = gaussianLogLikelihood(x, reconstruction: reconstruction, variance: 0.5)
      notebook.check(
        .exact(
          "3.19", "‖x − x̂‖² = −log N(x; x̂, ½I) − (J/2) log π, J = \(j)", squares,
          -half - 0.5 * pixels * log(.pi), allowance: rounding(half, pixels)))
      let wide = gaussianLogLikelihood(x, reconstruction: reconstruction, variance: pixels / 2)
      notebook.check(
        .exact(
          "3.19", "‖x − x̂‖²/J = −log N(x; x̂, (J/2) I) − (J/2) log πJ, J = \(j)", squares / pixels,
          -wide - 0.5 * pixels * log(.pi * pixels), allowance: rounding(wide, pixels * log(pixels)))
      )
    }
  }

  // MARK: 3.T

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
    let allowance = faces.reconstructionAndRegulariser.error + rounding(elbo)
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
        allowance: rounding(right)))
    notebook.check(
      .trap(
        "3.T", "a softmax of positive losses taken for the weights", wrong: weighted(true),
        right: right, allowance: rounding(right)))
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
          wrong: joint.elbo(wrong), right: logEvidence, allowance: rounding(logEvidence)))
    }
  }
}
