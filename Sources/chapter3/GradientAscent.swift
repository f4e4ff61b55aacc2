import TinyNumerics
import ToyModels

/// Eq. 3.10 for one latent, q = N(µ, σ²) in the coordinates (µ, log σ): with
/// ELBO = log p(x, 0) + hµ − ½ Λ(µ² + σ²) + log σ + const,
///   ∇ELBO = (h − Λµ, 1 − Λσ²).
func elboGradient(_ joint: QuadraticJoint, at q: Normal) -> [Double] {
  let (h, lambda) = (joint.slope[0], joint.precision[0, 0])
  return [h - lambda * q.mean, 1 - lambda * q.variance]
}

/// Eq. 3.10, the gradient of D(q ‖ p(z|x)) in the same coordinates, by quadrature, from the
/// posterior:
///   ∇D = E_q[∇log q(z) · log(q(z)/p(z|x))],   ∇log q = (u/σ, u² − 1),   u = (z − µ)/σ.
/// (The derivative of the logarithm itself drops out, because E_q[∇log q] = 0.)
func gapGradient(at q: Normal, posterior: (Double) -> Double) -> [Integral] {
  let scores: [(Double) -> Double] = [{ $0 / q.standardDeviation }, { $0 * $0 - 1 }]
  return scores.map { score in
    q.expectation { z in
      score((z - q.mean) / q.standardDeviation) * (q.logDensity(z) - posterior(z))
    }
  }
}

/// Plain gradient ascent on the ELBO of one latent: (µ, log σ) ← (µ, log σ) + rate · ∇ELBO.
/// Returns the guides on the way, the first and the last included.
func gradientAscent(
  on joint: QuadraticJoint, from start: Normal, rate: Double, steps: Int
) -> [Normal] {
  var path = [start]
  for _ in 0..<steps {
    let q = path.last!
    let gradient = elboGradient(joint, at: q)
    path.append(
      Normal(
        mean: q.mean + rate * gradient[0],
        standardDeviation: q.standardDeviation * exp(rate * gradient[1])))
  }
  return path
}

/// The gradient's norm at which a climb may end.
let ascentTolerance = 1e-10

/// A full-covariance guide N(m, LLᵀ) as numbers without constraints: m, then the lower triangle of
/// L row by row with the logarithm of each diagonal entry.
struct GaussianCoordinates {
  let mean: [Double]
  let factor: Matrix

  init(_ numbers: [Double], dimension: Int) {
    mean = Array(numbers.prefix(dimension))
    var factor = Matrix(rows: dimension, columns: dimension)
    for (k, (i, j)) in GaussianCoordinates.triangle(dimension).enumerated() {
      let number = numbers[dimension + k]
      factor[i, j] = i == j ? exp(number) : number
    }
    self.factor = factor
  }

  static func triangle(_ dimension: Int) -> [(Int, Int)] {
    (0..<dimension).flatMap { i in (0...i).map { j in (i, j) } }
  }

  var guide: Gaussian { Gaussian(mean: mean, covariance: factor * factor.transpose) }

  /// ∂_m ELBO = h − Λm and ∂_L ELBO = L⁻ᵀ − ΛL on the triangle, where only L⁻ᵀ's diagonal 1/Lᵢᵢ is
  /// left; a diagonal entry is Lᵢᵢ = e^ℓ, so its derivative is multiplied by Lᵢᵢ.
  func elboGradient(_ joint: QuadraticJoint) -> [Double] {
    let product = joint.precision * factor
    let byMean = zip(joint.slope, joint.precision * mean).map(-)
    let byFactor = GaussianCoordinates.triangle(mean.count).map { i, j in
      i == j ? 1 - product[i, i] * factor[i, i] : -product[i, j]
    }
    return byMean + byFactor
  }
}

/// The best Gaussian guide: argmax_q ELBO over means and full covariances, by BFGS from N(0, I).
func bestGuide(for joint: QuadraticJoint) -> (q: Gaussian, ascent: Ascent) {
  let dimension = joint.slope.count
  let parameters = dimension + GaussianCoordinates.triangle(dimension).count
  let ascent = maximise(from: Array(repeating: 0, count: parameters), tolerance: ascentTolerance) {
    numbers in
    let coordinates = GaussianCoordinates(numbers, dimension: dimension)
    return (joint.elbo(coordinates.guide), coordinates.elboGradient(joint))
  }
  return (GaussianCoordinates(ascent.point, dimension: dimension).guide, ascent)
}
