import TinyNumerics

/// The density that a chain of normal steps back gives to x_0, step by step on a grid:
/// p_θ(x_{t−1}) = ∫ p_θ(x_{t−1} | x_t) p_θ(x_t) dx_t, from p(x_T) = N(0, 1).
///
/// A step is a matrix of transition densities times a vector; only the band where a normal is more
/// than e^{−40} of its height is ever touched.
struct ChainMarginal {
  static let grid = Grid(over: -7...7, count: 801)
  static let nodes = (0..<grid.count).map { grid.node($0) }

  /// p_θ at the nodes.
  private(set) var density = nodes.map(Normal.standard.density)

  /// One step back, x_{t−1} ~ N(mean, variance) at every node x_t.
  mutating func step(back moments: (Double) -> (mean: Double, variance: Double)) {
    let (grid, nodes) = (ChainMarginal.grid, ChainMarginal.nodes)
    var earlier = [Double](repeating: 0, count: grid.count)
    for (xt, density) in zip(nodes, density) {
      let (mean, variance) = moments(xt)
      let height = density * grid.spacing / (2 * .pi * variance).squareRoot()
      let reach = (80 * variance).squareRoot()
      let first = (mean - reach - nodes[0]) / grid.spacing
      let last = (mean + reach - nodes[0]) / grid.spacing
      guard last >= 0, first <= Double(grid.count - 1) else { continue }
      for i in max(0, Int(first))...min(grid.count - 1, Int(last)) {
        let distance = nodes[i] - mean
        earlier[i] += height * exp(-0.5 * distance * distance / variance)
      }
    }
    density = earlier
  }

  /// p_θ(x_0) of a chain.
  init(_ steps: [NormalStep]) {
    for step in steps.reversed() { self.step(back: step.moments) }
  }

  /// p_θ(x_0) of a chain of linear steps.
  init(_ chain: LinearChain) {
    for t in stride(from: chain.schedule.steps, through: 1, by: -1) {
      step { xt in (chain.slopes[t - 1] * xt, chain.variances[t - 1]) }
    }
  }

  /// D(q ‖ p_θ) = ∫ q (log q − log p_θ), in nats. What p_θ has beyond the grid hardly counts here:
  /// there q has much less.
  func divergence(of q: TwoPeaks) -> Double {
    zip(ChainMarginal.nodes, density).reduce(0) { sum, node in
      let (x, p) = node
      let logDensity = q.logDensity(x)
      return sum + exp(logDensity) * (logDensity - log(p)) * ChainMarginal.grid.spacing
    }
  }

  /// P(x_0 ≤ x) under p_θ: cells to the left of x, and a share of the one x lies in.
  var cdf: (Double) -> Double {
    let grid = ChainMarginal.grid
    var sums = [0.0]
    for p in density { sums.append(sums.last! + p * grid.spacing) }
    return { [sums] x in
      let place = (x - grid.bounds.lowerBound) / grid.spacing
      let cell = min(max(Int(place), 0), grid.count - 1)
      let share = min(max(place - Double(cell), 0), 1)
      return (1 - share) * sums[cell] + share * sums[cell + 1]
    }
  }
}
