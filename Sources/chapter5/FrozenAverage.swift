import TinyNumerics

/// Eq. 5.6: the average F(µ, σ) = (1/N) Σᵢ f(µ + σεᵢ) over noise that is drawn once and then
/// frozen.
///
/// It is an ordinary function of µ and σ. Its derivative is the pathwise estimate of eq. 5.3, and
/// its finite differences use *common random numbers*: the noise cancels in the difference.
struct FrozenAverage {
  let f: Integrand
  let noise: [Double]

  func callAsFunction(_ mean: Double, _ standardDeviation: Double) -> Double {
    average { f.value(mean + standardDeviation * $0) }
  }

  /// The pathwise estimate from the same noise.
  func pathwise(_ q: Normal) -> NormalGradient {
    let draws = noise.map { pathwiseGradient(ofSlope: f.slope, under: q, noise: $0) }
    return NormalGradient(
      mean: draws.reduce(0) { $0 + $1.mean } / Double(draws.count),
      standardDeviation: draws.reduce(0) { $0 + $1.standardDeviation } / Double(draws.count))
  }

  /// (F(µ + h) − F(µ − h))/2h, and the same in σ.
  func centralDifference(_ q: Normal, step h: Double) -> NormalGradient {
    let (mean, sigma) = (q.mean, q.standardDeviation)
    return NormalGradient(
      mean: (self(mean + h, sigma) - self(mean - h, sigma)) / (2 * h),
      standardDeviation: (self(mean, sigma + h) - self(mean, sigma - h)) / (2 * h))
  }

  func average(_ term: (Double) -> Double) -> Double {
    noise.reduce(0) { $0 + term($1) } / Double(noise.count)
  }
}

/// The standard deviation of (F₁(µ + h) − F₂(µ − h))/2h when the two averages over N draws have
/// *fresh* noise each: √((Var f(z₊) + Var f(z₋))/N)/2h, which explodes as h → 0. Exact, by
/// Gauss–Hermite.
func freshNoiseDeviation(of f: Integrand, under q: Normal, step h: Double, draws: Int) -> Double {
  let variances = [h, -h].map { shift in
    Moments { f.value(q.mean + shift + q.standardDeviation * $0) }.variance
  }
  return ((variances[0] + variances[1]) / Double(draws)).squareRoot() / (2 * h)
}

/// The same for f = sin in closed form: Var sin z = ½ (1 − e^{−2σ²} cos 2µ) − e^{−σ²} sin² µ.
func freshSineDeviation(under q: Normal, step h: Double, draws: Int) -> Double {
  let variances = [h, -h].map { shift in
    let mean = q.mean + shift
    return 0.5 * (1 - exp(-2 * q.variance) * cos(2 * mean)) - exp(-q.variance) * square(sin(mean))
  }
  return ((variances[0] + variances[1]) / Double(draws)).squareRoot() / (2 * h)
}
