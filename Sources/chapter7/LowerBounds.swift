import TinyNumerics

/// T(x) = a + bx, a critic: D = sigmoid(T) is a discriminator.
struct Critic {
  let a: Double
  let b: Double

  func callAsFunction(_ x: Double) -> Double { a + b * x }
}

// Eq. 7.7: what any critic says of p and q from below, in nats.

extension Contest {
  /// Donsker and Varadhan: D(p ‖ q) ≥ E_p T − log E_q e^T; equality at T = log p/q + any constant.
  func donskerVaradhan(_ critic: (Double) -> Double) -> Integral {
    expectation(under: p, of: critic) - expectation(under: q) { exp(critic($0)) }.logarithm
  }

  /// That of the f-divergences: D(p ‖ q) ≥ E_p T − E_q e^{T−1}; equality at T = log p/q + 1 only.
  ///
  /// - Source: Nguyen, Wainwright and Jordan, IEEE Transactions on Information Theory 56 (2010).
  func fDivergenceBound(_ critic: (Double) -> Double) -> Integral {
    expectation(under: p, of: critic) - expectation(under: q) { exp(critic($0) - 1) }
  }

  /// Both in closed form for a linear critic: E_p T = a + bµ, E_q e^T = exp(a + bµ + ½ b²σ²).
  func boundsInClosedForm(_ critic: Critic) -> (donskerVaradhan: Double, fDivergence: Double) {
    let mean = critic(p.mean)
    let logMoment = critic(q.mean) + 0.5 * critic.b * critic.b * q.variance
    return (mean - logMoment, mean - exp(logMoment - 1))
  }

  /// What a discriminator leaves of V(D*): 2 E_m D(label | x ‖ label by D), m = ½p + ½q.
  func shortfall(of logit: (Double) -> Double) -> Integral {
    func miss(_ x: Double) -> Double {
      klDivergence(Bernoulli(logit: logRatio(x)), relativeTo: Bernoulli(logit: logit(x)))
    }
    return expectation(under: p, of: miss) + expectation(under: q, of: miss)
  }
}

/// A discriminator that has learnt its images by heart: the logit is ±certainty, the label of the
/// nearest image that it has seen.
struct Memoriser {
  let real: [Double]
  let generated: [Double]
  let certainty: Double

  func logit(_ x: Double) -> Double {
    func distance(_ seen: [Double]) -> Double { seen.reduce(.infinity) { min($0, abs($1 - x)) } }
    return distance(real) < distance(generated) ? certainty : -certainty
  }

  /// V on given images: the mean of log D over the real ones plus that of log(1 − D) over the
  /// others.
  func value(_ real: [Double], _ generated: [Double]) -> Estimate {
    Estimate(zip(real, generated).map { logSigmoid(logit($0)) + logSigmoid(-logit($1)) })
  }
}
