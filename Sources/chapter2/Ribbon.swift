import TinyNumerics
import ToyModels

/// The neural example as the page writes it, number by number: f(z) and g(z). `NeuralModel`
/// computes the same with vectors of weights.
func ribbon(_ z: Double) -> (mean: (Double, Double), logVariance: (Double, Double)) {
  let u = (tanh(0.8 * z + 0.1), tanh(2.2 * z), tanh(1.5 * z + 1.8), tanh(1.5 * z - 1.8))
  let v = (tanh(z + 0.5), tanh(-2 * z + 0.3), tanh(0.7 * z), tanh(1.5 * z - 1))
  return (
    (5 * u.0 - 4 * u.1 + 0.3 * u.2, 0.2 * u.1 + 1.5 * u.2 - 1.5 * u.3 - 1),
    (0.8 * v.0 + 0.4 * v.2 - 2.6, -0.6 * v.0 + 0.5 * v.1 + 0.3 * v.3 - 2.2)
  )
}

/// The neural example's posterior from the page's formulas, for eq. 2.1: log p(x₁|z) + log p(x₂|z)
/// + log p(z), three normal densities, summed over equally spaced nodes.
func ribbonPosterior(given x: SIMD2<Double>) -> TabulatedPosterior {
  TabulatedPosterior(over: -8...8) { z in
    let (mean, logVariance) = ribbon(z)
    return Normal(mean: mean.0, variance: exp(logVariance.0)).logDensity(x.x)
      + Normal(mean: mean.1, variance: exp(logVariance.1)).logDensity(x.y)
      + Normal.standard.logDensity(z)
  }
}
