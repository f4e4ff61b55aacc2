import Foundation
import TinyNumerics

/// log p_θ(x) of every image by a sum over a grid of the latent line or plane, twice: on a grid, and
/// on the same grid moved by half a spacing in every direction.
struct Evidence {
  /// log p(x), one an image, by the plain grid.
  let logEvidence: [Double]
  /// The same by the half-shifted grid: another computation of the same integral.
  let shifted: [Double]
  let grid: Grid

  /// Half the difference of the two sums, in nats: the quadrature's own error estimate.
  func error(ofImage i: Int) -> Double { abs(logEvidence[i] - shifted[i]) / 2 }

  /// p(x) = ∫ p(x|z) p(z) dz on the grid that the guides ask for, made finer while its own error estimate is
  /// too large.
  init(
    of model: VariationalAutoencoder<Double>, images: [Double], narrowest sigma: Double,
    farthest mean: Double = 0
  ) {
    let grid = Evidence.grid(
      narrowest: sigma, farthest: mean, outputs: Evidence.nodeOutputs(of: model))
    self.init(of: model, images: images, startingFrom: grid, tolerance: Evidence.tolerance)
  }

  init(of model: VariationalAutoencoder<Double>, images: [Double]) {
    let guides = model.guides(for: images, rows: images.count / model.dataWidth)
    self.init(
      of: model, images: images, narrowest: guides.flatMap(\.standardDeviation).min() ?? 1,
      farthest: guides.flatMap(\.mean).map(abs).max() ?? 0)
  }

  init(
    of model: VariationalAutoencoder<Double>, images: [Double], startingFrom grid: Grid,
    tolerance: Double
  ) {
    let most = Evidence.mostCells(outputs: Evidence.nodeOutputs(of: model))
    self.init(of: model, images: images, grid: grid)
    while largestError > tolerance, 2 * self.grid.count <= most {
      let finer = Grid(over: grid.bounds, count: 2 * self.grid.count)
      self.init(of: model, images: images, grid: finer)
    }
  }

  static let tolerance = 1e-7

  var largestError: Double { logEvidence.indices.map(error).max() ?? 0 }

  /// Whether the finest grid that was tried was fine and wide enough.
  var isReliable: Bool { largestError <= Evidence.tolerance }

  /// 1,200 cells a side, or as many as give 800 million outputs of the decoder: half a minute or so.
  static func mostCells(outputs: Int) -> Int {
    max(80, min(1200, Int((8e8 / Double(max(outputs, 1))).squareRoot())))
  }

  /// What a node costs; a line has so few that it does not matter.
  private static func nodeOutputs(of model: VariationalAutoencoder<Double>) -> Int {
    model.latentDimension > 1 ? model.decoder.outputWidth : 0
  }

  /// |z_d| ≤ 8, where all but 3e-15 of the prior lies; guides beyond |µ_d| = 3 push the edges out. The
  /// spacing is at most 0.4 of the narrowest guide, for posteriors are about as wide as their guides, or 0.8
  /// where a node has many outputs: whether that is fine enough, the grid itself tells.
  static func grid(narrowest sigma: Double, farthest mean: Double = 0, outputs: Int = 0) -> Grid {
    let halfWidth = max(8, (mean + 5).rounded(.up))
    let spacing = (outputs <= 512 ? 0.4 : 0.8) * sigma
    let cells = (2 * halfWidth / spacing).rounded(.up)
    let most = Double(mostCells(outputs: outputs))
    return Grid(over: -halfWidth...halfWidth, count: Int(min(max(cells, 80), most)))
  }

  /// With a `scoring` of its own the outputs are taken for another likelihood (eq. 6.7).
  init(
    of model: VariationalAutoencoder<Double>, images: [Double], scoring: Scoring? = nil, grid: Grid
  ) {
    let likelihood = LogLikelihoodGrid(model, images: images, scoring: scoring)
    self.grid = grid
    logEvidence = Evidence.sum(likelihood, grid, shifted: false)
    shifted = Evidence.sum(likelihood, grid, shifted: true)
  }

  /// log Σ_nodes h^D p(x|z) p(z) for each image. The lattice is cut into a fixed number of bands, which may
  /// run on different cores and are added in order.
  private static func sum(
    _ likelihood: LogLikelihoodGrid, _ grid: Grid, shifted: Bool
  ) -> [Double] {
    let lattice = Lattice(grid, shifted: shifted, dimension: likelihood.decoder.inputWidth)
    let bands = 16
    var sums = Array(
      repeating: Array(repeating: LogSum(), count: likelihood.imageCount), count: bands)
    sums.withUnsafeMutableBufferPointer { sums in
      nonisolated(unsafe) let sums = sums
      DispatchQueue.concurrentPerform(iterations: bands) { band in
        let range = lattice.count * band / bands..<lattice.count * (band + 1) / bands
        for start in stride(from: range.lowerBound, to: range.upperBound, by: 256) {
          let points = lattice.points(start..<min(start + 256, range.upperBound))
          add(likelihood, points, to: &sums[band])
        }
      }
    }
    return (0..<likelihood.imageCount).map { image in
      logSumExp(sums.map { $0[image].value }) + Double(lattice.dimension) * log(grid.spacing)
    }
  }

  private static func add(
    _ likelihood: LogLikelihoodGrid, _ points: [Double], to sums: inout [LogSum]
  ) {
    let values = likelihood(points)
    let count = likelihood.imageCount
    for (p, logPrior) in logPrior(points, dimension: likelihood.decoder.inputWidth).enumerated() {
      for image in 0..<count { sums[image].add(values[p * count + image] + logPrior) }
    }
  }
}
