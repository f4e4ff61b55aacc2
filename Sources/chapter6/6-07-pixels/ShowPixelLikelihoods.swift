import Notebook

extension DigitStudies {
  // MARK: 6.7

  func showPixelLikelihoods(in notebook: Notebook) throws {
    notebook.section("6.7", "Bernoulli, categorical, Gaussian: what is a pixel?")
    let draws = min(max(notebook.samples(default: 100), 2), 10_000)
    let study = try notebook.working("three likelihoods", steps: PixelLikelihoods.steps) {
      advance in
      try PixelLikelihoods(self, draws: draws, eachStep: advance)
    }
    notebook.text(
      """
      The digits have 17 grey levels. Three VAEs 64–64–(2, 2)–64–64 on the same images: a \
      categorical over levels, a Gaussian whose mean and variance are learned, and Bernoulli \
      pixels of the binarised digits. Held-out log p(x) by importance sampling, \(draws) draws an \
      image (eq. 2.5), in bits a pixel. Only rows of one group speak of the same data.
      """)
    func row(_ name: String, _ bits: Bits) -> [String] {
      [name, bits.mean.decimals(4), bits.standardError.decimals(4)]
    }
    notebook.table(
      ["likelihood", "bits a pixel", "standard error"],
      [
        row("17 levels: categorical", study.categorical),
        row("17 levels: Gaussian, its 17 cells", study.cells),
        row("17 levels: Gaussian density + log₂ 17, an upper bound", study.dequantised),
        row("level ≥ 8: Bernoulli", study.bernoulli),
        row("level ≥ 8: the categorical, coarse-grained", study.coarse),
      ])
    showProperProbabilities(study, in: notebook)
    notebook.check(
      .bound(
        "6.7", "bits of the Gaussian's cells ≤ bits of its density + log₂ 17",
        lower: study.cells.mean, upper: study.dequantised.mean,
        standardError: study.dequantised.standardError + study.cells.standardError))
    notebook.check(
      .bound(
        "6.7", "log p(coarse image) − log p(image), categorical: the smallest (eq. 1.6)", lower: 0,
        upper: study.smallestCoarseGain))
    notebook.gap()
  }
}
