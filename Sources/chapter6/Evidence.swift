import Foundation
import TinyNumerics

/// log p_θ(x) of every image by a sum over a square grid of the latent plane, twice: on a grid, and on the
/// same grid moved by half a spacing in both directions.
struct Evidence {
  /// log p(x), one an image, by the plain grid.
  let logEvidence: [Double]
  /// The same by the half-shifted grid: another computation of the same integral.
  let shifted: [Double]
  let grid: Grid

  /// Half the difference of the two sums, in nats: the quadrature's own error estimate.
  func error(ofImage i: Int) -> Double { abs(logEvidence[i] - shifted[i]) / 2 }

  /// p(x) = ∫ p(x|z) p(z) dz on the grid that the narrowest guide asks for.
  init(decoder: DenseNetwork<Double>, images: [Double], narrowest sigma: Double) {
    self.init(decoder: decoder, images: images, grid: Evidence.grid(narrowest: sigma))
  }

  /// |z_d| ≤ 8, where all but 3e-15 of the prior lies, with a spacing of at most 0.4 of the narrowest
  /// guide, for posteriors are about as wide as their guides; no more than 2400 cells a side.
  static func grid(narrowest sigma: Double) -> Grid {
    let halfWidth = 8.0
    let cells = (2 * halfWidth / (0.4 * sigma)).rounded(.up)
    return Grid(over: -halfWidth...halfWidth, count: Int(min(max(cells, 80), 2400)))
  }

  init(decoder: DenseNetwork<Double>, images: [Double], grid: Grid) {
    let likelihood = LogLikelihoodGrid(decoder: decoder, images: images)
    self.grid = grid
    logEvidence = Evidence.sum(likelihood, grid, shifted: false)
    shifted = Evidence.sum(likelihood, grid, shifted: true)
  }

  /// log Σ_nodes h² p(x|z) p(z) for each image. The rows of the grid are cut into a fixed number of bands,
  /// which may run on different cores and are added in order.
  private static func sum(
    _ likelihood: LogLikelihoodGrid, _ grid: Grid, shifted: Bool
  ) -> [Double] {
    let bands = 16
    var sums = Array(
      repeating: Array(repeating: LogSum(), count: likelihood.imageCount), count: bands)
    sums.withUnsafeMutableBufferPointer { sums in
      nonisolated(unsafe) let sums = sums
      DispatchQueue.concurrentPerform(iterations: bands) { band in
        for i in grid.count * band / bands..<grid.count * (band + 1) / bands {
          let z1 = grid.node(i, shifted: shifted)
          let points = (0..<grid.count).map { (z1, grid.node($0, shifted: shifted)) }
          add(likelihood, points, to: &sums[band])
        }
      }
    }
    return (0..<likelihood.imageCount).map { image in
      logSumExp(sums.map { $0[image].value }) + 2 * log(grid.spacing)
    }
  }

  private static func add(
    _ likelihood: LogLikelihoodGrid, _ points: [(Double, Double)], to sums: inout [LogSum]
  ) {
    let values = likelihood(points)
    let count = likelihood.imageCount
    for (p, z) in points.enumerated() {
      let logPrior = Normal.standard.logDensity(z.0) + Normal.standard.logDensity(z.1)
      for image in 0..<count { sums[image].add(values[p * count + image] + logPrior) }
    }
  }
}
