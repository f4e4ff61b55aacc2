import TinyNumerics

/// Two distributions on the line, so that all about their discriminator can be known: p makes the
/// data, q is the generator. A label, real or generated, is drawn with equal shares, then x.
struct Contest {
  let p: Normal
  let q: Normal

  /// log p(x)/q(x).
  func logRatio(_ x: Double) -> Double { p.logDensity(x) - q.logDensity(x) }

  /// Eq. 7.5: D*(x) = p/(p + q), the probability that x is real. It is sigmoid(log p/q).
  func bestDiscriminator(_ x: Double) -> Double { sigmoid(logRatio(x)) }

  /// log p/q = c_0 + c_1 x + c_2 x²: of equal variances linear, otherwise quadratic.
  var logRatioCoefficients: [Double] {
    let (a, b) = (1 / p.variance, 1 / q.variance)
    return [
      0.5 * (b * q.mean * q.mean - a * p.mean * p.mean + log(a / b)), a * p.mean - b * q.mean,
      0.5 * (b - a),
    ]
  }

  /// The game's value for D = sigmoid(logit), in nats: V(D) = E_p log D + E_q log(1 − D).
  func value(of logit: (Double) -> Double) -> Integral {
    expectation(under: p) { logSigmoid(logit($0)) }
      + expectation(under: q) { logSigmoid(-logit($0)) }
  }

  /// Eq. 7.5 by logistic regression of the label on (x, …, x^degree), with the share π of real x:
  /// the two classes on the nodes of a grid, each node as often as its class puts it there.
  func regression(degree: Int, share: Double = 0.5) -> LogisticRegression {
    let grid = Grid(over: -16...16, count: 320)
    let rows = (0..<grid.count).flatMap { i -> [LogisticRegression.Row] in
      let x = grid.node(i)
      let features = (0..<degree).map { pow(x, Double($0 + 1)) }
      return [
        .init(features: features, label: true, weight: share * grid.spacing * p.density(x)),
        .init(features: features, label: false, weight: (1 - share) * grid.spacing * q.density(x)),
      ]
    }
    return LogisticRegression(rows, priorPrecision: 0)
  }

  /// D*(x) by climbing p log D + q log(1 − D) in D's logit, as if no calculus were known.
  ///
  /// The slope in the logit is p − (p + q) D: where the climb ends, D is off by slope/(p + q).
  func climbedDiscriminator(_ x: Double) -> Integral {
    let total = p.density(x) + q.density(x)
    let (real, generated) = (p.density(x) / total, q.density(x) / total)
    let ascent = maximise(from: [0], tolerance: 1e-11) { logit in
      let d = sigmoid(logit[0])
      return (
        real * log(d) + generated * logSigmoid(-logit[0]), [real * (1 - d) - generated * d]
      )
    }
    return Integral(
      exactly: sigmoid(ascent.point[0]), error: ascent.converged ? ascent.gradientNorm : .nan)
  }
}

extension Contest {
  /// N(0, 1) against N(m, 1).
  static func shifted(by m: Double) -> Contest {
    Contest(p: .standard, q: Normal(mean: m, standardDeviation: 1))
  }

  /// N(0, 1) against N(1, 4).
  static let wide = Contest(p: .standard, q: Normal(mean: 1, standardDeviation: 2))

  static let examples: [(name: String, contest: Contest)] =
    [1.0, 2, 4].map { ("N(\(Int($0)), 1)", .shifted(by: $0)) } + [("N(1, 4)", .wide)]
}
