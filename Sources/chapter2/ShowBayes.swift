import Notebook
import TinyNumerics
import ToyModels

// Rows 2.1 to 2.3: Bayes' rule, the posterior's mass, the evidence by quadrature.

extension Chapter2 {
  static func showBayesRule(in notebook: Notebook) {
    notebook.section("2.1", "Bayes' rule: p(z|x) p(x) = p(x|z) p(z)")
    notebook.text(
      """
      Three models whose evidence is known. *Mixture*: z is one of three classes. \
      *Linear-Gaussian*: z is a point, x = Wz + b + noise. *Neural*: z is a number, two small \
      networks give the mean and the variance of a point x. In logarithms (nats) the two sides of \
      Bayes' rule are sums. The posterior knows neither p(x) nor the densities at the right: it \
      comes from odds between classes, from a Cholesky factor in the space of z (p(x) has its own \
      in the space of x), from the page's formulas and another quadrature rule.
      """)
    let mixture = bayesRule(of: Examples.mixture, Examples.mixture.posterior)
    let line = bayesRule(of: Examples.line, Examples.line.posterior)
    let plane = bayesRule(of: Examples.plane, Examples.plane.posterior)
    let neural = bayesRule(of: Examples.neural, ribbonPosterior(given: Examples.neural.x))
    notebook.table(
      ["model", "z", "log p(z|x)", "+ log p(x)", "log p(x|z)", "+ log p(z)", "difference"],
      rows(Examples.mixture.name, mixture, shown: [0, 1, 2])
        + rows(Examples.line.name, line, shown: [12, 20])
        + rows(Examples.plane.name, plane, shown: [70, 100])
        + rows(Examples.neural.name, neural, shown: [56, 80, 107]))
    check(Examples.mixture.name, mixture, in: notebook)
    check(Examples.line.name, line, in: notebook)
    check(Examples.plane.name, plane, in: notebook)
    check(Examples.neural.name, neural, in: notebook)
    let allowances =
      mixture.map(\.allowance) + line.map(\.allowance) + plane.map(\.allowance)
      + neural.map(\.allowance)
    notebook.check(
      .bound(
        "2.1", "no error that a rule says it has allows for more than 10⁻⁹ in these checks",
        lower: allowances.max() ?? .nan, upper: 1e-9))
    checkLineByHand(in: notebook)
  }

  /// A = 1.235/0.14 and h = 1.08/0.14, with |Σ| = 0.14.
  private static func checkLineByHand(in notebook: Notebook) {
    let posterior = Examples.line.posterior
    let own = posterior.expectation {
      ($0[0] - posterior.mean[0]) * ($0[0] - posterior.mean[0])
    }
    notebook.check(
      .worst(
        "2.1", "the line by hand: mean 1.08/1.375, variance 0.14/1.375, also by its own rule",
        of: [
          (posterior.mean[0], 1.08 / 1.375), (posterior.covariance[0, 0], 0.14 / 1.375),
          (own.value, 0.14 / 1.375),
        ].map { ($0, $1, rounding($1)) }))
  }

  private static func bayesRule<Model>(
    of example: Example<Model>, _ posterior: some LatentDistribution<Model.Latent>
  ) -> [BayesRule<Model.Latent>] {
    chapter2.bayesRule(
      of: example.model, at: example.x, latents: example.latents, posterior: posterior)
  }

  private static func rows<Latent>(
    _ name: String, _ rule: [BayesRule<Latent>], shown: [Int]
  ) -> [[String]] {
    shown.map { i in
      let row = rule[i]
      return [name, text(row.z)]
        + [row.logPosterior, row.logEvidence, row.logLikelihood, row.logPrior].map {
          $0.decimals(5)
        } + [(row.left - row.right).scientific]
    }
  }

  private static func text<Latent>(_ z: Latent) -> String {
    switch z {
    case let z as Double: z.decimals(2)
    case let z as [Double]: "(" + z.map { $0.decimals(2) }.joined(separator: ", ") + ")"
    default: "class \(z)"
    }
  }

