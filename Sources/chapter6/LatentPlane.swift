import Foundation
import Notebook
import TinyNumerics

/// Pictures of a two-dimensional latent (ledger 6.8): what the decoder makes of each place, and where the
/// guide puts each image.
struct LatentPlane {
  let model: VariationalAutoencoder<Double>
  let rows: Int
  let columns: Int

  private var pixels: Int { rows * columns }

  /// Pixel probabilities at the given latents, an image each.
  func decoded(_ latents: [(Double, Double)]) -> [[Double]] {
    let probabilities = model.decoder(latents.flatMap { [$0.0, $0.1] }, rows: latents.count)
      .map(sigmoid)
    return latents.indices.map { Array(probabilities[$0 * pixels..<($0 + 1) * pixels]) }
  }

  /// Latents whose two coordinates are equally probable steps under the prior: the middles of `count`
  /// slices of equal mass, the second coordinate falling from row to row as on a page.
  func manifold(across: Int, down: Int) -> [(Double, Double)] {
    let first = (0..<across).map { Normal.standard.quantile((Double($0) + 0.5) / Double(across)) }
    let second = (0..<down).map { -Normal.standard.quantile((Double($0) + 0.5) / Double(down)) }
    return second.flatMap { b in first.map { a in (a, b) } }
  }

  /// The straight walk from the guide's mean of one image to that of another.
  func walk(from a: [Double], to b: [Double], steps: Int) -> [(Double, Double)] {
    (0..<steps).map { step in
      let t = Double(step) / Double(steps - 1)
      return ((1 - t) * a[0] + t * b[0], (1 - t) * a[1] + t * b[1])
    }
  }
}
