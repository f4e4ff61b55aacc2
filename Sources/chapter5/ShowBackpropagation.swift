import Notebook
import TinyNetworks
import TinyNumerics

extension Chapter5 {
  // MARK: 5.8

  /// Norm-wise relative error that back-propagation may have against central differences.
  static let gradientTolerance = 1e-7

  static func showBackpropagation(in notebook: Notebook) {
    notebook.section("5.8", "Back-propagation against central differences")
    notebook.text(
      """
      The source that trains in `Float`, run in `Double`, against (loss(θ + h) − loss(θ − h))/2h, \
      h = 10⁻⁵. Numbers: ‖backward − differences‖/‖differences‖, block by block; at most 10⁻⁷ is \
      allowed. ReLU has kinks where differences mean nothing, so inputs are chosen that keep every \
      hidden unit \(kinkDistance) away from 0, and the check shows that no step of the differences \
      moves one that far.
      """)
    showNetworks(in: notebook)
    showELBOs(in: notebook)
    showPlainLoss(in: notebook)
  }

  private static func showNetworks(in notebook: Notebook) {
    let comparisons = Activation.allCases.enumerated().map { part, activation in
      var generator = notebook.generator(row: 8, part: part)
      return compareGradients(of: [5, 7, 9, 4], activation, using: &generator)
    }
    notebook.text("A network 5–7–9–4, six rows, loss = Σ weight · output:")
    showTable(comparisons, in: notebook)
    check(comparisons, "network 5–7–9–4", in: notebook)
    checkKinks(comparisons, "network", in: notebook)
  }

  private static func showELBOs(in notebook: Notebook) {
    let elbos = Activation.allCases.enumerated().map { part, activation in
      var generator = notebook.generator(row: 8, part: 10 + part)
      return FrozenELBO(activation, using: &generator)
    }
    let comparisons = elbos.map { $0.compareGradients() }
    notebook.text(
      """
      The whole ELBO of a VAE 5–6–5–(2, 2)–2–5–6–5 with Bernoulli pixels, four rows, ε frozen (eq. \
      5.6): from the likelihood through the decoder, z = µ + σε, the KL and the encoder:
      """)
    showTable(comparisons, in: notebook)
    check(comparisons, "the whole ELBO", in: notebook)
    checkKinks(comparisons, "ELBO", in: notebook)
    showParts(elbos, in: notebook)
  }

  private static func showTable(_ comparisons: [GradientComparison], in notebook: Notebook) {
    notebook.table(
      ["block"] + Activation.allCases.map(\.rawValue),
      comparisons[0].blocks.indices.map { i in
        [comparisons[0].blocks[i].name] + comparisons.map { $0.blocks[i].error.scientific }
      })
  }

  private static func check(
    _ comparisons: [GradientComparison], _ what: String, in notebook: Notebook
  ) {
    for (activation, comparison) in zip(Activation.allCases, comparisons) {
      notebook.check(
        .exact(
          "5.8", "\(what), \(activation.rawValue): relative error, worst block",
          comparison.worst, 0, allowance: gradientTolerance))
    }
  }

  private static func checkKinks(
    _ comparisons: [GradientComparison], _ what: String, in notebook: Notebook
  ) {
    let relu = comparisons[Activation.allCases.firstIndex(of: .relu)!]
    notebook.check(
      .bound(
        "5.8", "\(what), relu: the farthest move of a unit < the nearest kink",
        lower: relu.largestMove, upper: relu.nearestKink))
    notebook.gap()
  }

  private static func showParts(_ elbos: [FrozenELBO], in notebook: Notebook) {
    let likelihoods: [Likelihood] = [
      .bernoulli, .categorical(levels: 3), .gaussian(varianceFloor: 0.01),
    ]
    for (part, likelihood) in likelihoods.enumerated() {
      var generator = notebook.generator(row: 8, part: 20 + part)
      notebook.check(
        .exact(
          "5.8", "the \(likelihood.name) likelihood alone: relative error",
          FrozenELBO.likelihoodError(likelihood, using: &generator), 0,
          allowance: gradientTolerance))
    }
    var generator = notebook.generator(row: 8, part: 30)
    notebook.check(
      .exact(
        "5.8", "the KL alone: relative error, worst block of the encoder",
        FrozenELBO.divergenceError(using: &generator), 0, allowance: gradientTolerance))
    notebook.check(
      .exact(
        "5.8", "the same source in Float: relative distance from Double, worst activation",
        elbos.map(\.singlePrecisionError).reduce(0) { $1.isNaN ? $1 : max($0, $1) }, 0,
        allowance: 100 * Double(Float.ulpOfOne)))
  }

  /// The differences are of the kernels' own loss; so the loss itself is held against plain loops.
  private static func showPlainLoss(in notebook: Notebook) {
    notebook.check(
      .worst(
        "5.8", "the kernels' loss = −ELBO in plain loops",
        of: Activation.allCases.enumerated().map { part, activation in
          var generator = notebook.generator(row: 8, part: 40 + part)
          let elbo = FrozenELBO(activation, using: &generator)
          return (elbo.loss, elbo.plainLoss, allowance: 200 * .ulpOfOne * (1 + abs(elbo.plainLoss)))
        }))
  }
}
