import Notebook
import TinyNumerics
import ToyModels

extension Chapter3 {
  static func showJensen(in notebook: Notebook) {
    notebook.section("3.9", "Jensen's road to the same bound")
    notebook.text(
      """
      The logarithm is concave: log E_q[w] ≥ E_q[log w] for w = p(x,z)/q(z). The left side is log \
      p(x), the right side the ELBO, and the gap is D(q‖p(z|x)) again. All three by sums or \
      quadratures of their own.
      """)
    let mixture = Example.discreteGuides.prefix(3).map { name, q in
      row(Example.mixture, Example.number, q, name)
    }
    let gaussian = row(
      Example.plane, Example.triple, Example.gaussianGuides[2].q, Example.gaussianGuides[2].name)
    let neural = [0, 2].map { k in
      row(
        Example.neural, Example.crossing, Example.normalGuides[k].q, Example.normalGuides[k].name)
    }
    let rows = mixture + [gaussian] + neural
    notebook.table(
      ["model, guide", "log E[w]", "log p(x)", "E[log w]", "gap", "D(q‖p(z|x))"],
      rows.map { row in
        [row.name]
          + [
            row.logOfMean.value, row.evidence.value, row.meanOfLog.value,
            row.logOfMean.value - row.meanOfLog.value, row.divergence.value,
          ].map { $0.decimals(8) }
      })
    notebook.check(.worst(of: rows.map(\.meanCheck)))
    notebook.check(.worst(of: rows.map(\.gapCheck)))
  }

  private static func row<Model: LatentVariableModel>(
    _ model: Model, _ x: Model.Observation, _ q: some LatentDistribution<Model.Latent>,
    _ name: String
  ) -> JensenRow {
    let (logOfMean, meanOfLog) = jensen(model, at: x, guide: q)
    return JensenRow(
      name: "\(model.name), \(name)", logOfMean: logOfMean, meanOfLog: meanOfLog,
      evidence: model.logEvidence(of: x), divergence: q.divergence(from: model.posterior(given: x)))
  }
}

private struct JensenRow {
  let name: String
  let logOfMean: Integral
  let meanOfLog: Integral
  let evidence: Integral
  let divergence: Integral

  var meanCheck: Check {
    .exact(
      "3.9", "log E_q[w] = log p(x), \(name)", logOfMean.value, evidence.value,
      allowance: logOfMean.error + evidence.error + rounding(1, evidence.value))
  }

  var gapCheck: Check {
    .exact(
      "3.9", "log E_q[w] − E_q[log w] = D(q‖p(z|x)), \(name)",
      logOfMean.value - meanOfLog.value, divergence.value,
      allowance: logOfMean.error + meanOfLog.error + divergence.error + rounding(1, meanOfLog.value)
    )
  }
}
