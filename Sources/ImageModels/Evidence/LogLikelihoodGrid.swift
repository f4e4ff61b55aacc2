import TinyNetworks
import TinyNumerics

/// log p_θ(x|z) of many images at many latent points at once. Every likelihood here is an
/// exponential family,
///   log p(x|z) = ⟨f(x), c(z)⟩ − n(z),
/// so that all pairs are one matrix product (points × features by features × images) and one number
/// n a point:
/// - Bernoulli: f = x, c = ℓ, n = Σ_j log(1 + e^{ℓ_j});
/// - categorical: f = [x is level k], c = ℓ, n = Σ_j log Σ_k e^{ℓ_jk};
/// - Gaussian: f = (x, x²), c = (µ/σ², −1/2σ²), n = ½ Σ_j (µ²/σ² + log 2πσ²);
/// (Only a Gaussian's cells, eq. 6.7, are taken one by one.)
public struct LogLikelihoodGrid: Sendable {
  let decoder: Decoder<Double>
  let imageCount: Int
  private let scoring: Scoring
  /// features × images: each image is a column.
  private let columns: [Double]
  /// For cells: the one that each pixel of each image lies in.
  private let cells: [[Int]]

  /// - Requires: images of the decoder's width.
  public init(_ decoder: Decoder<Double>, images: Rows<Double>, scoring: Scoring? = nil) {
    require(images.width == decoder.dataWidth, "images of the decoder's width")
    self.decoder = decoder
    imageCount = images.count
    self.scoring = scoring ?? .density(decoder.likelihood)
    columns = self.scoring.features(images)
    guard case .cells(let cellCount, _) = self.scoring else {
      cells = []
      return
    }
    cells = images.map { image in
      image.map { x in min(max(Int(x * Double(cellCount)), 0), cellCount - 1) }
    }
  }

  /// points × images: log p(x_i|z) for each point z (row) and image i (column).
  public func callAsFunction(_ latents: Rows<Double>) -> Rows<Double> {
    // A block at a time: the decoder's outputs take room, and what stays in the cache is quick.
    let points = max(1, min(256, (1 << 22) / decoder.network.outputWidth))
    guard latents.count > points else { return block(latents) }
    return Rows(
      stride(from: 0, to: latents.count, by: points).flatMap {
        block(latents.rows($0..<min($0 + points, latents.count))).numbers
      }, width: imageCount)
  }

  private func block(_ latents: Rows<Double>) -> Rows<Double> {
    let outputs = decoder(latents)
    if case .cells(let count, let floor) = scoring {
      return cellByCell(outputs, count: count, varianceFloor: floor)
    }
    let points = latents.count
    let (coefficients, normalisers) = scoring.coefficients(outputs)
    var result = matrixProduct(
      coefficients, columns, rows: points, depth: coefficients.count / max(points, 1),
      columns: imageCount)
    for p in 0..<points {
      for i in 0..<imageCount { result[p * imageCount + i] -= normalisers[p] }
    }
    return Rows(result, width: imageCount)
  }

  /// Σ_j log P(the cell that x_j lies in), pixel by pixel.
  private func cellByCell(
    _ outputs: Rows<Double>, count: Int, varianceFloor: Double
  ) -> Rows<Double> {
    Rows(
      outputs.flatMap { output in
        let pixels = normals(output, floor: varianceFloor)
        return cells.map { image in
          zip(image, pixels).reduce(0) {
            $0 + logProbability(ofCell: $1.0, of: count, under: $1.1)
          }
        }
      }, width: imageCount)
  }
}
