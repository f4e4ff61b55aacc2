import Notebook
import TinyNumerics

extension DigitStudies {
  // MARK: 6.7

  /// - Returns: the Gaussian model, for 6.14.
  func showPixelLikelihoods(in notebook: Notebook) throws -> PixelModel {
    notebook.section("6.7", "Bernoulli, categorical, Gaussian: what is a pixel?")
    let draws = min(max(notebook.samples(default: 20), 2), 10_000)
    let study = try notebook.working("three likelihoods", steps: PixelLikelihoods.steps) {
      advance in
      try PixelLikelihoods(self, draws: draws, eachStep: advance)
    }
    notebook.text(
      """
      The digits have 17 grey levels. Three VAEs 64–64–(2, 2)–64–64 on the same images: a \
      categorical over levels, a Gaussian whose mean and variance are learned, and Bernoulli \
      pixels of the binarised digits. Held-out log p(x) by a grid for each image, in bits a pixel. \
      Only rows of one group speak of the same data.
      """)
    let rows = [
      ("17 levels: categorical", study.categorical),
      ("17 levels: Gaussian, its 17 cells", study.cells),
      ("17 levels: Gaussian density + log₂ 17, an upper bound", study.dequantised),
      ("level ≥ 8: Bernoulli", study.bernoulli),
      ("level ≥ 8: the categorical, coarse-grained", study.coarse),
    ]
    notebook.table(
      ["likelihood", "bits a pixel", "error of the grids"],
      rows.map { name, bits in [name, bits.mean.decimals(4), bits.error.scientific] })
    showProperProbabilities(study, in: notebook)
    for (name, bits) in rows {
      notebook.check(
        .monteCarlo(
          "6.7", "p(x) sampled over p(x) by the grid, mean. \(name)", estimate: bits.ratio.mean,
          standardError: bits.ratio.standardError, exact: 1,
          promise: 0.4
            * max(1, 20 * 297 / Double(draws * dataset.heldOut.levels.count)).squareRoot()))
    }
    notebook.check(
      .bound(
        "6.7", "bits of the Gaussian's cells ≤ bits of its density + log₂ 17",
        lower: study.cells.mean, upper: study.dequantised.mean))
    notebook.gap()
    return study.gaussianModel
  }
}
