import TinyNumerics

/// The distribution w₁ N(m₁, V) + w₂ N(m₂, V), w₁ + w₂ = 1, of one real variable. Noise leaves it
/// of this kind, and so does the observation of x plus noise: a diffusion of it has no unknown.
struct TwoPeaks: Sendable {
  let logOdds: Double
  let means: (Double, Double)
  let variance: Double

  /// The data of this chapter, of mean 0 and variance 1: 0.6 N(8/11, (5/11)²) + 0.4 N(−12/11,
  /// (5/11)²).
  static let data = TwoPeaks(
    logOdds: log(1.5), means: (8.0 / 11, -12.0 / 11), variance: 25.0 / 121)

  private var weights: (Double, Double) { (sigmoid(logOdds), sigmoid(-logOdds)) }
  private var distance: Double { means.0 - means.1 }

  func logDensity(_ x: Double) -> Double {
    let (a, b) = (x - means.0, x - means.1)
    var sum = LogSum()
    sum.add(logSigmoid(logOdds) - 0.5 * a * a / variance)
    sum.add(logSigmoid(-logOdds) - 0.5 * b * b / variance)
    return sum.value - 0.5 * log(variance) - 0.5 * logTwoPi
  }

  func density(_ x: Double) -> Double {
    let (a, b) = (x - means.0, x - means.1)
    let sum =
      sigmoid(logOdds) * exp(-0.5 * a * a / variance)
      + sigmoid(-logOdds) * exp(-0.5 * b * b / variance)
    return sum / (2 * Double.pi * variance).squareRoot()
  }

  /// The log-odds of the first peak once x is seen: linear in x.
  private func logOdds(at x: Double) -> Double {
    logOdds + (x - 0.5 * (means.0 + means.1)) * distance / variance
  }

  /// The product of the two peaks' probabilities at x.
  private func product(_ x: Double) -> Double {
    let odds = logOdds(at: x)
    return sigmoid(odds) * sigmoid(-odds)
  }

  /// ∂ log q = (r₁m₁ + r₂m₂ − x)/V, r the peaks' probabilities at x.
  func score(_ x: Double) -> Double {
    let odds = logOdds(at: x)
    return (sigmoid(odds) * means.0 + sigmoid(-odds) * means.1 - x) / variance
  }

  /// ∂² log q = −1/V + r₁r₂ (m₁ − m₂)²/V².
  func curvature(_ x: Double) -> Double {
    let slope = distance / variance
    return -1 / variance + product(x) * slope * slope
  }

  /// ∂³ log q = r₁r₂ (r₂ − r₁) ((m₁ − m₂)/V)³.
  func thirdDerivative(_ x: Double) -> Double {
    let slope = distance / variance
    return -product(x) * tanh(0.5 * logOdds(at: x)) * slope * slope * slope
  }

  /// w₁m₁ + w₂m₂.
  var mean: Double { weights.0 * means.0 + weights.1 * means.1 }

  /// V + w₁w₂ (m₁ − m₂)²: as a difference of squares it would cancel.
  var totalVariance: Double { variance + weights.0 * weights.1 * distance * distance }

  func cdf(_ x: Double) -> Double {
    weights.0 * Normal(mean: means.0, variance: variance).cdf(x)
      + weights.1 * Normal(mean: means.1, variance: variance).cdf(x)
  }

  /// The distribution of √ᾱ x + √(1 − ᾱ) ε: peaks drawn together, and widened to ᾱV + 1 − ᾱ.
  func noised(alphaBar: Double, noise: Double) -> TwoPeaks {
    let scale = alphaBar.squareRoot()
    return TwoPeaks(
      logOdds: logOdds, means: (scale * means.0, scale * means.1),
      variance: alphaBar * variance + noise)
  }

  /// Bayes' rule: x once y ~ N(scale·x, noise) is seen. Each peak is a normal prior of its own.
  func posterior(seeing y: Double, scale: Double, noise: Double) -> TwoPeaks {
    let precision = 1 / variance + scale * scale / noise
    let pull = scale * y / noise
    let evidence = scale * scale * variance + noise  // the variance of y in each peak
    let (a, b) = (y - scale * means.0, y - scale * means.1)
    return TwoPeaks(
      logOdds: logOdds + 0.5 * (b * b - a * a) / evidence,
      means: ((means.0 / variance + pull) / precision, (means.1 / variance + pull) / precision),
      variance: 1 / precision)
  }

  /// E[f(x)] on a grid and on the half-shifted grid, for distributions of variance about 1.
  func expectation(nodes: Int = 320, _ f: (Double) -> Double) -> Integral {
    Grid(over: -8...8, count: nodes).integrate { density($0) * f($0) }
  }

  /// h = −∫ q log q, in nats.
  var entropy: Integral { -expectation(logDensity) }
}
