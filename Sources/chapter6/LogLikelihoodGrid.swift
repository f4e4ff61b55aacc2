import Foundation
import TinyNetworks
import TinyNumerics

/// log p_θ(x|z) of many images at many latent points at once. Every likelihood here is an exponential
/// family,
///   log p(x|z) = ⟨f(x), c(z)⟩ − n(z),
/// so that all pairs are one matrix product (points × features by features × images) and one number n a
/// point:
/// - Bernoulli: f = x, c = ℓ, n = Σ_j log(1 + e^{ℓ_j});
/// - categorical: f = [x is level k], c = ℓ, n = Σ_j log Σ_k e^{ℓ_jk};
/// - Gaussian: f = (x, x²), c = (µ/σ², −1/2σ²), n = ½ Σ_j (µ²/σ² + log 2πσ²);
/// (Only a Gaussian's cells, eq. 6.7, are taken one by one.)
struct LogLikelihoodGrid {
  let decoder: DenseNetwork<Double>
  let scoring: Scoring
  let imageCount: Int
  /// features × images: each image is a column.
  private let columns: [Double]
  /// For cells: the one that each pixel of each image lies in.
  private let cells: [[Int]]

  /// - Requires: whole images of `model.dataWidth` entries, one after the other.
  init(_ model: VariationalAutoencoder<Double>, images: [Double], scoring: Scoring? = nil) {
    let width = model.dataWidth
    let count = images.count / width
    require(images.count == count * width, "whole images")
    decoder = model.decoder
    imageCount = count
    self.scoring = scoring ?? .density(model.likelihood)
    columns = self.scoring.features(images, width: width)
    guard case .cells(let cellCount, _) = self.scoring else {
      cells = []
      return
    }
    cells = (0..<count).map { i in
      images[i * width..<(i + 1) * width].map { x in
        min(max(Int(x * Double(cellCount)), 0), cellCount - 1)
      }
    }
  }

  /// points × images: log p(x_i|z) for each point z (row) and image i (column).
  func callAsFunction(_ latents: [Double]) -> [Double] {
    // A block at a time: the decoder's outputs take room, and what stays in the cache is quick.
    let points = max(1, min(256, (1 << 22) / decoder.outputWidth))
    let step = points * decoder.inputWidth
    guard latents.count > step else { return block(latents) }
    return stride(from: 0, to: latents.count, by: step).flatMap {
      block(Array(latents[$0..<min($0 + step, latents.count)]))
    }
  }

  private func block(_ latents: [Double]) -> [Double] {
    let points = latents.count / decoder.inputWidth
    let outputs = decoder(latents, rows: points)
    if case .cells(let count, let floor) = scoring {
      return cellByCell(outputs, points: points, count: count, varianceFloor: floor)
    }
    let (coefficients, normalisers) = scoring.coefficients(outputs, rows: points)
    var result = matrixProduct(
      coefficients, columns, rows: points, depth: coefficients.count / max(points, 1),
      columns: imageCount)
    for p in 0..<points {
      for i in 0..<imageCount { result[p * imageCount + i] -= normalisers[p] }
    }
    return result
  }

  /// Σ_j log P(the cell that x_j lies in), pixel by pixel.
  private func cellByCell(
    _ outputs: [Double], points: Int, count: Int, varianceFloor: Double
  ) -> [Double] {
    let width = decoder.outputWidth
    return (0..<points).flatMap { p in
      let pixels = normals(outputs[p * width..<(p + 1) * width], floor: varianceFloor)
      return cells.map { image in
        zip(image, pixels).reduce(0) {
          $0 + logProbability(ofCell: $1.0, of: count, under: $1.1)
        }
      }
    }
  }
}
