import TinyNetworks
import TinyNumerics

/// The density proportional to exp f(z) on an interval, for an f that is known but not integrable
/// in closed form: the neural model's posterior. Its normaliser and its expectations are sums over
/// an equally spaced grid, its draws come from the cumulative sum.
public struct TabulatedPosterior: LatentDistribution {
  private let logUnnormalised: @Sendable (Double) -> Double
  private let grid: Grid
  /// Probabilities of the grid's cells, and their cumulative sums, for drawing.
  private let cells: [Double]
  private let cumulative: [Double]
  /// log ∫ exp f.
  public let logNormaliser: Double
  /// The change of `logNormaliser` from one grid to the half-shifted one, in nats, halved.
  public let error: Double

  /// - Requires: an f that is finite on the interval.
  public init(
    over bounds: ClosedRange<Double>, count: Int = 1024,
    _ logUnnormalised: @escaping @Sendable (Double) -> Double
  ) {
    let grid = Grid(over: bounds, count: count)
    self.grid = grid
    self.logUnnormalised = logUnnormalised
    var plain = (0..<count).map { logUnnormalised(grid.node($0)) }
    var shifted = (0..<count).map { logUnnormalised(grid.node($0, shifted: true)) }
    let sums = [
      softmaxRows(&plain, rows: 1, columns: count)[0],
      softmaxRows(&shifted, rows: 1, columns: count)[0],
    ].map { $0 + log(grid.spacing) }
    logNormaliser = logMeanExp(sums)
    error = abs(sums[0] - sums[1]) / 2
    cells = plain
    var running = 0.0
    cumulative = cells.map {
      running += $0
      return running
    }
  }

  public var nodeCount: Int { 2 * grid.count }

  public func logDensity(_ z: Double) -> Double { logUnnormalised(z) - logNormaliser }

  public func expectation(of f: (Double) -> Double) -> Integral {
    grid.integrate { z in
      let density = exp(logDensity(z))
      return density == 0 ? 0 : density * f(z)
    }
  }

  /// A cell by its probability and a uniform point in it: exact up to the grid's spacing, which the
  /// posterior hardly changes over.
  public func sample(using generator: inout some RandomNumberGenerator) -> Double {
    let u = generator.uniform()
    var (low, high) = (0, cells.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if cumulative[middle] > u { high = middle } else { low = middle + 1 }
    }
    return grid.node(low) + (generator.uniform() - 0.5) * grid.spacing
  }
}
