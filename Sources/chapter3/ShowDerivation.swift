import Notebook
import TinyNumerics
import ToyModels

extension Chapter3 {
  /// 3.1–3.6.
  static func showDerivation(in notebook: Notebook) {
    notebook.section("3.1–3.6", "The derivation, line by line")
    notebook.text(
      """
      Post K starts from D(q‖p(z|x)), which nobody can compute, and ends with log p(x) = ELBO + D. \
      Here is every line of that derivation, evaluated for three models and several guides q. All \
      sums are over z.
      """)
    notebook.verbatim(
      """
      3.1  D = −Σ q log( p(z|x) / q )                   the definition
      3.2    = −Σ q log( p(x,z) / (q p(x)) )            Bayes' rule put in
      3.3    = −[ Σ q log( p(x,z)/q ) − Σ q log p(x) ]  the logarithm split
      3.4      Σ q log p(x) = log p(x)                  because Σ q = 1
      3.5    = log p(x) − Σ q log( p(x,z)/q )           two terms are left
      3.6  log p(x) = ELBO + D,   ELBO = Σ q log( p(x,z)/q )
      """)
    let rows = derivationRows()
    showLines(rows, in: notebook)
    showRearranged(rows, in: notebook)
    let peak = RightPeak()
    notebook.text(
      """
      The neural posterior has two peaks. The right one holds \(peak.share.value.decimals(3)) of \
      it. A guide on it alone pays −log \(peak.share.value.decimals(3)) = \
      \((-peak.share.logarithm).value.decimals(3)) for the other one and \
      \(peak.shape.value.decimals(3)) for the shape of its own; a wide guide pays for the valley \
      between them, and a peak each for both costs next to nothing.
      """)
    for check in derivationChecks(rows) { notebook.check(check) }
    let onePeak = rows.first { $0.guide == Example.normalGuides[1].name }!.lines[0]
    let parts = peak.shape - peak.share.logarithm
    notebook.check(
      .exact(
        "3.1", "D = −log ω + D(q‖p(z|x, z > 0)), neural, on one peak", onePeak.value, parts.value,
        allowance: onePeak.error + parts.error + rounding(1, parts.value)))
    let posterior = Example.neural.posterior(given: Example.crossing)
    let overlapping = DefensiveMixture(
      of: Example.normalGuides[2].q, and: Normal.standard, priorShare: 0.3)
    let (whole, byParts) = (
      overlapping.divergence(from: posterior), overlapping.divergenceByParts(from: posterior)
    )
    notebook.check(
      .exact(
        "3.1", "D peak by peak, where two normals overlap: wide and prior, neural", whole.value,
        byParts.value, allowance: whole.error + byParts.error + rounding(1, whole.value)))
  }

  private static func showLines(_ rows: [DerivationRow], in notebook: Notebook) {
    notebook.text(
      """
      Four ways to the same divergence, so each row should repeat one number. The posterior of 3.1 \
      is normalised by a route of its own; log p(x) in the other lines is another computation.
      """)
    notebook.table(
      ["model, guide", "3.1", "3.2", "3.3", "3.5"],
      rows.map { row in
        ["\(row.model), \(row.guide)"] + row.lines.map { shown($0) }
      })
  }

  private static func showRearranged(_ rows: [DerivationRow], in notebook: Notebook) {
    notebook.text("Rearranged: whatever the guide, ELBO and D add up to the same log p(x).")
    notebook.table(
      ["model, guide", "ELBO", "D(q‖p(z|x))", "ELBO + D", "log p(x)"],
      rows.map { row in
        ["\(row.model), \(row.guide)"]
          + [row.elbo, row.lines[0], row.boundPlusGap, row.evidence].map { shown($0) }
      })
  }
}

/// Eight decimals; what is zero but for rounding is shown without a sign.
func shown(_ integral: Integral) -> String {
  (abs(integral.value) < 1e-12 ? 0 : integral.value).decimals(8)
}

/// One check a line: the case, of all models and guides, in which it fits the line before least
/// well.
func derivationChecks(_ rows: [DerivationRow]) -> [Check] {
  func worst(
    _ label: String, _ identity: String, _ sides: (DerivationRow) -> (Integral, Integral)
  ) -> Check {
    .worst(
      of: rows.map { row in
        let (lhs, rhs) = sides(row)
        return Check.exact(
          label, "\(identity), \(row.model), \(row.guide)", lhs.value,
          rhs.value,
          allowance: lhs.error + rhs.error + rounding(1, row.evidence.value, row.elbo.value))
      })
  }
  return [
    worst("3.1", "−Σ q log(p(z|x)/q) = D by another formula") { ($0.lines[0], $0.divergence) },
    worst("3.2", "Bayes put in = 3.1") { ($0.lines[1], $0.lines[0]) },
    worst("3.3", "the logarithm split = 3.2") { ($0.lines[2], $0.lines[1]) },
    worst("3.4", "Σ q log p(x) = log p(x), by another route") {
      ($0.evidenceUnderTheSum, $0.evidenceByAnotherRoute)
    },
    worst("3.5", "log p(x) − Σ q log(p(x,z)/q) = 3.3") { ($0.lines[3], $0.lines[2]) },
    worst("3.6", "log p(x) = ELBO + D(q‖p(z|x))") { ($0.evidence, $0.boundPlusGap) },
  ]
}
