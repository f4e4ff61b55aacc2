import Foundation
import TinyNumerics

/// log p_θ(x|z) of many images at many latent points at once. Every likelihood here is an exponential
/// family,
///   log p(x|z) = ⟨f(x), c(z)⟩ − n(z),
/// so that all pairs are one matrix product (points × features by features × images) and one number n a
/// point:
/// - Bernoulli: f = x, c = ℓ, n = Σ_j log(1 + e^{ℓ_j});
/// - categorical: f = [x is level k], c = ℓ, n = Σ_j log Σ_k e^{ℓ_jk};
/// - Gaussian: f = (x, x²), c = (µ/σ², −1/2σ²), n = ½ Σ_j (µ²/σ² + log 2πσ²);
/// - a Gaussian's cells (eq. 6.7): f = [x lies in cell k], c = log P(cell k), n = 0.
struct LogLikelihoodGrid {
  let decoder: DenseNetwork<Double>
  let scoring: Scoring
  let imageCount: Int
  /// features × images: each image is a column.
  private let columns: [Double]

  /// - Requires: whole images of `model.dataWidth` entries, one after the other.
  init(_ model: VariationalAutoencoder<Double>, images: [Double], scoring: Scoring? = nil) {
    let width = model.dataWidth
    let count = images.count / width
    require(images.count == count * width, "whole images")
    decoder = model.decoder
    imageCount = count
    self.scoring = scoring ?? .density(model.likelihood)
    columns = self.scoring.features(images, width: width)
  }

  /// points × images: log p(x_i|z) for each point z (row) and image i (column).
  func callAsFunction(_ latents: [Double]) -> [Double] {
    let points = latents.count / decoder.inputWidth
    let outputs = decoder(latents, rows: points)
    let (coefficients, normalisers) = scoring.coefficients(outputs, rows: points)
    var result = matrixProduct(
      coefficients, columns, rows: points, depth: coefficients.count / max(points, 1),
      columns: imageCount)
    for p in 0..<points {
      for i in 0..<imageCount { result[p * imageCount + i] -= normalisers[p] }
    }
    return result
  }
}
