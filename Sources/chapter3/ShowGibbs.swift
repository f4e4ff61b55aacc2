import Notebook
import TinyNumerics
import ToyModels

extension Chapter3 {
  static func showGibbs(in notebook: Notebook) {
    notebook.section("3.21", "Gibbs, Donsker and Varadhan: the bound as a maximum, both ways")
    notebook.text(
      """
      log E_p[e^f] = max_q {E_q[f] − D(q‖p)}, attained by q ∝ p e^f; the ELBO is f(z) = log p(x|z) \
      with p the prior. Here p = N(0, 1) and f(z) = 2 cos 3z, which has nothing to do with a \
      likelihood:
      """)
    showGuides(in: notebook)
    notebook.text(
      """
      Read the other way: D(q‖p) = max_f {E_q[f] − log E_p[e^f]}. Here q = N(1, 0.5²) is fixed and \
      f tries:
      """)
    showCritics(in: notebook)
    for check in discreteGibbsChecks(in: notebook) { notebook.check(check) }
  }

  private static func showGuides(in notebook: Notebook) {
    let f: @Sendable (Double) -> Double = { 2 * cos(3 * $0) }
    let (best, value) = (tilted(by: f), logMeanExponential(f))
    let cases: [(String, objective: Integral, gap: Integral)] =
      [
        ("p itself", Normal.standard), ("N(0, 0.3²)", Normal(mean: 0, standardDeviation: 0.3)),
        ("N(2.1, 0.3²)", Normal(mean: 2.1, standardDeviation: 0.3)),
      ].map { name, q in (name, gibbsObjective(q, f), q.divergence(from: best)) }
      + [("∝ p e^f", gibbsObjective(best, f), Integral(exactly: 0))]
    notebook.table(
      ["q", "E_q[f] − D(q‖p)", "log E_p[e^f]", "missing", "D(q‖p e^f/E_p[e^f])"],
      cases.map { name, objective, gap in
        let missing = value - objective
        return [
          name, objective.value.decimals(8), value.value.decimals(8), shown(missing), shown(gap),
        ]
      })
    notebook.check(
      .worst(
        "3.21", "log E_p[e^f] − (E_q[f] − D(q‖p)) = D(q‖p e^f/E_p[e^f])",
        of: cases.map { _, objective, gap in
          let missing = value - objective
          return (
            missing.value, gap.value, missing.error + gap.error + rounding(1, objective.value)
          )
        }))
    notebook.check(
      .exact(
        "3.21", "log E_p[e^f] = a series of Bessel functions", value.value,
        logMeanExponentialOfCosine(amplitude: 1, frequency: 3),
        allowance: value.error + rounding(1)))
    notebook.gap()
  }

  private static func showCritics(in notebook: Notebook) {
    let q = Normal(mean: 1, standardDeviation: 0.5)
    let ratio: @Sendable (Double) -> Double = { q.logDensity($0) - Normal.standard.logDensity($0) }
    let critics: [(String, @Sendable (Double) -> Double)] = [
      ("0", { _ in 0 }), ("z", { $0 }), ("log q/p + sin z", { ratio($0) + sin($0) }),
      ("log q/p + 7", { ratio($0) + 7 }),
    ]
    let divergence = klDivergence(q, relativeTo: .standard)
    let rows = critics.map { name, f in
      (name: name, bound: donskerVaradhan(q, f), gap: q.divergence(from: tilted(by: f)))
    }
    notebook.table(
      ["f(z)", "E_q[f] − log E_p[e^f]", "D(q‖p)", "missing", "D(q‖p e^f/E_p[e^f])"],
      rows.map { name, bound, gap in
        let missing = Integral(exactly: divergence) - bound
        return [
          name, bound.value.decimals(8), divergence.decimals(8), shown(missing), shown(gap),
        ]
      })
    notebook.check(
      .worst(
        "3.21", "D(q‖p) − (E_q[f] − log E_p[e^f]) = D(q‖p e^f/E_p[e^f])",
        of: rows.map { _, bound, gap in
          (
            divergence - bound.value, gap.value,
            bound.error + gap.error + rounding(8, divergence, bound.value)
          )
        }))
    notebook.check(
      .exact(
        "3.21", "f = log q/p + 7 attains D(q‖p), whose formula is 1.8", rows[3].bound.value,
        divergence, allowance: rows[3].bound.error + rounding(8, divergence)))
  }

  /// Random q, p and f over the mixture's three classes: sums, and the library's divergence.
  private static func discreteGibbsChecks(in notebook: Notebook) -> [Check] {
    var generator = Threefry(seed: notebook.seed, row: 21)
    let cases = (0..<1000).map { _ in
      let (q, p) = (
        Discrete.random(outcomes: 3, using: &generator),
        Discrete.random(outcomes: 3, using: &generator)
      )
      let f = (0..<3).map { _ in generator.normal() }
      let weights = zip(p.probabilities, f).map { $0 * exp($1) }
      let value = log(weights.reduce(0, +))
      let missing =
        value - (q.expectation { f[$0] }.value - klDivergence(q, relativeTo: p))
      let gap = klDivergence(q, relativeTo: Discrete(weights: weights))
      return (lhs: missing, rhs: gap, allowance: rounding(1, gap, value))
    }
    let (model, x) = (Example.mixture, Example.number)
    let bayes = Discrete(
      weights: model.prior.probabilities.indices.map {
        model.prior.probabilities[$0] * exp(model.logLikelihood(x, given: $0))
      })
    let elbo =
      bayes.expectation { model.logLikelihood(x, given: $0) }.value
      - klDivergence(bayes, relativeTo: model.prior)
    let evidence = model.logEvidenceBySlope(at: x)
    return [
      .worst("3.21", "the same for random q, p and f over three classes", of: cases),
      .exact(
        "3.21", "f = log p(x|z): the maximum is log p(x), attained by Bayes' rule, mixture", elbo,
        evidence.value, allowance: evidence.error + rounding(1, elbo)),
    ]
  }
}
