import TinyNumerics

// Eq. 8.1: the guide of a diffusion. It has nothing to learn, and every conditional of it is a
// normal.

extension Schedule {
  /// q(x_t | x_{t−1}) = N(√α_t x_{t−1}, β_t), one step.
  func step(_ t: Int, from x: Double) -> Normal {
    Normal(mean: alpha(t).squareRoot() * x, variance: beta(t))
  }

  /// Eq. 8.1: t steps at once, q(x_t | x_0) = N(√ᾱ_t x_0, 1 − ᾱ_t).
  func marginal(_ t: Int, from x0: Double) -> Normal {
    Normal(mean: alphaBar(t).squareRoot() * x0, variance: noise(t))
  }

  /// The weights of x_0 and of x_t in the mean µ̃_t of q(x_{t−1} | x_t, x_0):
  /// √ᾱ_{t−1} β_t/(1 − ᾱ_t) and √α_t (1 − ᾱ_{t−1})/(1 − ᾱ_t).
  func posteriorWeights(_ t: Int) -> (x0: Double, xt: Double) {
    (
      alphaBar(t - 1).squareRoot() * beta(t) / noise(t),
      alpha(t).squareRoot() * noise(t - 1) / noise(t)
    )
  }

  /// β̃_t = β_t (1 − ᾱ_{t−1})/(1 − ᾱ_t), the variance of q(x_{t−1} | x_t, x_0); 0 at t = 1.
  func posteriorVariance(_ t: Int) -> Double { beta(t) * noise(t - 1) / noise(t) }

  /// Eq. 8.1: q(x_{t−1} | x_t, x_0) = N(µ̃_t, β̃_t), Bayes' rule on normals.
  /// - Requires: t ≥ 2; at t = 1 nothing is uncertain.
  func posterior(_ t: Int, x0: Double, xt: Double) -> Normal {
    let weights = posteriorWeights(t)
    return Normal(mean: weights.x0 * x0 + weights.xt * xt, variance: posteriorVariance(t))
  }

  /// x_1 … x_T, step by step.
  func path(from x0: Double, using generator: inout some RandomNumberGenerator) -> [Double] {
    var (path, x) = ([Double](), x0)
    for t in 1...steps {
      x = step(t, from: x).sample(using: &generator)
      path.append(x)
    }
    return path
  }
}

/// The same conditionals from the steps alone: densities multiplied and summed on a grid.
struct StepwiseDensities {
  let schedule: Schedule
  let grid = Grid(over: -10...10, count: 400)

  /// Chapman and Kolmogorov: q(x_t | x_0) = ∫ q(x_t | x_{t−1}) q(x_{t−1} | x_0) dx_{t−1}, t ≥ 2.
  func marginalDensity(_ t: Int, at xt: Double, from x0: Double) -> Integral {
    grid.integrate { x in
      schedule.step(t, from: x).density(xt) * schedule.marginal(t - 1, from: x0).density(x)
    }
  }

  /// Mean and variance of q(x_{t−1} | x_t, x_0) ∝ q(x_t | x_{t−1}) q(x_{t−1} | x_0).
  func posteriorMoments(_ t: Int, x0: Double, xt: Double) -> (mean: Integral, variance: Integral) {
    let evidence = marginalDensity(t, at: xt, from: x0).value
    func expectation(_ f: (Double) -> Double) -> Integral {
      grid.integrate { x in
        f(x) * schedule.step(t, from: x).density(xt)
          * schedule.marginal(t - 1, from: x0).density(x) / evidence
      }
    }
    let mean = expectation { $0 }
    return (mean, expectation { ($0 - mean.value) * ($0 - mean.value) })
  }
}
