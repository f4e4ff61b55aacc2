import TinyNumerics

/// Eq. 8.6 as it is defined: D(q_T ‖ N(0, 1)) + Σ_t E D(q(x_{t−1} | x_t) ‖ p_θ(x_{t−1} | x_t)),
/// every divergence an integral over x_{t−1}, averaged by an integral over x_t.
func gapsByDivergence(_ schedule: Schedule) -> Gaps {
  let steps = BackwardStep.all(schedule)
  let last = steps.last!.after
  let prior = last.expectation { last.logDensity($0) - Normal.standard.logDensity($0) }
  let losses = inParallel(steps.count) { divergences(steps[$0]) }
  let values = StepVariance.allCases.indices.map { k in losses.reduce(prior) { $0 + $1[k] } }
  return Gaps(values: values)
}

/// E D(q(x_{t−1} | x_t) ‖ N(E[x_{t−1} | x_t], σ²)) for the four σ².
private func divergences(_ step: BackwardStep) -> [Integral] {
  let grid = Grid(over: -8...8, count: 160)
  let sums = [false, true].map { shifted -> [Double] in
    let rows = (0..<grid.count).map { i -> (weight: Double, conditional: Moments) in
      let x = grid.node(i, shifted: shifted)
      return (step.after.density(x) * grid.spacing, Moments(step.conditional(x)))
    }
    let mean = rows.reduce(0) { $0 + $1.weight * $1.conditional.variance }
    return StepVariance.allCases.map { kind in
      rows.reduce(0) { sum, row in
        let variance = kind.value(step, variance: row.conditional.variance, mean: mean)
        return sum + row.weight * row.conditional.divergence(fromNormalOfVariance: variance)
      }
    }
  }
  return StepVariance.allCases.indices.map { k in
    Integral(sums[0][k], andShifted: sums[1][k], evaluations: 2 * grid.count)
  }
}

/// Negative entropy and variance of one q(x_{t−1} | x_t), summed on a grid of its own.
private struct Moments {
  var logDensity = 0.0
  var variance = 0.0

  init(_ q: TwoPeaks) {
    let deviation = q.variance.squareRoot()
    let (left, right) = (min(q.means.0, q.means.1), max(q.means.0, q.means.1))
    let bounds = (left - 9 * deviation)...(right + 9 * deviation)
    let count = Int((bounds.upperBound - bounds.lowerBound) / (0.15 * deviation)) + 1
    let grid = Grid(over: bounds, count: count)
    for i in 0..<count {
      let x = grid.node(i)
      let logDensity = q.logDensity(x)
      let weight = exp(logDensity) * grid.spacing
      self.logDensity += weight * logDensity
      variance += weight * (x - q.mean) * (x - q.mean)
    }
  }

  /// E_q[log q − log N(x; E x, σ²)].
  func divergence(fromNormalOfVariance sigma2: Double) -> Double {
    logDensity + 0.5 * (logTwoPi + log(sigma2) + variance / sigma2)
  }
}
