import TinyNumerics
import ToyModels

/// The joint density of a linear-Gaussian model at one x, a parabola in z:
///   log p(x, z) = log p(x, 0) + hᵀz − ½ zᵀΛz,   h = WᵀΣ⁻¹(x − b),   Λ = I + WᵀΣ⁻¹W.
/// Read off the model's likelihood and prior; no posterior and no evidence is involved.
struct QuadraticJoint {
  /// log p(x, 0), in nats.
  let atOrigin: Double
  /// h, D numbers.
  let slope: [Double]
  /// Λ, D × D.
  let precision: Matrix

  init(_ model: LinearGaussianModel, at x: [Double]) {
    let origin = model.prior.mean
    let residual = zip(x, model.offset).map(-)
    let noise = model.noise.cholesky
    atOrigin = model.logJoint(x, origin)
    slope = model.weights.transpose * noise.solve(residual)
    let whitened = noise.whiten(model.weights)
    precision = Matrix.identity(origin.count) + whitened.transpose * whitened
  }

  /// log p(x, z) where z is one number.
  @inline(__always)
  func callAsFunction(_ z: Double) -> Double {
    atOrigin + slope[0] * z - 0.5 * precision[0, 0] * z * z
  }

  /// E_q[log p(x, z)] = log p(x, 0) + hᵀµ − ½ (µᵀΛµ + tr ΛS) for q = N(µ, S).
  func expectation(under q: Gaussian) -> Double {
    let traces = (0..<q.dimension).map { dot(precision.row($0), q.covariance.column($0)) }
    let square = dot(q.mean, precision * q.mean) + traces.reduce(0, +)
    return atOrigin + dot(slope, q.mean) - 0.5 * square
  }

  /// Eq. 3.7, second form, in nats, exact: ELBO(q) = E_q[log p(x, z)] + H(q).
  func elbo(_ q: Gaussian) -> Double { expectation(under: q) + q.entropy }
}
