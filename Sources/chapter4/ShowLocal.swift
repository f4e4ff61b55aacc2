import Notebook
import TinyNumerics
import ToyModels

// 4.1 and 4.2: what can be had without a network, and what a network leaves.

extension Study {
  /// Where f_θ crosses itself: an x with two explanations.
  static let crossing = SIMD2(0.48, 0.30)

  // MARK: 4.1

  func showLocal(in notebook: Notebook) {
    notebook.section("4.1", "Without amortization: one λ for each data point")
    notebook.text(
      """
      \(training.count) draws of x from the neural model. Each gets its own λ = (µ, log σ²) and is \
      optimised alone: BFGS on the exact ELBO (a sum over 48 nodes of the noise, no sampling), \
      from every peak of its posterior and from the best guides of three larger widths; the best \
      climb counts. log p(x) is another quadrature, D(q‖p(z|x)) a third.
      """)
    let examples = DataSet(of: model, x: [Study.crossing] + training.x.prefix(4))
    notebook.table(
      ["x", "log p(x)", "µ*", "σ*", "ELBO(λ*)", "what is missing"],
      examples.x.indices.map { i in
        let (optimum, evidence) = (examples.optima[i], examples.logEvidence[i].value)
        return [
          examples.x[i].pair, evidence.decimals(4), optimum.guide.mean.decimals(3),
          optimum.guide.standardDeviation.decimals(3), optimum.elbo.decimals(4),
          (evidence - optimum.elbo).decimals(4),
        ]
      })
    checkTable(examples, in: notebook)
    checkLocalBound(in: notebook)
    checkLocalOptima(in: notebook)
  }

  private func checkTable(_ examples: DataSet, in notebook: Notebook) {
    let gaps = Gaps(of: examples.bestGuides, on: examples, decoder: decoder)
    notebook.check(
      .worst(
        "4.1", "what is missing in the table = D(N(µ*, σ*²) ‖ p(z|x))",
        of: examples.x.indices.map {
          (gaps.approximation[$0], gaps.divergence[$0].value, gaps.allowance($0))
        }))
  }

  private func checkLocalBound(in notebook: Notebook) {
    let gaps = Gaps(of: training.bestGuides, on: training, decoder: decoder)
    let evidence = total(training.logEvidence.map(\.value))
    let elbo = total(training.optima.map(\.elbo))
    notebook.check(
      .exact(
        "4.1", "log p(X) − Σ ELBO(λ_i; x_i) = Σ D(N(µ_i, σ_i²) ‖ p(z|x_i))", evidence - elbo,
        total(gaps.divergence.map(\.value)),
        allowance: total(training.x.indices.map(gaps.allowance))))
    notebook.check(
      .bound(
        "4.1", "each ELBO(λ_i; x_i) ≤ log p(x_i): the smallest of \(training.count) differences",
        lower: 0, upper: gaps.approximation.min() ?? .nan))
    let line = LinearGaussianModel.line
    var generator = Threefry(seed: seed, row: 1, part: 1)
    let data = (0..<20).map { _ in line.sample(using: &generator).x }
    let exact = data.map { line.logEvidence(of: $0).value }
    notebook.check(
      .exact(
        "4.1", "linear-Gaussian model, N = 20: Σ ELBO(λ_i*; x_i) = log p(X), nothing is missing",
        total(data.map { localOptimum(of: $0, model: line).value }), total(exact),
        allowance: rounding(total(exact.map(abs)))))
  }

  /// That the climbs ended on a summit, on the highest one, and in no other place than together.
  private func checkLocalOptima(in notebook: Notebook) {
    let data = training.x + heldOut.x
    let optima = training.optima + heldOut.optima
    notebook.check(
      .worst(
        "4.1", "E_q[f(z)ε]/σ = 0 and ½(E_q[f(z)(ε² − 1)] + 1) = 0 at λ*, f = log p(x, z)",
        of: zip(data, optima).flatMap { x, optimum in
          slopesByScore(of: optimum.guide, at: x, model: model).map {
            ($0.value, 0, allowance: gradientTolerance + $0.error)
          }
        }))
    let lattice = GuideLattice.fine(of: model)
    let excess = zip(data, optima).map { lattice.largestELBO(for: $0) - $1.elbo }
    notebook.check(
      .bound(
        "4.1",
        "the best of \(lattice.count) guides on a lattice of (µ, σ) never beats an optimum: "
          + "largest excess",
        lower: excess.max() ?? .nan, upper: 0))
    let few = 6
    let alone = training.optima.prefix(few)
    let start = alone.flatMap {
      [$0.lambda[0] + 0.1 * $0.guide.standardDeviation, $0.lambda[1] - 0.1]
    }
    let together = jointOptimum(of: Array(training.x.prefix(few)), decoder: decoder, from: start)
    let sum = total(alone.map(\.elbo))
    notebook.check(
      .exact(
        "4.1", "\(few) data points, one climb in \(2 * few) variables = \(few) climbs in 2",
        together.value, sum, allowance: rounding(4 * Double(few), sum, terms: few * 48)))
  }

  // MARK: 4.2

  func showGaps(in notebook: Notebook) {
    notebook.section("4.2", "What a guide misses: an approximation gap and an amortization gap")
    notebook.text(
      """
      log p(x) − ELBO(q_φ; x) = [log p(x) − max ELBO(λ; x)] + [max ELBO(λ; x) − ELBO(q_φ; x)]: \
      what no Gaussian can reach, and what the network does not reach for this x. The sum is \
      D(q_φ‖p(z|x)), which has a quadrature of its own. Here for a linear guide, trained as in 4.4:
      """)
    let shown = seen[1]  // the linear guide's
    notebook.table(
      ["x", "approximation", "amortization", "D(q_φ‖p(z|x))", "difference", "allowed"],
      (0..<5).map { i in
        [
          training.x[i].pair, shown.approximation[i].decimals(6), shown.amortization[i].decimals(6),
          shown.divergence[i].value.decimals(6), shown.residual(i).scientific,
          shown.allowance(i).scientific,
        ]
      })
    checkGaps(in: notebook)
  }

  private func checkGaps(in notebook: Notebook) {
    let cases = seen.count * training.count
    notebook.check(
      .worst(
        "4.2", "D = approximation gap + amortization gap, all five guides",
        of: seen.flatMap(\.cases)))
    notebook.check(
      .bound(
        "4.2", "the smallest amortization gap of \(cases) is not negative", lower: 0,
        upper: seen.flatMap(\.amortization).min() ?? .nan))
  }
}
