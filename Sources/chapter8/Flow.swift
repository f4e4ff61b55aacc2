import TinyNumerics

/// Eq. 8.8: the equation dx/du = f(u, x) = −½β(u) (x + ∂ log q_u(x)), which moves single points so
/// that their density is q_u at every u: noise in law, and no noise in any path.
///
/// - Source: Song, Sohl-Dickstein, Kingma, Kumar, Ermon and Poole, arXiv:2011.13456 (2021), section
///   4.3.
struct ProbabilityFlow {
  let noise: ContinuousNoise
  let data: TwoPeaks

  func density(_ u: Double) -> TwoPeaks {
    data.noised(alphaBar: noise.alphaBar(u), noise: noise.noise(u))
  }

  /// f and ∂f/∂x.
  func velocity(_ u: Double, _ x: Double) -> (value: Double, slope: Double) {
    let (q, half) = (density(u), -0.5 * noise.rate(u))
    return (half * (x + q.score(x)), half * (1 + q.curvature(x)))
  }

  /// x at u = 1 of the path that starts at x_0, and ∫∂f/∂x du along it: four evaluations a step
  /// (Runge and Kutta).
  func carry(_ x0: Double, steps: Int) -> (x: Double, stretch: Double) {
    let h = 1 / Double(steps)
    var (x, stretch) = (x0, 0.0)
    for k in 0..<steps {
      let u = Double(k) * h
      let a = velocity(u, x)
      let b = velocity(u + h / 2, x + h / 2 * a.value)
      let c = velocity(u + h / 2, x + h / 2 * b.value)
      let d = velocity(u + h, x + h * c.value)
      x += h / 6 * (a.value + 2 * b.value + 2 * c.value + d.value)
      stretch += h / 6 * (a.slope + 2 * b.slope + 2 * c.slope + d.slope)
    }
    return (x, stretch)
  }

  /// Eq. 8.8: log q_0(x_0) = log q_T(x_T) + ∫∂f/∂x du, the change of variables of 1.7 for a flow.
  func logDensity(_ x0: Double, steps: Int) -> Double {
    let (x, stretch) = carry(x0, steps: steps)
    return density(1).logDensity(x) + stretch
  }

  /// The x_T with F_T(x_T) = F_0(x_0), by halving: a flow on a line keeps the order of points,
  /// hence the probability to the left of each.
  func code(_ x0: Double) -> Double {
    let (target, last) = (data.cdf(x0), density(1))
    var (low, high) = (-20.0, 20.0)
    while true {
      let middle = low + (high - low) / 2
      guard low < middle, middle < high else { return middle }
      if last.cdf(middle) < target { low = middle } else { high = middle }
    }
  }
}
