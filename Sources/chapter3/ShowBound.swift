import Notebook
import TinyNumerics
import ToyModels

extension Chapter3 {
  // MARK: 3.7

  static func showFourFaces(in notebook: Notebook) {
    notebook.section("3.7", "Four faces of the ELBO")
    notebook.text(
      """
      The same bound as one expectation, as energy and entropy, as the VAE's reconstruction minus \
      regulariser, and as what is left of the evidence. Entropy and regulariser are formulas, the rest is \
      summed or integrated. Below, the first and the third from draws of q.
      """)
    let rows =
      Example.discreteGuides.dropLast().map { name, q in
        FacesRow(FourFaces(model: Example.mixture, x: Example.number, q: q), name)
      }
      + Example.gaussianGuides.dropLast().map { name, q in
        FacesRow(FourFaces(model: Example.plane, x: Example.triple, q: q), name)
      }
      + Example.normalGuides.map { name, q in
        FacesRow(FourFaces(model: Example.neural, x: Example.crossing, q: q), name)
      }
    notebook.table(
      ["model, guide", "E log(p(x,z)/q)", "E log p(x,z) + H", "E log p(x|z) − D", "log p(x) − D"],
      rows.map { row in [row.name] + row.faces.map(shown) })
    notebook.check(worstOf(rows.flatMap(\.checks)))
    showSampledFaces(in: notebook)
  }

  private static func showSampledFaces(in notebook: Notebook) {
    let faces = FourFaces(
      model: Example.neural, x: Example.crossing, q: Example.normalGuides[1].q)
    var generator = Threefry(seed: notebook.seed, stream: 30_700)
    let draws = notebook.samples(default: 150_000)
    let difference = faces.sampledDifference(draws: draws, using: &generator)
    let reconstruction = faces.sampledReconstruction(draws: draws, using: &generator)
    let exact = faces.energyAndEntropy.value
    notebook.check(
      .monteCarlo(
        "3.7", "mean of log p(x,z) − log q(z) = ELBO, neural", estimate: difference.mean,
        standardError: difference.standardError, exact: exact, promise: 0.01))
    notebook.check(
      .monteCarlo(
        "3.7", "mean of log p(x|z), minus D(q‖p(z)) = ELBO, neural", estimate: reconstruction.mean,
        standardError: reconstruction.standardError, exact: exact, promise: 0.01))
  }

  // MARK: 3.8

  static func showBound(in notebook: Notebook) {
    notebook.section("3.8", "ELBO ≤ log p(x)")
    showImportanceSampling(in: notebook)
    showRandomGuides(in: notebook)
  }

  private static func showImportanceSampling(in notebook: Notebook) {
    notebook.text(
      """
      The bound beside the number that it bounds, three times over: log p(x) estimated by importance \
      sampling, with its standard error, and log p(x) exact. The proposal mixes the guide with the prior \
      (eq. 2.5), so that its weights are bounded and the standard error can be believed.
      """)
    let bounds = importanceBounds(in: notebook)
    notebook.table(
      ["model, guide", "ELBO", "log p(x), importance sampling", "log p(x), exact", "D(q‖p(z|x))"],
      bounds.map { row in
        [
          "\(row.model), \(row.guide)", row.elbo.value.decimals(4),
          "\(row.estimate.decimals(4)) ± \(row.standardError.decimals(4))",
          row.logEvidence.value.decimals(4),
          (row.logEvidence.value - row.elbo.value).decimals(4),
        ]
      })
    for check in bounds.flatMap(\.checks) { notebook.check(check) }
    notebook.gap()
  }

