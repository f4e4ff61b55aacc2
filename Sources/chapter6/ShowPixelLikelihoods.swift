import Foundation
import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

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
      The digits have 17 grey levels. Three VAEs 64–64–(2, 2)–64–64 on the same images: a categorical \
      over levels, a Gaussian whose mean and variance are learned, and Bernoulli pixels of the binarised \
      digits. Held-out log p(x) by importance sampling, \(draws) draws an image (eq. 2.5), in bits a \
      pixel. Only rows of one group speak of the same data.
      """)
    func row(_ name: String, _ bits: PixelLikelihoods.Bits) -> [String] {
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

  /// At z = 0 and three other places, for every pixel.
  private func showProperProbabilities(_ study: PixelLikelihoods, in notebook: Notebook) {
    let places: [[Double]] = [[0, 0], [1, -1], [-2, 0.5], [0.3, 2]]
    notebook.check(
      .worst(
        "6.7", "categorical: Σ_k p(x_j = k|z) = 1",
        of: places.flatMap { categoricalSums(study.categoricalModel, at: $0) }.map {
          (lhs: $0, rhs: 1, allowance: 1e-13)
        }))
    let normals = places.flatMap { z in
      ImageModels.normals(
        study.gaussianModel.decoder(Rows([z]))[0], floor: PixelEncoding.varianceFloor)
    }
    notebook.check(
      .worst(
        "6.7", "Gaussian: Σ_k P(cell k) = 1",
        of: normals.map { (lhs: $0.cellSum(17), rhs: 1, allowance: 1e-12) }))
    notebook.check(
      .worst(
        "6.7", "Gaussian: P(cell 8) = ∫ of the density over the cell",
        of: normals.map { p in
          let integral = p.mass(of: 8.0 / 17...9.0 / 17)
          let cell = exp(logProbability(ofCell: 8, of: 17, under: p))
          return (lhs: cell, rhs: integral.value, allowance: integral.error + 1e-13)
        }))
  }

  /// Σ_k p(x_j = k|z) of each pixel j: the kernel is shown images of one level throughout.
  private func categoricalSums(
    _ model: VariationalAutoencoder<Double>, at z: [Double]
  ) -> [Double] {
    let outputs = model.decoder(Rows([z]))[0]
    return (0..<dataset.pixels).map { j in
      let parameters = stride(from: j, to: outputs.count, by: dataset.pixels).map { outputs[$0] }
      return (0..<17).reduce(0) { sum, k in
        sum + exp(logProbability(of: Double(k) / 16, model.decoder.likelihood, parameters))
      }
    }
  }
}

extension Normal {
  /// Σ_k P(cell k).
  fileprivate func cellSum(_ count: Int) -> Double {
    (0..<count).reduce(0) { $0 + exp(logProbability(ofCell: $1, of: count, under: self)) }
  }

  /// ∫ of the density over an interval, by quadrature.
  fileprivate func mass(of interval: ClosedRange<Double>) -> Integral {
    integrate(over: interval) { density($0) }
  }
}
