import TinyNumerics

/// Eq. 8.6, in nats: E_{q(x_0)}[log q(x_0) − ELBO] of a chain whose steps back have the right
/// means, for the four variances: D(q_T ‖ N(0, 1)) and what each normal step loses against
/// q(x_{t−1} | x_t).
struct Gaps: Sendable {
  let values: [Integral]
  subscript(_ variance: StepVariance) -> Integral { values[variance.rawValue] }
}

/// The short road, one integral a step. The entropies of q(x_t | x_{t−1}) are ½ log(2πe β_t), all
/// others cancel between neighbours, and what is left is −E log N(x_T; 0, 1) − h(q_0) + Σ_t ½ (E
/// log(σ_t²/β_t) + E[v_t/σ_t²] − 1).
///
/// - Parameter variance: v_t(x_t), by Bayes' rule or by curvature.
func gaps(
  _ schedule: Schedule, nodes: Int = 320,
  variance: (BackwardStep, Double) -> Double = { $0.conditional($1).totalVariance }
) -> Gaps {
  let steps = BackwardStep.all(schedule)
  let ends = -steps.last!.after.expectation(Normal.standard.logDensity) - TwoPeaks.data.entropy
  var sums = StepVariance.allCases.map { _ in ends }
  for step in steps {
    let (logarithm, mean) = logarithmAndMean(step, nodes: nodes, variance)
    let constant = [StepVariance.constant, .beta, .posterior].map { kind in
      let value = kind.value(step, variance: mean.value, mean: mean.value)
      return Integral(exactly: 0.5 * (log(value / step.beta) - 1)) + (0.5 / value) * mean
    }
    let losses = [0.5 * logarithm] + constant
    sums = zip(sums, losses).map(+)
  }
  return Gaps(values: sums)
}

/// E log(v_t/β_t) and E v_t over q(x_t), in one sweep over the grid and the half-shifted grid.
private func logarithmAndMean(
  _ step: BackwardStep, nodes: Int, _ variance: (BackwardStep, Double) -> Double
) -> (Integral, Integral) {
  let grid = Grid(over: -8...8, count: nodes)
  let sums = [false, true].map { shifted in
    (0..<nodes).reduce((logarithm: 0.0, mean: 0.0)) { sums, i in
      let x = grid.node(i, shifted: shifted)
      let (weight, v) = (step.after.density(x) * grid.spacing, variance(step, x))
      return (sums.logarithm + weight * log(v / step.beta), sums.mean + weight * v)
    }
  }
  return (
    Integral(sums[0].logarithm, andShifted: sums[1].logarithm, evaluations: 2 * nodes),
    Integral(sums[0].mean, andShifted: sums[1].mean, evaluations: 2 * nodes)
  )
}