  private static func showRandomGuides(in notebook: Notebook) {
    notebook.text(
      """
      And for guides of every kind, each with an x drawn from its model. No guide comes above log p(x), and \
      only the posterior reaches it: by Pinsker's inequality (eq. 1.12) the gap is at least 2 V² when q and \
      the posterior are V apart in total variation.
      """)
    var generator = Threefry(seed: notebook.seed, stream: 30_800)
    let bounds = RandomBounds(count: 4000, neuralObservations: 20, using: &generator)
    for (name, cases) in [
      ("mixture", bounds.mixture), ("linear-Gaussian", bounds.gaussian), ("neural", bounds.neural),
    ] {
      let tightest = cases.min { $0.margin < $1.margin }!
      notebook.check(
        .bound(
          "3.8", "ELBO ≤ log p(x), the tightest of \(cases.count) random guides: \(name)",
          lower: tightest.elbo, upper: tightest.logEvidence))
    }
    let pinsker = zip(bounds.mixture, bounds.totalVariations).map { ($0.margin, 2 * $1 * $1) }
    let tightest = pinsker.min { $0.0 / $0.1 < $1.0 / $1.1 }!
    notebook.check(
      .bound(
        "3.8", "2 V² ≤ log p(x) − ELBO, the tightest of \(pinsker.count): mixture",
        lower: tightest.1, upper: tightest.0))
    let model = Example.plane
    notebook.check(
      .exact(
        "3.8", "equality at q = p(z|x), linear-Gaussian",
        QuadraticJoint(model, at: Example.triple).elbo(model.posterior(given: Example.triple)),
        model.logEvidence(of: Example.triple).value,
        allowance: rounding(model.logEvidence(of: Example.triple).value)))
  }

  // MARK: 3.9

  static func showJensen(in notebook: Notebook) {
    notebook.section("3.9", "Jensen's road to the same bound")
    notebook.text(
      """
      The logarithm is concave: log E_q[w] ≥ E_q[log w] for w = p(x,z)/q(z). The left side is log p(x), the \
      right side the ELBO, and the gap is D(q‖p(z|x)) again. All three by sums or quadratures of their own.
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
    notebook.check(worstOf(rows.map(\.meanCheck)))
    notebook.check(worstOf(rows.map(\.gapCheck)))
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

private struct FacesRow {
  let name: String
  let faces: [Integral]
  private let entropy: Double

  init<Model>(_ faces: FourFaces<Model>, _ name: String) {
    self.name = "\(faces.model.name), \(name)"
    self.faces = [
      faces.difference, faces.energyAndEntropy, faces.reconstructionAndRegulariser,
      faces.evidenceMinusGap,
    ]
    entropy = faces.q.entropy
  }

  /// The first face against each of the others.
  var checks: [Check] {
    faces.dropFirst().map { other in
      .exact(
        "3.7", "four faces of the ELBO, worst pair: \(name)", faces[0].value, other.value,
        allowance: faces[0].error + other.error + rounding(faces[0].value, entropy))
    }
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
      "3.9", "log E_q[w] = log p(x), worst case: \(name)", logOfMean.value, evidence.value,
      allowance: logOfMean.error + evidence.error + rounding(evidence.value))
  }

  var gapCheck: Check {
    .exact(
      "3.9", "log E_q[w] − E_q[log w] = D(q‖p(z|x)), worst case: \(name)",
      logOfMean.value - meanOfLog.value, divergence.value,
      allowance: logOfMean.error + meanOfLog.error + divergence.error + rounding(meanOfLog.value))
  }
}

/// Two guides for each model but the mixture, where one is enough.
func importanceBounds(in notebook: Notebook) -> [ImportanceBound] {
  func generator(_ k: UInt64) -> Threefry { Threefry(seed: notebook.seed, stream: 30_800 + k) }
  let (discrete, gaussian, normal) = (
    Example.discreteGuides[1], Example.gaussianGuides, Example.normalGuides[1]
  )
  return [
    ImportanceBound(
      Example.mixture, at: Example.number, guide: discrete.q, named: discrete.name,
      draws: notebook.samples(default: 40_000), generator: generator(1)),
    ImportanceBound(
      Example.plane, at: Example.triple, guide: gaussian[1].q, named: gaussian[1].name,
      draws: notebook.samples(default: 150_000), generator: generator(2)),
    ImportanceBound(
      Example.plane, at: Example.triple, guide: gaussian[2].q, named: gaussian[2].name,
      draws: notebook.samples(default: 40_000), generator: generator(3)),
    ImportanceBound(
      Example.neural, at: Example.crossing, guide: normal.q, named: normal.name,
      priorShare: 0.5, promise: 0.1, draws: notebook.samples(default: 40_000),
      generator: generator(4)),
    ImportanceBound(
      Example.neural, at: Example.crossing, guide: Example.twoPeaks, named: "on both peaks",
      draws: notebook.samples(default: 25_000), generator: generator(5)),
  ]
}
