import Foundation
import TinyNetworks
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
  /// too large. After each of a grid's `bands` `eachBand` is told.
  init(
    of model: VariationalAutoencoder<Double>, images: [Double], eachBand: @Sendable () -> Void = {}
  ) {
    let reach = Reach(of: model, images: images)
    self.init(
      of: model, images: images, startingFrom: reach.grid, tolerance: Evidence.tolerance,
      eachBand: eachBand)
  }

  init(
    of model: VariationalAutoencoder<Double>, images: [Double], startingFrom grid: Grid,
    tolerance: Double, eachBand: @Sendable () -> Void = {}
  ) {
    let most = Reach.mostCells(of: model, imageCount: images.count / model.dataWidth)
    self.init(of: model, images: images, grid: grid, eachBand: eachBand)
    while largestError > tolerance, 2 * self.grid.count <= most {
      let finer = Grid(over: grid.bounds, count: 2 * self.grid.count)
      self.init(of: model, images: images, grid: finer, eachBand: eachBand)
    }
  }

  static let tolerance = 1e-7

  var largestError: Double { logEvidence.indices.map(error).max() ?? 0 }

  /// Whether the finest grid that was tried was fine and wide enough.
  var isReliable: Bool { largestError <= Evidence.tolerance }

  /// With a `scoring` of its own the outputs are taken for another likelihood (eq. 6.7).
  init(
    of model: VariationalAutoencoder<Double>, images: [Double], scoring: Scoring? = nil, grid: Grid,
    eachBand: @Sendable () -> Void = {}
  ) {
    let likelihood = LogLikelihoodGrid(model, images: images, scoring: scoring)
    self.grid = grid
    logEvidence = Evidence.sum(likelihood, grid, shifted: false, eachBand)
    shifted = Evidence.sum(likelihood, grid, shifted: true, eachBand)
  }

  /// The bands of both sums.
  static let bands = 32

  /// log Σ_nodes h^D p(x|z) p(z) for each image. The lattice is cut into a fixed number of bands, which may
  /// run on different cores and are added in order.
  private static func sum(
    _ likelihood: LogLikelihoodGrid, _ grid: Grid, shifted: Bool, _ eachBand: @Sendable () -> Void
  ) -> [Double] {
    let lattice = Lattice(grid, shifted: shifted, dimension: likelihood.decoder.inputWidth)
    let bands = Evidence.bands / 2
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
        eachBand()
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
