import Notebook
import TinyNetworks
import TinyNumerics

extension Chapter5 {
  // MARK: 5.8

  static func showBackpropagation(in notebook: Notebook) {
    notebook.section("5.8", "Back-propagation against central differences")
    notebook.text(
      """
      The source that trains in `Float`, run in `Double`, against (loss(θ + h) − loss(θ − h))/2h, \
      h = 10⁻⁵. Numbers: ‖backward − differences‖/‖differences‖, block by block; allowed is what \
      the differences themselves may be off. ReLU has kinks where differences mean nothing, so \
      inputs are chosen that keep every hidden unit \(kinkDistance) away from 0, and the check \
      shows that no step of the differences moves one that far.
      """)
    showNetworks(in: notebook)
    showELBOs(in: notebook)
    showPlainLoss(in: notebook)
  }

  private static func showNetworks(in notebook: Notebook) {
    let comparisons = Activation.allCases.enumerated().map { part, activation in
      var generator = Threefry(seed: notebook.seed, row: 8, part: part)
      return compareGradients(of: [5, 7, 9, 4], activation, using: &generator)
    }
    notebook.text("A network 5–7–9–4, six rows, loss = Σ weight · output:")
    showTable(comparisons, in: notebook)
    check(comparisons, "network 5–7–9–4", in: notebook)
    notebook.check(
      .exact(
        "5.8", "a forgotten ½ would show as ½ in these numbers", normwiseError([1, -2], [2, -4]),
        0.5, allowance: 0))
    checkKinks(comparisons, "network", in: notebook)
  }

  private static func showELBOs(in notebook: Notebook) {
    let elbos = Activation.allCases.enumerated().map { part, activation in
      var generator = Threefry(seed: notebook.seed, row: 8, part: 10 + part)
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
      check(comparison.blocks, "\(what), \(activation.rawValue)", in: notebook)
    }
  }

  private static func check(
    _ blocks: [GradientComparison.Block], _ what: String, in notebook: Notebook
  ) {
    notebook.check(
      .worst("5.8", "\(what): relative error", of: blocks.map { ($0.error, 0, $0.allowance) }))
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
    for (part, likelihood) in likelihoods.enumerated() {
      var generator = Threefry(seed: notebook.seed, row: 8, part: 20 + part)
      let block = FrozenELBO.likelihoodBlock(likelihood, using: &generator)
      check([block], "the \(likelihood.name) likelihood alone", in: notebook)
    }
    var generator = Threefry(seed: notebook.seed, row: 8, part: 30)
    check(
      FrozenELBO.divergenceBlocks(using: &generator), "the KL alone, blocks of the encoder",
      in: notebook)
    // the rule of `rounding`, in units of a Float's last place
    let unit = Double(Float.ulpOfOne) / .ulpOfOne
    notebook.check(
      .worst(
        "5.8", "the same source in Float: relative distance from Double",
        of: elbos.map { ($0.singlePrecisionError, 0, allowance: unit * rounding(1)) }))
  }

  private static let likelihoods: [Likelihood] = [
    .bernoulli, .categorical(levels: 3), .gaussian(varianceFloor: 0.01),
  ]

  /// The differences are of the kernels' own loss; so the loss itself is held against plain loops.
  private static func showPlainLoss(in notebook: Notebook) {
    for (row, likelihood) in likelihoods.enumerated() {
      notebook.check(
        .worst(
          "5.8", "the kernels' loss = −ELBO in plain loops, \(likelihood.name)",
          of: Activation.allCases.enumerated().map { part, activation in
            var generator = Threefry(seed: notebook.seed, row: 8, part: 40 + 3 * row + part)
            let elbo = FrozenELBO(activation, likelihood: likelihood, using: &generator)
            return (elbo.loss, elbo.plainLoss, allowance: rounding(1, elbo.plainLoss))
          }))
    }
  }
}
