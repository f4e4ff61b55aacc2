import TinyNumerics
import ToyModels

/// Eq. 4.10: a Gaussian with full covariance, N(µ, LLᵀ), as z = µ + Lε (eq. 5.10), L lower
/// triangular. Its D(D + 3)/2 numbers are µ and then the rows of L, on the diagonal log L_dd, so
/// that any numbers will do.
struct FullGuide {
  let mean: [Double]
  let factor: Matrix

  static func numberCount(dimension d: Int) -> Int { d * (d + 3) / 2 }

  init(_ numbers: GuideParameters, dimension d: Int) {
    require(numbers.count == FullGuide.numberCount(dimension: d), "µ, and a triangle of numbers")
    mean = Array(numbers[..<d])
    var factor = Matrix(rows: d, columns: d)
    var rest = numbers[d...]
    for i in 0..<d {
      for j in 0...i { factor[i, j] = i == j ? exp(rest.removeFirst()) : rest.removeFirst() }
    }
    self.factor = factor
  }

  var gaussian: Gaussian { Gaussian(mean: mean, covariance: factor * factor.transpose) }
}

/// Eq. 4.10, in nats, for the linear-Gaussian model and q = N(µ, LLᵀ), with Λ = I + WᵀΣ⁻¹W:
///   ELBO = log N(x; Wµ + b, Σ) − ½ tr(LᵀΛL) − ½ (‖µ‖² − D) + Σ_d log L_dd,
/// eq. 4.3 with E_q[(z − µ)ᵀΛ(z − µ)] = tr(LᵀΛL), and its gradient by the guide's numbers: Λ(m − µ)
/// by µ, m the posterior's mean; −ΛL by L, 1/L_dd more on the diagonal, where a factor L_dd makes
/// it one by log L_dd.
func fullELBO(
  _ numbers: GuideParameters, at x: [Double], model: LinearGaussianModel
) -> (value: Double, gradient: GuideParameters) {
  let d = model.latentDimension
  let q = FullGuide(numbers, dimension: d)
  let precision = posteriorPrecision(of: model)
  let slope = precision * q.factor
  var value = model.logLikelihood(x, given: q.mean) - 0.5 * (dot(q.mean, q.mean) - Double(d))
  var gradient = precision * zip(model.posterior(given: x).mean, q.mean).map(-)
  for i in 0..<d {
    value += log(q.factor[i, i])
    for j in 0...i {
      value -= 0.5 * q.factor[i, j] * slope[i, j]
      gradient.append(i == j ? 1 - q.factor[i, i] * slope[i, i] : -slope[i, j])
    }
  }
  return (value, gradient)
}

/// The best guide with full covariance for one x, from N(0, I).
func fullOptimum(of x: [Double], model: LinearGaussianModel) -> Ascent {
  let start = GuideParameters(
    repeating: 0, count: FullGuide.numberCount(dimension: model.latentDimension))
  return maximise(from: start, tolerance: gradientTolerance) { fullELBO($0, at: x, model: model) }
}

/// The same gradient by eq. 5.10, along the path: with f = log p(x, z), ∂/∂µ_i = E[∂_i f(µ + Lε)]
/// and ∂/∂L_ij = E[∂_i f(µ + Lε) ε_j], to which the entropy adds 1/L_dd on the diagonal. By
/// Gauss–Hermite rules, exact for this f but for rounding.
func pathwiseFullGradient(
  _ numbers: GuideParameters, at x: [Double], model: LinearGaussianModel
) -> [Integral] {
  let d = model.latentDimension
  let q = FullGuide(numbers, dimension: d)
  let weightsOverNoise = model.weights.transpose * model.noise.cholesky.inverse
  func slope(_ noise: [Double], _ i: Int) -> Double {
    let z = zip(q.mean, q.factor * noise).map(+)
    let image = model.weights * z
    return dot(weightsOverNoise.row(i), x.indices.map { x[$0] - image[$0] - model.offset[$0] })
      - z[i]
  }
  let noise = Gaussian(.standard(dimension: d))
  var gradient = (0..<d).map { i in noise.expectation { slope($0, i) } }
  for i in 0..<d {
    for j in 0...i {
      let byPath = noise.expectation { slope($0, i) * $0[j] }
      gradient.append(
        i == j ? q.factor[i, i] * byPath + Integral(exactly: 1) : byPath)
    }
  }
  return gradient
}
