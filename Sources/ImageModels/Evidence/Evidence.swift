import Foundation
import TinyNetworks
import TinyNumerics

/// log p_θ(x) of every image by a sum over a grid of the latent line or plane, twice: on a grid,
/// and on the same grid moved by half a spacing in every direction.
///
/// It asks a decoder and nobody else: how wide and how fine the grid has to be is the caller's to
/// say (`Reach` says it for a VAE, whose guides know where the posteriors lie).
public struct Evidence: Sendable {
  /// log p(x), one an image, by the plain grid.
  public let logEvidence: [Double]
  /// The same by the half-shifted grid: another computation of the same integral.
  public let shifted: [Double]
  public let grid: Grid
  /// The error that was asked for, in nats.
  public let tolerance: Double

  /// p(x) = ∫ p(x|z) p(z) dz on a grid. With a `scoring` of its own the outputs are taken for
  /// another likelihood (eq. 6.7). After each of the `bands` `eachBand` is told.
  public init(
    of decoder: Decoder<Double>, images: Rows<Double>, grid: Grid, scoring: Scoring? = nil,
    tolerance: Double = 1e-7, eachBand: @Sendable () -> Void = {}
  ) {
    let likelihood = LogLikelihoodGrid(decoder, images: images, scoring: scoring)
    self.grid = grid
    self.tolerance = tolerance
    logEvidence = Evidence.sum(likelihood, grid, shifted: false, eachBand)
    shifted = Evidence.sum(likelihood, grid, shifted: true, eachBand)
  }

  /// The same on a grid that is made finer while its own error estimate is above the tolerance, as
  /// far as this machine's patience reaches.
  public static func refined(
    of decoder: Decoder<Double>, images: Rows<Double>, from grid: Grid, scoring: Scoring? = nil,
    tolerance: Double = 1e-7, eachBand: @Sendable () -> Void = {}
  ) -> Evidence {
    func on(_ grid: Grid) -> Evidence {
      Evidence(
        of: decoder, images: images, grid: grid, scoring: scoring, tolerance: tolerance,
        eachBand: eachBand)
    }
    let most = Reach.mostCells(of: decoder, imageCount: images.count)
    var result = on(grid)
    while !result.isReliable, 2 * result.grid.count <= most {
      result = on(Grid(over: grid.bounds, count: 2 * result.grid.count))
    }
    return result
  }

  /// Half the difference of the two sums, in nats: the quadrature's own error estimate.
  public func error(ofImage i: Int) -> Double { abs(logEvidence[i] - shifted[i]) / 2 }

  public var largestError: Double { logEvidence.indices.map(error).max() ?? 0 }

  /// Whether the grid was fine and wide enough for the error that was asked for.
  public var isReliable: Bool { largestError <= tolerance }

  /// The bands of both sums.
  public static let bands = 32

  /// log Σ_nodes h^D p(x|z) p(z) for each image. The lattice is cut into a fixed number of bands,
  /// which may run on different cores and are added in order.
  private static func sum(
    _ likelihood: LogLikelihoodGrid, _ grid: Grid, shifted: Bool, _ eachBand: @Sendable () -> Void
  ) -> [Double] {
    guard likelihood.imageCount > 0 else { return [] }
    let lattice = Lattice(grid, shifted: shifted, dimension: likelihood.decoder.latentDimension)
    let bands = Evidence.bands / 2
    let sums = concurrentMap(bands, each: eachBand) { band in
      var sums = Array(repeating: LogSum(), count: likelihood.imageCount)
      let range = lattice.count * band / bands..<lattice.count * (band + 1) / bands
      for start in stride(from: range.lowerBound, to: range.upperBound, by: 256) {
        let points = lattice.points(start..<min(start + 256, range.upperBound))
        add(likelihood, points, to: &sums)
      }
      return sums.map(\.value)
    }
    return (0..<likelihood.imageCount).map { image in
      logSumExp(sums.map { $0[image] }) + Double(lattice.dimension) * log(grid.spacing)
    }
  }

  private static func add(
    _ likelihood: LogLikelihoodGrid, _ points: Rows<Double>, to sums: inout [LogSum]
  ) {
    let (values, count) = (likelihood(points).numbers, likelihood.imageCount)
    for (p, logPrior) in logPrior(points).enumerated() {
      for image in 0..<count { sums[image].add(values[p * count + image] + logPrior) }
    }
  }
}
