import Foundation
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
    _ derivation: Derivation<Model, Guide>, guide: String, divergence: Integral
  ) {
    model = derivation.model.name
    self.guide = guide
    lines = [
      derivation.definition, derivation.bayesPutIn, derivation.logarithmSplit,
      derivation.evidenceTakenOut,
    ]
    self.divergence = divergence
    evidence = derivation.logEvidence
    evidenceByAnotherRoute = derivation.model.logEvidenceByAnotherRoute(of: derivation.x)
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
  return Example.discreteGuides.map { name, q in
    DerivationRow(
      Derivation(Example.mixture, at: Example.number, guide: q), guide: name,
      divergence: exactly(klDivergence(q, relativeTo: posterior)))
  }
}

private func gaussianRows() -> [DerivationRow] {
  let posterior = Example.plane.posterior(given: Example.triple)
  return Example.gaussianGuides.map { name, q in
    DerivationRow(
      Derivation(Example.plane, at: Example.triple, guide: q), guide: name,
      divergence: exactly(klDivergence(q, relativeTo: posterior)))
  }
}

/// Here D has no closed form: cross-entropy minus entropy (eq. 1.1), by another quadrature.
private func neuralRows() -> [DerivationRow] {
  let posterior = Example.neural.posterior(given: Example.crossing)
  let guides = Example.normalGuides.map { name, q in
    let crossEntropy = -gridExpectation(under: q, of: posterior.logDensity)
    return DerivationRow(
      Derivation(Example.neural, at: Example.crossing, guide: q), guide: name,
      divergence: crossEntropy - exactly(q.entropy))
  }
  let twoPeaks = Example.twoPeaks
  let sum = [twoPeaks.guide, twoPeaks.prior].map { peak in
    gridExpectation(under: peak) { twoPeaks.logDensity($0) - posterior.logDensity($0) }.value
  }
  let both = DerivationRow(
    Derivation(Example.neural, at: Example.crossing, guide: twoPeaks),
    guide: "on both peaks", divergence: exactly(0.5 * (sum[0] + sum[1])))
  let itself = DerivationRow(
    Derivation(Example.neural, at: Example.crossing, guide: posterior),
    guide: "the posterior p(z|x)", divergence: exactly(0))
  return guides + [both, itself]
}

func exactly(_ value: Double) -> Integral { Integral(value: value, error: 0, evaluations: 1) }

/// E_q[f] by equally spaced nodes over ten standard deviations to either side.
func gridExpectation(under q: Normal, of f: (Double) -> Double) -> Integral {
  Grid(over: -10...10, count: 200).integrate { u in
    Normal.standard.density(u) * f(q.mean + q.standardDeviation * u)
  }
}

extension Chapter3 {
  /// 3.1–3.6.
  static func showDerivation(in notebook: Notebook) {
    notebook.section("3.1–3.6", "The derivation, line by line")
    notebook.text(
      """
      Post K starts from D(q‖p(z|x)), which nobody can compute, and ends with log p(x) = ELBO + D. Here is \
      every line of that derivation, evaluated for three models and several guides q. All sums are over z.
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
    notebook.text(
      """
      The neural posterior has two peaks. A narrow guide on the one with 0.47 of the mass pays about \
      −log 0.47 = 0.76 nats, a wide one that covers the valley between them pays fourteen, and a peak each for \
      both costs next to nothing.
      """)
    for check in derivationChecks(rows) { notebook.check(check) }
  }

  private static func showLines(_ rows: [DerivationRow], in notebook: Notebook) {
    notebook.text(
      """
      Four ways to the same divergence, so each row should repeat one number. The posterior of 3.1 is \
      normalised by a route of its own; log p(x) in the other lines is another computation.
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

/// One check a line: the case, of all models and guides, in which it fits the line before least well.
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
