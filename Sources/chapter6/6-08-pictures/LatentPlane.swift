import Foundation
import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

/// Pictures of a latent space (eq. 6.8): what the decoder makes of each place.
struct LatentPlane {
  let model: VariationalAutoencoder<Double>
  let encoding: PixelEncoding

  /// The greys that the decoder means at the given latents, an image each.
  func decoded(_ latents: [[Double]]) -> [[Double]] {
    // A hundred at a time, for outputs take room.
    return stride(from: 0, to: latents.count, by: 100).flatMap { start in
      let block = latents[start..<min(start + 100, latents.count)]
      return model.decoder(Rows(Array(block))).map(encoding.greys)
    }
  }

  /// Latents whose two coordinates are equally probable steps under the prior: the middles of
  /// `count` slices of equal mass, the second coordinate falling from row to row as on a page.
  func manifold(across: Int, down: Int) -> [[Double]] {
    let first = (0..<across).map { Normal.standard.quantile((Double($0) + 0.5) / Double(across)) }
    let second = (0..<down).map { -Normal.standard.quantile((Double($0) + 0.5) / Double(down)) }
    return second.flatMap { b in first.map { a in [a, b] } }
  }

  /// The straight walk from the guide's mean of one image to that of another.
  func walk(from a: [Double], to b: [Double], steps: Int) -> [[Double]] {
    (0..<steps).map { step in
      let t = Double(step) / Double(steps - 1)
      return zip(a, b).map { (1 - t) * $0 + t * $1 }
    }
  }

  /// z ~ N(0, I).
  func priorDraws(_ count: Int, seed: UInt64) -> [[Double]] {
    var generator = Threefry(seed: seed, row: 8)
    let prior = DiagonalGaussian.standard(dimension: model.latentDimension)
    return (0..<count).map { _ in prior.sample(using: &generator) }
  }
}
