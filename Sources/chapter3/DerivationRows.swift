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

/// The right-hand peak of the neural posterior, and the guide on it: if q lives where z > 0 only,
/// D(q ‖ p(z|x)) = −log ω + D(q ‖ p(z|x, z > 0)) with ω = P(z > 0 | x).
struct RightPeak {
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
