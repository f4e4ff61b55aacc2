import TinyNumerics

/// Step t of a diffusion of known data, seen backwards: q(x_{t−1} | x_t) has two peaks, like the
/// data.
struct BackwardStep: Sendable {
  let beta: Double
  let alpha: Double
  /// β̃_t; at t = 1 it is 0.
  let posteriorVariance: Double
  /// q(x_{t−1}) and q(x_t).
  let before: TwoPeaks
  let after: TwoPeaks

  init(_ schedule: Schedule, _ t: Int, data: TwoPeaks = .data) {
    beta = schedule.beta(t)
    alpha = schedule.alpha(t)
    posteriorVariance = schedule.posteriorVariance(t)
    before = data.noised(alphaBar: schedule.alphaBar(t - 1), noise: schedule.noise(t - 1))
    after = data.noised(alphaBar: schedule.alphaBar(t), noise: schedule.noise(t))
  }

  static func all(_ schedule: Schedule) -> [BackwardStep] {
    (1...schedule.steps).map { BackwardStep(schedule, $0) }
  }

  /// q(x_{t−1} | x_t) by Bayes' rule.
  func conditional(_ xt: Double) -> TwoPeaks {
    before.posterior(seeing: xt, scale: alpha.squareRoot(), noise: beta)
  }

  /// v_t(x_t) = Var(x_{t−1} | x_t) from the second derivative of log q(x_t): (β/α) (1 + β ∂² log
  /// q).
  ///
  /// One more derivative of 8.4's formula. The bracket cancels where little of x_{t−1} is left in
  /// x_t.
  func varianceByCurvature(_ xt: Double) -> Double {
    beta / alpha * (1 + beta * after.curvature(xt))
  }
}

/// The four variances that a step back N(E[x_{t−1} | x_t], σ²) may have in eq. 8.6.
enum StepVariance: Int, CaseIterable, Sendable {
  /// σ² = Var(x_{t−1} | x_t), a function of x_t.
  case varying
  /// Its mean over x_t, the best of all constants.
  case constant
  case beta
  /// β̃_t; at t = 1, where that is 0, the best constant.
  case posterior

  var name: String {
    switch self {
    case .varying: "v(x_t)"
    case .constant: "constant"
    case .beta: "β_t"
    case .posterior: "β̃_t"
    }
  }

  /// σ² of step `step`, where v(x_t) = `variance` and its mean is `mean`.
  func value(_ step: BackwardStep, variance: Double, mean: Double) -> Double {
    switch self {
    case .varying: variance
    case .constant: mean
    case .beta: step.beta
    case .posterior: step.posteriorVariance > 0 ? step.posteriorVariance : mean
    }
  }
}
