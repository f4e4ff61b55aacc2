import TinyNumerics

/// Eq. 8.3 for one x_0 of the two peaks, in nats: bound and gap of a chain of normal steps, neither
/// with the help of log p(x_0).
struct ChainAtOnePoint {
  let schedule: Schedule
  let chain: [NormalStep]
  let x0: Double

  private var grid: Grid { ChainMarginal.grid }

  private func step(_ t: Int, _ xt: Double) -> Normal {
    let (mean, variance) = chain[t - 1].moments(xt)
    return Normal(mean: mean, variance: variance)
  }

  /// −(L_T + Σ L_{t−1} + L_0): one integral over q(x_t | x_0) for every t, of closed-form
  /// divergences.
  var elbo: Integral {
    let last = schedule.marginal(schedule.steps, from: x0)
    let prior = Integral(exactly: klDivergence(last, relativeTo: .standard))
    return (1...schedule.steps).reduce(-prior) { sum, t in
      let marginal = schedule.marginal(t, from: x0)
      return sum
        - Grid(over: -7...7, count: 400).integrate { xt in
          let loss =
            t == 1
            ? -step(1, xt).logDensity(x0)
            : klDivergence(schedule.posterior(t, x0: x0, xt: xt), relativeTo: step(t, xt))
          return marginal.density(xt) * loss
        }
    }
  }

  /// D(q(x_1 … x_T | x_0) ‖ p(x_1 … x_T | x_0)), the posterior taken from its own normalisers:
  /// h_t(x_t) = p(x_0 | x_t), and p(x_{t−1} | x_t, x_0) = p(x_{t−1} | x_t)
  /// h_{t−1}(x_{t−1})/h_t(x_t).
  var gap: Double {
    let nodes = ChainMarginal.nodes
    var h = nodes.map { step(1, $0).density(x0) }
    var gap = 0.0
    for t in (1...schedule.steps).dropFirst() {
      let logEarlier = h.map { log($0) }
      let marginal = schedule.marginal(t, from: x0)
      for (j, xt) in nodes.enumerated() {
        let (p, q) = (step(t, xt), schedule.posterior(t, x0: x0, xt: xt))
        h[j] = sum(near: p) { i in p.density(nodes[i]) * exp(logEarlier[i]) }
        let divergence = sum(near: q) { i in
          let logDensity = q.logDensity(nodes[i])
          return exp(logDensity) * (logDensity - p.logDensity(nodes[i]) - logEarlier[i] + log(h[j]))
        }
        gap += marginal.density(xt) * divergence * grid.spacing
      }
    }
    return gap + divergenceOfTheLast(h)
  }

  /// D(q(x_T | x_0) ‖ p(x_T | x_0)), the posterior being h_T(x_T) N(x_T; 0, 1) over its sum.
  private func divergenceOfTheLast(_ h: [Double]) -> Double {
    let (last, nodes) = (schedule.marginal(schedule.steps, from: x0), ChainMarginal.nodes)
    let joint = zip(nodes, h).map { Normal.standard.density($0) * $1 }
    let evidence = joint.reduce(0, +) * grid.spacing
    return zip(nodes, joint).reduce(0) { sum, node in
      let logDensity = last.logDensity(node.0)
      return sum + exp(logDensity) * (logDensity - log(node.1 / evidence)) * grid.spacing
    }
  }

  /// Σ over the nodes within nine standard deviations, times their spacing.
  private func sum(near q: Normal, _ f: (Int) -> Double) -> Double {
    let reach = 9 * q.standardDeviation
    let first = (q.mean - reach - grid.node(0)) / grid.spacing
    let last = (q.mean + reach - grid.node(0)) / grid.spacing
    guard last >= 0, first <= Double(grid.count - 1) else { return 0 }
    var sum = 0.0
    for i in max(0, Int(first))...min(grid.count - 1, Int(last)) { sum += f(i) }
    return sum * grid.spacing
  }
}
