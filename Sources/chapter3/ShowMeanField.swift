import Figures
import Notebook
import TinyNumerics
import ToyModels

extension Chapter3 {
  static func showMeanField(in notebook: Notebook) throws {
    notebook.section("3.11", "Mean field: right means, too small variances")
    notebook.text(
      """
      x = 1.5 z₁ + 1.4 z₂ + noise: once x is known, one latent's gain is the other's loss, and the \
      posterior of precision Λ is a narrow ridge. The best guide with *independent* coordinates, \
      found by coordinate ascent and again by climbing the ELBO, sits in its middle and is as wide \
      as a cut through it.
      """)
    let (model, x) = (Example.sum, Example.single)
    let joint = QuadraticJoint(model, at: x)
    let (path, byCoordinates) = meanFieldByCoordinates(joint, from: [-0.6, -0.6], sweeps: 120)
    let byAscent = meanFieldByAscent(joint).q
    let posterior = model.posterior(given: x)
    notebook.table(
      ["", "E z₁", "E z₂", "Var z₁", "Var z₂", "ELBO"],
      [
        row("posterior", posterior, joint),
        row("coordinate ascent", Gaussian(byCoordinates), joint),
        row("climbing the ELBO", Gaussian(byAscent), joint),
      ])
    for check in checks(joint, posterior, [Gaussian(byCoordinates), Gaussian(byAscent)]) {
      notebook.check(check)
    }
    try notebook.figure("chapter3-meanfield") { meanFieldFigure(path, byCoordinates, posterior) }
  }

  private static func checks(
    _ joint: QuadraticJoint, _ posterior: Gaussian, _ guides: [Gaussian]
  ) -> [Check] {
    let (precision, exact) = (joint.precision, posterior.covariance)
    let allowance = 2 * ascentTolerance + rounding(1)
    let means = guides.flatMap { zip($0.mean, posterior.mean) }.map { found, mean in
      Check.exact("3.11", "mean field's mean = posterior's", found, mean, allowance: allowance)
    }
    // Var(z₁|z₂) = Var z₁ − Cov²/Var z₂
    let given = [0, 1].map { d in exact[d, d] - exact[0, 1] * exact[0, 1] / exact[1 - d, 1 - d] }
    let variances = guides.flatMap { zip($0.covariance.diagonal, given) }.map { found, given in
      Check.exact(
        "3.11", "mean field's variance = the posterior's of one coordinate given the other", found,
        given, allowance: allowance)
    }
    let laws = [0, 1].map { d in
      let slope = precision[0, 1] / precision[d, d]  // of E[z_d | the other]
      let total = 1 / precision[d, d] + slope * slope * exact[1 - d, 1 - d]
      return Check.exact(
        "3.11", "posterior variance = 1/Λ + variance of the conditional mean", exact[d, d], total,
        allowance: rounding(1, total))
    }
    let evidence = Example.sum.logEvidence(of: Example.single).value
    let gaps = guides.map { q in
      let elbo = Derivation(Example.sum, at: Example.single, guide: q).elbo
      return Check.exact(
        "3.11", "log p(x) − ELBO = ½ (Σ log Λ_dd − log |Λ|)", evidence - elbo.value,
        meanFieldGap(precision: precision), allowance: elbo.error + rounding(1, elbo.value))
    }
    let correlation = exact[0, 1] / (exact[0, 0] * exact[1, 1]).squareRoot()
    return [
      .worst(of: means), .worst(of: variances), .worst(of: laws), .worst(of: gaps),
      .exact(
        "3.11", "the same = −½ log(1 − ρ²), ρ the posterior's correlation",
        meanFieldGap(precision: precision), -0.5 * log1p(-correlation * correlation),
        allowance: rounding(1)),
      .exact(
        "3.11", "ELBO at the posterior = log p(x)", joint.elbo(posterior), evidence,
        allowance: rounding(1, evidence)),
    ]
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
