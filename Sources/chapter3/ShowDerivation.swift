import Notebook
import TinyNumerics
import ToyModels

/// The lines of one derivation as numbers, whatever the model's latents are.
struct DerivationRow {
  let model: String
  let guide: String
  /// 3.1, 3.2, 3.3 and 3.5: four times D(q ‖ p(z|x)).
  let lines: [Integral]
  /// 3.1 once more, by a formula or sum of its own.
  let divergence: Integral
  let evidence: Integral
  let evidenceByAnotherRoute: Integral
  let evidenceUnderTheSum: Integral
  let elbo: Integral
  let boundPlusGap: Integral

  init<Model, Guide>(
    _ derivation: Derivation<Model, Guide>, guide: String, divergence: Integral,
    evidenceByAnotherRoute: Integral
  ) {
    model = derivation.model.name
    self.guide = guide
    lines = [
      derivation.definition, derivation.bayesPutIn, derivation.logarithmSplit,
      derivation.evidenceTakenOut,
    ]
    self.divergence = divergence
    evidence = derivation.logEvidence
    self.evidenceByAnotherRoute = evidenceByAnotherRoute
    evidenceUnderTheSum = derivation.evidenceUnderTheSum
    elbo = derivation.elbo
    boundPlusGap = derivation.boundPlusGap
  }
}

/// Three models, each with its guides.
func derivationRows() -> [DerivationRow] {
  mixtureRows() + gaussianRows() + neuralRows()
}

private func mixtureRows() -> [DerivationRow] {
  let posterior = Example.mixture.posterior(given: Example.number)
  let evidence = Example.mixture.logEvidenceBySlope(at: Example.number)
  return Example.discreteGuides.map { name, q in
    DerivationRow(
      Derivation(Example.mixture, at: Example.number, guide: q), guide: name,
      divergence: Integral(exactly: klDivergence(q, relativeTo: posterior)),
      evidenceByAnotherRoute: evidence)
  }
}

private func gaussianRows() -> [DerivationRow] {
  let posterior = Example.plane.posterior(given: Example.triple)
  let evidence = Example.plane.logEvidenceByAnotherRoute(of: Example.triple)
  return Example.gaussianGuides.map { name, q in
    DerivationRow(
      Derivation(Example.plane, at: Example.triple, guide: q), guide: name,
      divergence: Integral(exactly: klDivergence(q, relativeTo: posterior)),
      evidenceByAnotherRoute: evidence)
  }
}

/// Here D has no closed form: cross-entropy minus entropy (eq. 1.1), on another grid; for two
/// peaks, peak by peak; for the posterior on another grid, 0.
private func neuralRows() -> [DerivationRow] {
  let posterior = Example.neural.posterior(given: Example.crossing)
  let evidence = Example.neural.logEvidenceByAnotherRoute(of: Example.crossing)
  func row(_ name: String, _ q: some LatentDistribution<Double>, _ divergence: Integral)
    -> DerivationRow
  {
    DerivationRow(
      Derivation(Example.neural, at: Example.crossing, guide: q), guide: name,
      divergence: divergence, evidenceByAnotherRoute: evidence)
  }
  return Example.normalGuides.map { name, q in
    let crossEntropy = -gridExpectation(under: q, of: posterior.logDensity)
    return row(name, q, crossEntropy - Integral(exactly: q.entropy))
  } + [
    row(
      "on both peaks", Example.twoPeaks, Example.twoPeaks.divergenceByParts(from: posterior)),
    row(
      "the posterior p(z|x)", Example.neural.posteriorOnAnotherGrid(given: Example.crossing),
      Integral(exactly: 0)),
  ]
}

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

/// The right-hand peak of the neural posterior, and the guide on it: if q lives where z > 0 only,
/// D(q ‖ p(z|x)) = −log ω + D(q ‖ p(z|x, z > 0)) with ω = P(z > 0 | x).
private struct RightPeak {
  let share: Integral
  let shape: Integral

  init() {
    let (model, x, q) = (Example.neural, Example.crossing, Example.normalGuides[1].q)
    let posterior = model.posterior(given: x)
    share = integrate(over: 0...8) { z in exp(posterior.logDensity(z)) }
    let logMass = logIntegralExp(over: 0...8) { z in model.logJoint(x, z) }
    shape =
      gridExpectation(under: q) { z in q.logDensity(z) - model.logJoint(x, z) } + logMass
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
