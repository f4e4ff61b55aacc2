import TinyNumerics

/// log p_θ(x|z) of Bernoulli images at many latent points at once:
///   log p(x|z) = Σ_j x_j ℓ_j(z) − Σ_j log(1 + e^{ℓ_j(z)}),
/// a matrix product for the first sum (points × pixels by pixels × images) and one number a point for
/// the second.
struct LogLikelihoodGrid {
  let decoder: DenseNetwork<Double>
  /// pixels × images: each image is a column.
  let columns: [Double]
  let imageCount: Int

  /// - Requires: images of as many pixels as the decoder puts out, one after the other.
  init(decoder: DenseNetwork<Double>, images: [Double]) {
    let pixels = decoder.outputWidth
    let count = images.count / pixels
    require(images.count == count * pixels, "whole images")
    self.decoder = decoder
    imageCount = count
    columns = (0..<pixels).flatMap { pixel in (0..<count).map { images[$0 * pixels + pixel] } }
  }

  /// points × images: log p(x_i|z) for each point z (row) and image i (column).
  func callAsFunction(_ points: [(Double, Double)]) -> [Double] {
    let pixels = decoder.outputWidth
    let logits = decoder(points.flatMap { [$0.0, $0.1] }, rows: points.count)
    var result = matrixProduct(
      logits, columns, rows: points.count, depth: pixels, columns: imageCount)
    for p in points.indices {
      let normaliser = logits[p * pixels..<(p + 1) * pixels].reduce(0) { $0 + softplus($1) }
      for i in 0..<imageCount { result[p * imageCount + i] -= normaliser }
    }
    return result
  }
}
