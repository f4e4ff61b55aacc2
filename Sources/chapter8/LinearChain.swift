import TinyNumerics

/// A generative chain of linear steps: x_T ~ N(0, 1), then p(x_{t−1} | x_t) = N(a_t x_t, v_t).
/// Everything about it is Gaussian, so evidence, bound and gap of eqs. 8.2 and 8.3 are closed
/// forms, in nats.
struct LinearChain {
  let schedule: Schedule
  /// a_1 … a_T and v_1 … v_T.
  let slopes: [Double]
  let variances: [Double]

  /// Which variance the steps back have.
  enum Variance: CaseIterable { case beta, own, posterior }

  /// The steps back that are best for data N(0, s²): a_t x_t = E[x_{t−1} | x_t], and as variance
  /// β_t, or the conditional's own, or β̃_t (and at t = 1, where that is 0, the conditional's own).
  init(_ schedule: Schedule, dataVariance: Double, variance: Variance) {
    self.schedule = schedule
    func total(_ t: Int) -> Double { schedule.alphaBar(t) * dataVariance + schedule.noise(t) }
    slopes = (1...schedule.steps).map {
      schedule.alpha($0).squareRoot() * total($0 - 1) / total($0)
    }
    variances = (1...schedule.steps).map { t in
      switch variance {
      case .beta: schedule.beta(t)
      case .posterior where t > 1: schedule.posteriorVariance(t)
      default: schedule.beta(t) * total(t - 1) / total(t)
      }
    }
  }

  func step(_ t: Int, from x: Double) -> Normal {
    Normal(mean: slopes[t - 1] * x, variance: variances[t - 1])
  }

  /// log p(x_0): the variance of x_{t−1} is a_t² times that of x_t, plus v_t.
  func logEvidence(of x0: Double) -> Double {
    let variance = zip(slopes, variances).reversed().reduce(1) { $1.0 * $1.0 * $0 + $1.1 }
    return Normal(mean: 0, variance: variance).logDensity(x0)
  }

  /// Eq. 8.2: L_T = D(q(x_T | x_0) ‖ N(0, 1)).
  func priorTerm(_ x0: Double) -> Double {
    klDivergence(schedule.marginal(schedule.steps, from: x0), relativeTo: .standard)
  }

  /// Eq. 8.2: L_{t−1} = E_{q(x_t | x_0)} D(q(x_{t−1} | x_t, x_0) ‖ p(x_{t−1} | x_t)), t ≥ 2. The
  /// two means differ by µ̃_t − a_t x_t, a normal variable whose mean square is known.
  func stepTerm(_ t: Int, _ x0: Double) -> Double {
    let weights = schedule.posteriorWeights(t)
    let (slope, variance) = (weights.xt - slopes[t - 1], variances[t - 1])
    let marginal = schedule.marginal(t, from: x0)
    let shift = weights.x0 * x0 + slope * marginal.mean
    let square = shift * shift + slope * slope * marginal.variance
    let ratio = schedule.posteriorVariance(t) / variance
    return 0.5 * (square / variance + excessOverLogarithm(ratio))
  }

  /// Eq. 8.2: L_0 = −E_{q(x_1 | x_0)} log p(x_0 | x_1).
  func reconstructionTerm(_ x0: Double) -> Double {
    let marginal = schedule.marginal(1, from: x0)
    let centre = step(1, from: marginal.mean)
    let spread = slopes[0] * slopes[0] * marginal.variance
    return 0.5 * spread / variances[0] - centre.logDensity(x0)
  }

  /// Eq. 8.2: −(L_T + Σ_{t≥2} L_{t−1} + L_0).
  func elbo(_ x0: Double) -> Double {
    -priorTerm(x0) - stepTerms(x0) - reconstructionTerm(x0)
  }

  /// Σ_{t≥2} L_{t−1}.
  func stepTerms(_ x0: Double) -> Double {
    (1...schedule.steps).dropFirst().reduce(0) { $0 + stepTerm($1, x0) }
  }
}
