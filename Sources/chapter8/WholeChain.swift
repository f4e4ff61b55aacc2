import TinyNumerics

// The same chain without steps: x_0, …, x_T as one Gaussian, its guide as another.

extension Schedule {
  /// q(x_1, …, x_T | x_0): means √ᾱ_t x_0, covariances √(ᾱ_t/ᾱ_s) (1 − ᾱ_s) for s ≤ t.
  func guide(from x0: Double) -> Gaussian {
    Gaussian(
      mean: (1...steps).map { alphaBar($0).squareRoot() * x0 },
      covariance: Matrix(rows: steps, columns: steps) { i, j in
        let (s, t) = (min(i, j) + 1, max(i, j) + 1)
        return (alphaBar(t) / alphaBar(s)).squareRoot() * noise(s)
      })
  }
}

extension LinearChain {
  /// p(x_0, x_1, …, x_T). Row T of the covariance is filled first; each step back adds a row.
  var joint: Gaussian {
    let last = schedule.steps
    var covariance = Matrix(rows: last + 1, columns: last + 1)
    covariance[last, last] = 1
    for t in stride(from: last, through: 1, by: -1) {
      for s in t...last {
        covariance[t - 1, s] = slopes[t - 1] * covariance[t, s]
        covariance[s, t - 1] = covariance[t - 1, s]
      }
      covariance[t - 1, t - 1] = slopes[t - 1] * covariance[t - 1, t] + variances[t - 1]
    }
    return Gaussian(mean: Array(repeating: 0, count: last + 1), covariance: covariance)
  }

  /// Eq. 8.2 as it is defined: E_q[log p(x_0, …, x_T)] + H(q). The expectation of a quadratic form
  /// is its value at the mean and −½ tr(PS), P the precision of p's x_1 … x_T and S the covariance
  /// of q.
  func elboOfTheWhole(_ x0: Double) -> Double {
    let (p, q) = (joint, schedule.guide(from: x0))
    let precision = p.cholesky.inverse
    var trace = 0.0
    for i in 0..<q.dimension {
      for j in 0..<q.dimension { trace += precision[i + 1, j + 1] * q.covariance[j, i] }
    }
    return p.logDensity([x0] + q.mean) - 0.5 * trace + q.entropy
  }

  /// Eq. 8.3: D(q(x_1 … x_T | x_0) ‖ p(x_1 … x_T | x_0)), the posterior by conditioning the joint
  /// Gaussian.
  func gap(_ x0: Double) -> Double {
    klDivergence(
      schedule.guide(from: x0), relativeTo: joint.conditional(on: [0], equalTo: [x0]))
  }

  /// One draw of log p(x_0, …, x_T) − log q(x_1, …, x_T | x_0): its mean is the ELBO.
  func sampledELBO(_ x0: Double, using generator: inout some RandomNumberGenerator) -> Double {
    let path = [x0] + schedule.path(from: x0, using: &generator)
    var sum = Normal.standard.logDensity(path[schedule.steps])
    for t in 1...schedule.steps {
      sum += step(t, from: path[t]).logDensity(path[t - 1])
      sum -= schedule.step(t, from: path[t - 1]).logDensity(path[t])
    }
    return sum
  }
}
