import TinyNumerics

// Eq. 5.10: every distribution with an increasing distribution function F has the path z = F⁻¹(u)
// from uniform noise u.

/// z = −log(1 − u)/λ ~ Exponential(λ), with the density λe^{−λz}.
struct ExponentialPath: Path {
  let rate: Double

  func logNoiseDensity(_ noise: Double) -> Double { 0 }

  func callAsFunction(_ noise: Double) -> Double { -log1p(-noise) / rate }

  func slope(at noise: Double) -> Double { 1 / (rate * (1 - noise)) }

  /// log p(z) = log λ − λz, in nats.
  func logDensity(_ z: Double) -> Double { log(rate) - rate * z }

  /// ∂z/∂λ with u held fixed: −z/λ.
  func rateSlope(at z: Double) -> Double { -z / rate }
}

/// z = µ + s log(u/(1 − u)) ~ Logistic(µ, s), with the density
/// e^{−t}/(s (1 + e^{−t})²), t = (z − µ)/s.
struct LogisticPath: Path {
  let location: Double
  let scale: Double

  func logNoiseDensity(_ noise: Double) -> Double { 0 }

  func callAsFunction(_ noise: Double) -> Double {
    location + scale * (log(noise) - log1p(-noise))
  }

  func slope(at noise: Double) -> Double { scale / (noise * (1 - noise)) }

  /// log p(z) = log sigmoid(t) + log sigmoid(−t) − log s, in nats.
  func logDensity(_ z: Double) -> Double {
    let t = (z - location) / scale
    return logSigmoid(t) + logSigmoid(-t) - log(scale)
  }

  /// ∂z/∂s with u held fixed: (z − µ)/s. (∂z/∂µ is 1.)
  func scaleSlope(at z: Double) -> Double { (z - location) / scale }
}
