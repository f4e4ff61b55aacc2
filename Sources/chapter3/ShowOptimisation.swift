import Foundation
import Notebook
import TinyNumerics
import ToyModels

extension Chapter3 {
  // MARK: 3.10

  static func showAscent(in notebook: Notebook) throws {
    notebook.section("3.10", "Climbing the ELBO is descending the divergence")
    notebook.text(
      """
      log p(x) does not depend on q, so ∇ELBO = −∇D and both have the same best q. For a linear-Gaussian \
      model with one latent: ∇ELBO by differentiating the parabola log p(x,z), ∇D by quadrature against \
      the posterior. Then plain gradient ascent on (µ, log σ), which never sees the posterior:
      """)
    let (model, x) = (Example.line, Example.pair)
    let joint = QuadraticJoint(model, at: x)
    let posterior = model.posterior(given: x)
    let path = gradientAscent(
      on: joint, from: Normal(mean: -0.6, standardDeviation: 1), rate: 0.02, steps: 200)
    notebook.table(
      ["step", "µ", "σ", "ELBO", "D(q‖p(z|x))", "ELBO + D"],
      [0, 1, 2, 5, 10, 20, 50, 100, 200].map { step in
        let elbo = joint.elbo(Gaussian(path[step]))
        let gap = klDivergence(Gaussian(path[step]), relativeTo: posterior)
        return ["\(step)"]
          + [path[step].mean, path[step].standardDeviation, elbo, gap, elbo + gap].map {
            $0.decimals(6)
          }
      })
    notebook.text(
      """
      The posterior is N(\(posterior.mean[0].decimals(6)), \
      \(posterior.covariance[0, 0].squareRoot().decimals(6))²) and log p(x) = \
      \(model.logEvidence(of: x).value.decimals(6)). With a full covariance, and BFGS for the climb, the \
      model with two latents reaches its posterior too.
      """)
    for check in gradientChecks(joint, posterior) + bestGuideChecks() { notebook.check(check) }
    try notebook.figure("chapter3-ascent") { ascentFigure(joint, path, posterior) }
  }

  /// ∇ELBO + ∇D = 0 on a grid of guides.
  private static func gradientChecks(_ joint: QuadraticJoint, _ posterior: Gaussian) -> [Check] {
    var checks: [Check] = []
    for mean in stride(from: -2.0, through: 2, by: 0.5) {
      for sigma in [0.05, 0.2, 0.4, 1, 3] {
        let q = Normal(mean: mean, standardDeviation: sigma)
        let byGap = gapGradient(at: q) { posterior.logDensity([$0]) }
        for (climb, descent) in zip(elboGradient(joint, at: q), byGap) {
          checks.append(
            .exact(
              "3.10", "∇ELBO = −∇D, worst component of 45 guides", climb, -descent.value,
              allowance: descent.error + rounding(climb, 1 / sigma)))
        }
      }
    }
    return [worstOf(checks)]
  }

  /// A gradient of norm g at a maximum where the ELBO curves by at least λ leaves the coordinates off by at
  /// most about g/λ; λ ≥ 1 here, and a coordinate of size one moves an entry by at most about two.
  private static func bestGuideChecks() -> [Check] {
    [(Example.line, Example.pair), (Example.plane, Example.triple)].flatMap { model, x in
      let (q, ascent) = bestGuide(for: QuadraticJoint(model, at: x))
      let posterior = model.posterior(given: x)
      let d = model.latentDimension
      let indices = (0..<d).flatMap { i in (0..<d).map { j in (i, j) } }
      let entries =
        zip(q.mean, posterior.mean).map { ($0, $1) }
        + indices.map { i, j in (q.covariance[i, j], posterior.covariance[i, j]) }
      let latents = d == 1 ? "one latent" : "\(d) latents, full covariance"
      return [
        worstOf(
          entries.map { entry in
            .exact(
              "3.10", "argmax ELBO = posterior, worst entry: \(latents)", entry.0, entry.1,
              allowance: 4 * max(ascent.gradientNorm, 1e-11) + rounding(entry.1))
          }),
        .exact(
          "3.10", "max ELBO = log p(x): \(latents)", ascent.value, model.logEvidence(of: x).value,
          allowance: rounding(ascent.value)),
      ]
    }
  }

  private static func ascentFigure(
    _ joint: QuadraticJoint, _ path: [Normal], _ posterior: Gaussian
  ) -> Figure {
    let logEvidence = Example.line.logEvidence(of: Example.pair).value
    let surface = Surface(x: -0.9...1.8, y: -1.8...0.3) { mean, logSigma in
      joint.elbo(Gaussian(Normal(mean: mean, standardDeviation: exp(logSigma))))
    }
    let levels = [0.05, 0.2, 0.5, 1, 2, 4, 8, 12].map { logEvidence - $0 }
    let values = path.prefix(41).enumerated().map { step, q in
      (Double(step), joint.elbo(Gaussian(q)))
    }
    return Figure(
      "Gradient ascent on the ELBO finds the posterior", width: 760, height: 380,
      panels: [
        Panel(
          title: "The ELBO over all guides N(µ, σ²)", x: Axis("µ"), y: Axis("log σ"),
          marks: [
            .contours(surface, at: levels, label: "ELBO", colour: .muted),
            .line(path.map { ($0.mean, log($0.standardDeviation)) }, label: "gradient ascent"),
            .points(path.map { ($0.mean, log($0.standardDeviation)) }),
            .points(
              [(posterior.mean[0], 0.5 * log(posterior.covariance[0, 0]))], label: "posterior",
              colour: .second, size: 11),
          ]),
        Panel(
          title: "The bound rises to the evidence", x: Axis("step"),
          y: Axis("nats", range: -14...0),
          marks: [
            .horizontal(at: logEvidence, label: "log p(x)", colour: .ink),
            .band(
              values.map { (x: $0.0, lower: $0.1, upper: logEvidence) }, label: "D(q‖p(z|x))",
              colour: .second),
            .line(values, label: "ELBO"), .points(values),
          ]),
      ])
  }

  // MARK: 3.11

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
    let (byAscent, ascent) = meanFieldByAscent(joint)
    let posterior = model.posterior(given: x)
    let precision = posterior.cholesky.inverse
    notebook.table(
      ["", "E z₁", "E z₂", "Var z₁", "Var z₂", "ELBO"],
      [
        row("posterior", posterior, joint),
        row("coordinate ascent", Gaussian(byCoordinates), joint),
        row("climbing the ELBO", Gaussian(byAscent), joint),
      ])
    let allowance = 4 * max(ascent.gradientNorm, 1e-11)
    for d in 0..<2 {
      let name = d == 0 ? "z₁" : "z₂"
      notebook.check(
        .exact(
          "3.11", "mean field's mean of \(name) = posterior's", byAscent.mean[d], posterior.mean[d],
          allowance: allowance + rounding(posterior.mean[d])))
      notebook.check(
        .exact(
          "3.11", "mean field's variance of \(name) = 1/Λ", byAscent[d].variance,
          1 / precision[d, d], allowance: allowance + rounding(1)))
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
        meanFieldGap(precision: precision), allowance: elbo.error + rounding(elbo.value)))
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

extension Gaussian {
  /// A normal distribution of one real variable, as a Gaussian of dimension one.
  init(_ normal: Normal) {
    self.init(mean: [normal.mean], covariance: Matrix([[normal.variance]]))
  }
}
