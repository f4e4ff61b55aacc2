import Figures
import Foundation
import Notebook
import TinyNumerics
import ToyModels

extension Chapter3 {
  static func showMeanField(in notebook: Notebook) throws {
    notebook.section("3.11", "Mean field: right means, too small variances")
    notebook.text(
      """
      x = 1.5 z₁ + 1.4 z₂ + noise: once x is known, one latent's gain is the other's loss, and the posterior \
      of precision Λ is a narrow ridge. The best guide with *independent* coordinates, found by coordinate \
      ascent and again by climbing the ELBO, sits in its middle and is as wide as a cut through it.
      """)
    let (model, x) = (Example.sum, Example.single)
    let joint = QuadraticJoint(model, at: x)
    let (path, byCoordinates) = meanFieldByCoordinates(joint, from: [-0.6, -0.6], sweeps: 120)
    let byAscent = meanFieldByAscent(joint).q
    let posterior = model.posterior(given: x)
    let precision = posterior.cholesky.inverse
    notebook.table(
      ["", "E z₁", "E z₂", "Var z₁", "Var z₂", "ELBO"],
      [
        row("posterior", posterior, joint),
        row("coordinate ascent", Gaussian(byCoordinates), joint),
        row("climbing the ELBO", Gaussian(byAscent), joint),
      ])
    let allowance = 4 * ascentTolerance
    for d in 0..<2 {
      let name = d == 0 ? "z₁" : "z₂"
      notebook.check(
        .exact(
          "3.11", "mean field's mean of \(name) = posterior's", byAscent.mean[d], posterior.mean[d],
          allowance: allowance + rounding(1, posterior.mean[d])))
      notebook.check(
        .exact(
          "3.11", "mean field's variance of \(name) = 1/Λ", byAscent[d].variance,
          1 / precision[d, d], allowance: allowance + rounding(1, 1)))
      notebook.check(
        .bound(
          "3.11", "1/Λ ≤ posterior variance of \(name)", lower: byAscent[d].variance,
          upper: posterior.covariance[d, d]))
    }
    let elbo = Derivation(model, at: x, guide: Gaussian(byCoordinates)).elbo
    let gap = model.logEvidence(of: x).value - elbo.value
    notebook.check(
      .exact(
        "3.11", "log p(x) − ELBO = ½ (Σ log Λ_dd − log |Λ|)", gap,
        meanFieldGap(precision: precision), allowance: elbo.error + rounding(1, elbo.value)))
    try notebook.figure("chapter3-meanfield") { meanFieldFigure(path, byCoordinates, posterior) }
  }

  private static func row(_ name: String, _ q: Gaussian, _ joint: QuadraticJoint) -> [String] {
    let numbers = q.mean + q.covariance.diagonal + [joint.elbo(q)]
    return [name] + numbers.map { $0.decimals(9) }
  }

  private static func meanFieldFigure(
    _ path: [[Double]], _ q: DiagonalGaussian, _ posterior: Gaussian
  ) -> Figure {
    let covariance = posterior.covariance
    let ridge = (xx: covariance[0, 0], xy: covariance[0, 1], yy: covariance[1, 1])
    let circle = (xx: q[0].variance, xy: 0.0, yy: q[1].variance)
    let centre = (posterior.mean[0], posterior.mean[1])
    return Figure(
      "Mean field is as wide as a cut through the posterior", width: 520, height: 500,
      panels: [
        Panel(
          x: Axis("z₁", range: -1...2.2), y: Axis("z₂", range: -1...2.2), equalAspect: true,
          marks: [
            .ellipse(
              centre: centre, covariance: ridge, radius: 2, label: "posterior, 1 and 2 sd",
              fill: 0.12),
            .ellipse(centre: centre, covariance: ridge, radius: 1, fill: 0.2),
            .ellipse(
              centre: (q.mean[0], q.mean[1]), covariance: circle, radius: 2,
              label: "mean field, 1 and 2 sd", colour: .second, fill: 0.12),
            .ellipse(
              centre: (q.mean[0], q.mean[1]), covariance: circle, radius: 1, colour: .second,
              fill: 0.2),
            .line(
              path.map { ($0[0], $0[1]) }, label: "coordinate ascent", colour: .third, width: 1.5),
            .points(path.map { ($0[0], $0[1]) }, colour: .third),
          ])
      ])
  }
}
