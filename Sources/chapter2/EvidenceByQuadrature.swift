import Foundation
import TinyNumerics
import ToyModels

// Eq. 2.3, in nats: log p(x) = log ∫ p(x|z) p(z) dz, by rules that know nothing of the integrand.
// (A sum over classes is its own quadrature.)

/// The neural model's evidence from `nodes` equally spaced nodes over |z| ≤ 8 and as many halfway
/// between them.
func logEvidence(of model: NeuralModel, at x: SIMD2<Double>, nodes: Int) -> Integral {
  Grid(over: -8...8, count: nodes).integrate { exp(model.logJoint(x, $0)) }.logarithm
}

/// The linear-Gaussian model's evidence over the whole line or plane of z, its closed form unused:
/// a double exponential rule for one latent dimension, a square of equally spaced nodes for two.
func logEvidenceByQuadrature(of model: LinearGaussianModel, at x: [Double]) -> Integral {
  require((1...2).contains(model.latentDimension), "quadrature over a line or a plane")
  if model.latentDimension == 1 {
    return logIntegralExp(over: -.infinity ... .infinity) { model.logJoint(x, [$0]) }
  }
  let grid = Grid(over: -8...8, count: 96)
  return grid.integrate(with: grid) { exp(model.logJoint(x, [$0, $1])) }.logarithm
}