  /// The z at which the two sides differ most, measured by what is allowed there.
  private static func check<Latent>(
    _ name: String, _ rule: [BayesRule<Latent>], in notebook: Notebook
  ) {
    let worst = rule.max {
      abs($0.left - $0.right) / $0.allowance < abs($1.left - $1.right) / $1.allowance
    }
    guard let worst else { return }
    notebook.check(
      .exact(
        "2.1", "\(name): worst of \(rule.count) z, at z = \(text(worst.z))", worst.left,
        worst.right, allowance: worst.allowance))
  }

  static func showPosteriorMass(in notebook: Notebook) {
    notebook.section("2.2", "The posterior integrates to 1")
    notebook.text(
      """
      That must be tested with a normaliser from one rule and an integral from another: a sum that \
      is divided by itself is 1 whatever it has missed.
      """)
    let masses = [
      (
        "mixture: Σ p(z|x), each class from its own odds",
        posteriorMass(of: Examples.mixture.model, given: Examples.mixture.x)
      ),
      (
        "linear-Gaussian, D = 1: determinant against equally spaced nodes",
        posteriorMass(of: Examples.line.model, given: Examples.line.x)
      ),
      (
        "linear-Gaussian, D = 2: determinant against a square of nodes",
        posteriorMass(of: Examples.plane.model, given: Examples.plane.x)
      ),
      (
        "neural: equally spaced nodes against a double exponential rule",
        posteriorMass(of: Examples.neural.model, given: Examples.neural.x)
      ),
    ]
    for (identity, mass) in masses {
      notebook.check(.exact("2.2", identity, mass.value, 1, allowance: mass.error))
    }
  }

  static func showEvidenceByQuadrature(in notebook: Notebook) {
    notebook.section("2.3", "The evidence p(x) = ∫ p(x|z) p(z) dz, by quadrature")
    notebook.text(
      """
      Where a closed form exists, quadrature must meet it. Where none exists, as in the neural \
      model, a rule must at least meet another rule, and say how far off it is: n equally spaced \
      nodes over |z| ≤ 8 estimate their own error from n more halfway between. Beside it stands \
      the true error, the distance from a double exponential rule.
      """)
    let (model, x) = (Examples.neural.model, Examples.neural.x)
    let reference = model.logEvidence(of: x)
    let levels = [16, 32, 64, 128, 256, 512].map {
      (nodes: $0, logEvidence(of: model, at: x, nodes: $0))
    }
    notebook.table(
      ["nodes (and halfway)", "log p(x)", "its own error estimate", "true error"],
      levels.map { nodes, value in
        [
          "\(nodes)", value.value.decimals(12), value.error.scientific,
          abs(value.value - reference.value).scientific,
        ]
      })
    checkEvidence(of: Examples.line, in: notebook)
    checkEvidence(of: Examples.plane, in: notebook)
    // The mean of n nodes' sum and the shifted one is the sum over 2n, whose distance from the next
    // mean is the next row's estimate: what is off here is that, and what is off there.
    let rest = levels.indices.map { i in
      levels[i...].dropFirst().reduce(levels.last!.1.error) { $0 + $1.1.error }
    }
    for i in 2..<levels.count {
      let (nodes, value) = levels[i]
      notebook.check(
        .exact(
          "2.3", "neural: \(nodes) nodes = double exponential rule, as near as the rows below say",
          value.value, reference.value,
          allowance: rest[i] + reference.error
            + rounding(reference.value, terms: max(value.evaluations, reference.evaluations))))
    }
  }

  private static func checkEvidence(
    of example: Example<LinearGaussianModel>, in notebook: Notebook
  ) {
    let quadrature = logEvidenceByQuadrature(of: example.model, at: example.x)
    let closed = example.model.logEvidence(of: example.x).value
    notebook.check(
      .exact(
        "2.3", "\(example.name): quadrature = log N(x; b, WWᵀ + Σ)", quadrature.value, closed,
        allowance: quadrature.allowance(magnitude: 1 + abs(closed))))
  }
}
