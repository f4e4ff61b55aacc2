import Foundation
import TinyNumerics
import ToyModels

// Eq. 2.2: the posterior has mass 1. Its normaliser comes from one rule and the integral from
// another: a posterior that is summed by the rule that normalised it has mass 1 whatever the rule
// got wrong.

/// Σ_z p(z|x), each class from odds of its own: nothing has divided them by their sum. Exact.
func posteriorMass(of model: MixtureModel, given x: Double) -> Integral {
  let mass = model.posterior(given: x).probabilities.reduce(0, +)
  return Integral(exactly: mass, error: rounding(1))
}

/// ∫ p(z|x) dz of the closed form, whose normaliser is a determinant, by equally spaced nodes
/// within nine standard deviations of its mean.
///
/// - Requires: one or two latent dimensions.
func posteriorMass(of model: LinearGaussianModel, given x: [Double]) -> Integral {
  let posterior = model.posterior(given: x)
  let grids = boxAround(posterior, halfWidth: 9, nodes: 64)
  let mass =
    grids.count == 1
    ? grids[0].integrate { exp(posterior.logDensity([$0])) }
    : grids[0].integrate(with: grids[1]) { exp(posterior.logDensity([$0, $1])) }
  return mass.adding(error: rounding(1, terms: mass.evaluations))
}

/// ∫ p(z|x) dz by a double exponential rule, the normaliser from equally spaced nodes.
func posteriorMass(of model: NeuralModel, given x: SIMD2<Double>) -> Integral {
  let posterior = model.posterior(given: x)
  let mass = integrate(over: -8...8) { exp(posterior.logDensity($0)) }
  return mass.adding(error: posterior.error + rounding(1, terms: mass.evaluations))
}

/// One grid for each dimension of a Gaussian, centred on its mean, so many standard deviations to
/// each side.
///
/// - Requires: one or two dimensions.
func boxAround(_ gaussian: Gaussian, halfWidth: Double, nodes: Int) -> [Grid] {
  require((1...2).contains(gaussian.dimension), "a grid over a line or a plane")
  return (0..<gaussian.dimension).map { d in
    let reach = halfWidth * gaussian.covariance[d, d].squareRoot()
    return Grid(over: gaussian.mean[d] - reach...gaussian.mean[d] + reach, count: nodes)
  }
}
