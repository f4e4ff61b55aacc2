import TinyNumerics

/// A step back of the model: N(E[x_{t−1} | x_t], σ²).
struct NormalStep: Sendable {
  let step: BackwardStep
  let kind: StepVariance
  /// E v_t, the variance where it is the same at every x_t.
  let meanVariance: Double

  func moments(_ xt: Double) -> (mean: Double, variance: Double) {
    let conditional = step.conditional(xt)
    let variance = kind.value(step, variance: conditional.totalVariance, mean: meanVariance)
    return (conditional.mean, variance)
  }

  /// The steps of a chain with the right means; x_T ~ N(0, 1).
  static func chain(_ schedule: Schedule, _ kind: StepVariance) -> [NormalStep] {
    BackwardStep.all(schedule).map { step in
      let mean = step.after.expectation(step.varianceByCurvature).value
      return NormalStep(step: step, kind: kind, meanVariance: mean)
    }
  }

  /// A draw of x_0 from a chain.
  static func sample(_ chain: [NormalStep], using generator: inout some RandomNumberGenerator)
    -> Double
  {
    chain.reversed().reduce(generator.normal()) { xt, step in
      let (mean, variance) = step.moments(xt)
      return mean + variance.squareRoot() * generator.normal()
    }
  }
}
