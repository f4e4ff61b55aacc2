import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

extension DigitStudies {
  /// At z = 0 and three other places, for every pixel.
  func showProperProbabilities(_ study: PixelLikelihoods, in notebook: Notebook) {
    let places: [[Double]] = [[0, 0], [1, -1], [-2, 0.5], [0.3, 2]]
    notebook.check(
      .worst(
        "6.7", "categorical: Σ_k p(x_j = k|z) = 1",
        of: places.flatMap { categoricalSums(study.categoricalModel.model.decoder, at: $0) }.map {
          (lhs: $0, rhs: 1, allowance: 1e-13)
        }))
    let normals = places.flatMap { z in
      ImageModels.normals(
        study.gaussianModel.model.decoder(Rows([z]))[0], floor: PixelEncoding.varianceFloor)
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
    _ decoder: Decoder<Double>, at z: [Double]
  ) -> [Double] {
    let outputs = decoder(Rows([z]))[0]
    return (0..<dataset.pixels).map { j in
      let parameters = stride(from: j, to: outputs.count, by: dataset.pixels).map { outputs[$0] }
      return (0..<17).reduce(0) { sum, k in
        sum + exp(logProbability(of: Double(k) / 16, decoder.likelihood, parameters))
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
