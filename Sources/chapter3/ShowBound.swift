import Notebook
import TinyNumerics
import ToyModels

extension Chapter3 {
  static func showBound(in notebook: Notebook) {
    notebook.section("3.8", "ELBO ≤ log p(x)")
    showImportanceSampling(in: notebook)
    showRandomGuides(in: notebook)
  }

  static func showImportanceSampling(in notebook: Notebook) {
    notebook.text(
      """
      The bound beside the number that it bounds, three times over: log p(x) estimated by \
      importance sampling, with its standard error, and log p(x) exact. The proposal mixes the \
      guide with the prior (eq. 2.5), so that its weights are bounded and the standard error can \
      be believed. The guide on one peak meets the other peak only through the prior: its weights \
      have a relative variance of ten, and its check promises 10% where the others promise 1%.
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
      And for guides of every kind, each with an x drawn from its model. No guide comes above log \
      p(x), and only the posterior reaches it: by Pinsker's inequality (eq. 1.12) the gap is at \
      least 2 V² when q and the posterior are V apart in total variation.
      """)
    var generator = Threefry(seed: notebook.seed, row: 8)
    let bounds = RandomBounds(count: 4000, neuralObservations: 5, using: &generator)
    for (name, cases) in [
      ("mixture", bounds.mixture), ("linear-Gaussian", bounds.gaussian), ("neural", bounds.neural),
    ] {
      let tightest = cases.min { $0.margin.value < $1.margin.value }!
      notebook.check(
        .bound(
          "3.8", "ELBO ≤ log p(x), the tightest of \(cases.count) random guides: \(name)",
          lower: tightest.elbo.value, upper: tightest.logEvidence.value))
      notebook.check(.worst(of: cases.map(\.check)))
    }
    let pinsker = zip(bounds.mixture, bounds.totalVariations).map {
      ($0.margin.value, 2 * $1.halfSum * $1.halfSum)
    }
    let tightest = pinsker.min { $0.0 / $0.1 < $1.0 / $1.1 }!
    notebook.check(
      .bound(
        "3.8", "2 V² ≤ log p(x) − ELBO, the tightest of \(pinsker.count): mixture",
        lower: tightest.1, upper: tightest.0))
    notebook.check(
      .worst(
        "3.8", "V = ½ Σ |q − p(z|x)| = 1 − Σ min(q, p(z|x))",
        of: bounds.totalVariations.map { ($0.halfSum, $0.overlap, rounding(1)) }))
    let model = Example.plane
    notebook.check(
      .exact(
        "3.8", "equality at q = p(z|x), linear-Gaussian",
        QuadraticJoint(model, at: Example.triple).elbo(model.posterior(given: Example.triple)),
        model.logEvidence(of: Example.triple).value,
        allowance: rounding(1, model.logEvidence(of: Example.triple).value)))
  }
}

/// Two guides for each model but the mixture, where one is enough.
func importanceBounds(in notebook: Notebook) -> [ImportanceBound] {
  func generator(_ part: Int) -> Threefry { Threefry(seed: notebook.seed, row: 8, part: part) }
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
