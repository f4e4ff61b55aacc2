import Figures
import Notebook
import TinyNumerics
import ToyModels

extension Chapter3 {
  static func showAscent(in notebook: Notebook) throws {
    notebook.section("3.10", "Climbing the ELBO is descending the divergence")
    notebook.text(
      """
      log p(x) does not depend on q, so ∇ELBO = −∇D and both have the same best q. For a \
      linear-Gaussian model with one latent: ∇ELBO by differentiating the parabola log p(x,z), ∇D \
      by quadrature against the posterior. Then plain gradient ascent on (µ, log σ), which never \
      sees the posterior:
      """)
    let (model, x) = (Example.line, Example.pair)
    let joint = QuadraticJoint(model, at: x)
    let posterior = model.posterior(given: x)
    let rate = 0.02
    let path = gradientAscent(
      on: joint, from: Normal(mean: -0.6, standardDeviation: 1), rate: rate, steps: 200)
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
      \(model.logEvidence(of: x).value.decimals(6)). With a full covariance, and BFGS for the \
      climb, the model with two latents reaches its posterior too.
      """)
    for check in [gradientCheck(joint, posterior)] + pathChecks(path, rate, joint, posterior)
      + bestGuideChecks()
    { notebook.check(check) }
    try notebook.figure("chapter3-ascent") { ascentFigure(joint, path, posterior) }
  }

  /// ∇ELBO + ∇D = 0 on a grid of guides.
  private static func gradientCheck(_ joint: QuadraticJoint, _ posterior: Gaussian) -> Check {
    var checks: [Check] = []
    for mean in stride(from: -2.0, through: 2, by: 0.5) {
      for sigma in [0.05, 0.2, 0.4, 1, 3] {
        let q = Normal(mean: mean, standardDeviation: sigma)
        let byGap = gapGradient(at: q) { posterior.logDensity([$0]) }
        for (climb, descent) in zip(elboGradient(joint, at: q), byGap) {
          checks.append(
            .exact(
              "3.10", "a component of ∇ELBO = −∇D", climb, -descent.value,
              allowance: descent.error + rounding(1, climb, 1 / sigma)))
        }
      }
    }
    return .worst(of: checks)
  }

  /// Each step by the other side of the identity, the mean in closed form, and what never changes.
  private static func pathChecks(
    _ path: [Normal], _ rate: Double, _ joint: QuadraticJoint, _ posterior: Gaussian
  ) -> [Check] {
    let steps = zip(path, path.dropFirst()).flatMap { q, next in
      let moved = [next.mean - q.mean, log(next.standardDeviation / q.standardDeviation)]
      return zip(moved, gapGradient(at: q) { posterior.logDensity([$0]) }).map { moved, slope in
        Check.exact(
          "3.10", "a step of (µ, log σ) = −\(rate) ∇D", moved, -rate * slope.value,
          allowance: rate * slope.error + rounding(1))
      }
    }
    let (target, v) = (posterior.mean[0], posterior.covariance[0, 0])
    let means = path.enumerated().map { step, q in
      Check.exact(
        "3.10", "µ − h/Λ shrinks by 1 − \(rate) Λ = \((1 - rate / v).decimals(4)) a step", q.mean,
        target + pow(1 - rate / v, Double(step)) * (path[0].mean - target), allowance: rounding(1))
    }
    let evidence = Example.line.logEvidence(of: Example.pair).value
    let sums = path.map { q in
      let gap = klDivergence(Gaussian(q), relativeTo: posterior)
      return Check.exact(
        "3.10", "ELBO + D = log p(x) at a step", joint.elbo(Gaussian(q)) + gap, evidence,
        allowance: rounding(1, evidence, gap))
    }
    return [.worst(of: steps), .worst(of: means), .worst(of: sums)]
  }

  /// At the top the ELBO of (m, L) curves by Λ ≥ I in m, and by at least 1 in each number of L's:
  /// in the direction dL by tr(dLᵀΛ dL) + Σ dℓ², ℓ the logarithms of L's diagonal. So a gradient of
  /// norm g leaves the numbers off by at most g; and as the posterior's covariance is at most I, no
  /// row of L is longer than 1, and LLᵀ is off by at most 2g.
  private static func bestGuideChecks() -> [Check] {
    [(Example.line, Example.pair), (Example.plane, Example.triple)].flatMap {
      model, x -> [Check] in
      let (q, ascent) = bestGuide(for: QuadraticJoint(model, at: x))
      let posterior = model.posterior(given: x)
      let d = model.latentDimension
      let indices = (0..<d).flatMap { i in (0..<d).map { j in (i, j) } }
      let moments: [(Double, Double)] =
        Array(zip(q.mean, posterior.mean))
        + indices.map { i, j in (q.covariance[i, j], posterior.covariance[i, j]) }
      let latents = d == 1 ? "one latent" : "\(d) latents, full covariance"
      return [
        .worst(
          of: moments.map { found, exact in
            .exact(
              "3.10", "argmax ELBO = posterior, an entry, \(latents)", found, exact,
              allowance: 2 * ascentTolerance + rounding(1, exact))
          }),
        .exact(
          "3.10", "max ELBO = log p(x): \(latents)", ascent.value, model.logEvidence(of: x).value,
          allowance: rounding(1, ascent.value)),
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
}

extension Gaussian {
  /// A normal distribution of one real variable, as a Gaussian of dimension one.
  init(_ normal: Normal) {
    self.init(mean: [normal.mean], covariance: Matrix([[normal.variance]]))
  }
}
