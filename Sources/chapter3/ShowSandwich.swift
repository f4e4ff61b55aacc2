import Notebook
import TinyNumerics
import ToyModels

extension Chapter3 {
  static func showSandwich(in notebook: Notebook) {
    notebook.section("3.16", "The sandwich")
    notebook.text(
      """
      The same log w, averaged over q, is below log p(x); averaged over the posterior, above it. \
      The lower gap is D(q‖p(z|x)), the upper one D(p(z|x)‖q).
      """)
    let rows = sandwichRows()
    notebook.table(
      ["model, guide", "E_q[log w]", "log p(x)", "E_p(z|x)[log w]", "D(q‖p)", "D(p‖q)"],
      rows.map { row in
        [row.name]
          + [
            row.lower.value, row.evidence.value, row.upper.value,
            row.evidence.value - row.lower.value, row.upper.value - row.evidence.value,
          ].map { $0.decimals(6) }
      })
    notebook.check(.worst(of: rows.map(\.lowerCheck)))
    notebook.check(.worst(of: rows.map(\.upperCheck)))
    let tightest = rows.min { $0.margin < $1.margin }!
    notebook.check(
      .bound(
        "3.16", "E_q[log w] ≤ log p(x), tightest: \(tightest.name)", lower: tightest.lower.value,
        upper: tightest.evidence.value))
    let above = rows.min { $0.upperMargin < $1.upperMargin }!
    notebook.check(
      .bound(
        "3.16", "log p(x) ≤ E_p(z|x)[log w], tightest: \(above.name)", lower: above.evidence.value,
        upper: above.upper.value))
    showSimulatedSandwich(in: notebook)
  }

  static func showSimulatedSandwich(in notebook: Notebook) {
    notebook.gap()
    notebook.text(
      """
      On simulated data the upper side needs no posterior sampler: the z that made x *is* a \
      posterior draw. Pairs (z, x) from the one-latent model, a linear encoder that is a little \
      wrong, and the mean of log w − log p(x) at the true z and at a draw of the encoder:
      """)
    let simulation = SimulatedSandwich(
      model: Example.line, slope: 0.9, offset: 0.05, varianceRatio: 1.3)
    let (gaps, averaged) = (simulation.gaps, simulation.averagedGaps)
    notebook.check(
      .worst(
        of: [(gaps.upper, averaged.upper), (gaps.lower, averaged.lower)].map { formula, average in
          .exact(
            "3.16", "E_x D by a formula = D averaged over the posterior's mean, simulated", formula,
            average.value, allowance: average.error + rounding(1, formula))
        }))
    var generator = Threefry(seed: notebook.seed, row: 16)
    var (upper, lower) = (Estimate(), Estimate())
    for _ in 0..<notebook.samples(default: 100_000) {
      let draw = simulation.draw(using: &generator)
      upper.add(draw.upper)
      lower.add(draw.lower)
    }
    notebook.check(
      .monteCarlo(
        "3.16", "upper bound − log p(x) = E_x D(p(z|x)‖q), simulated", estimate: upper.mean,
        standardError: upper.standardError, exact: gaps.upper, promise: 0.01))
    notebook.check(
      .monteCarlo(
        "3.16", "lower bound − log p(x) = −E_x D(q‖p(z|x)), simulated", estimate: lower.mean,
        standardError: lower.standardError, exact: -gaps.lower, promise: 0.01))
  }
}

/// A sandwich with the two divergences that should fill it, from formulas or other quadratures.
private struct SandwichRow {
  let name: String
  let lower: Integral
  let upper: Integral
  let evidence: Integral
  let below: Integral
  let above: Integral

  var margin: Double { evidence.value - lower.value }
  var upperMargin: Double { upper.value - evidence.value }

  var lowerCheck: Check {
    .exact(
      "3.16", "log p(x) − E_q[log w] = D(q‖p(z|x)), \(name)", margin, below.value,
      allowance: lower.error + evidence.error + below.error + rounding(1, lower.value))
  }

  var upperCheck: Check {
    .exact(
      "3.16", "E_p(z|x)[log w] − log p(x) = D(p(z|x)‖q), \(name)", upperMargin, above.value,
      allowance: upper.error + evidence.error + above.error + rounding(1, upper.value))
  }
}

private func sandwichRows() -> [SandwichRow] {
  func row<Model: LatentVariableModel>(
    _ model: Model, _ x: Model.Observation, _ q: some LatentDistribution<Model.Latent>,
    _ name: String, below: Integral, above: Integral
  ) -> SandwichRow {
    let (lower, upper) = sandwich(model, at: x, guide: q)
    return SandwichRow(
      name: "\(model.name), \(name)", lower: lower, upper: upper,
      evidence: model.logEvidence(of: x), below: below, above: above)
  }
  let discrete = Example.mixture.posterior(given: Example.number)
  let gaussian = Example.plane.posterior(given: Example.triple)
  return Example.discreteGuides.prefix(3).map { name, q in
    row(
      Example.mixture, Example.number, q, name,
      below: Integral(exactly: klDivergence(q, relativeTo: discrete)),
      above: Integral(exactly: klDivergence(discrete, relativeTo: q)))
  }
    + Example.gaussianGuides.prefix(3).map { name, q in
      row(
        Example.plane, Example.triple, q, name,
        below: Integral(exactly: klDivergence(q, relativeTo: gaussian)),
        above: Integral(exactly: klDivergence(gaussian, relativeTo: q)))
    }
    + [0, 2].map { k in
      let (name, q) = Example.normalGuides[k]
      let (below, above) = neuralDivergences(q)
      return row(Example.neural, Example.crossing, q, name, below: below, above: above)
    }
}

/// D(q ‖ p(z|x)) and D(p(z|x) ‖ q) of the neural model by double exponential quadrature over z, the
/// posterior normalised by a rule of its own.
private func neuralDivergences(_ q: Normal) -> (below: Integral, above: Integral) {
  let posterior = Example.neural.posterior(given: Example.crossing)
  let below = integrate(over: -14...14) { z in
    q.density(z) * (q.logDensity(z) - posterior.logDensity(z))
  }
  let above = integrate(over: -8...8) { z in
    let logDensity = posterior.logDensity(z)
    return exp(logDensity) * (logDensity - q.logDensity(z))
  }
  return (below, above)
}
