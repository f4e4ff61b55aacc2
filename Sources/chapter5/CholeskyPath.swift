import TinyNumerics
import ToyModels

/// A function of two latents whose expectation under N(µ, Σ) is known.
struct PlaneIntegrand: Sendable {
  let name: String
  let value: @Sendable ([Double]) -> Double
  let gradient: @Sendable ([Double]) -> [Double]
  let hessian: @Sendable ([Double]) -> Matrix
  /// E f as a function of µ and Σ (only its lower triangle is read).
  let expectation: @Sendable ([Double], Matrix) -> Double

  /// e^{a·z}, a = (0.6, −0.4), with E = e^{a·µ + ½ aᵀΣa}.
  static let exponential = PlaneIntegrand(
    name: "exp(0.6 z₁ − 0.4 z₂)",
    value: { z in exp(0.6 * z[0] - 0.4 * z[1]) },
    gradient: { z in
      let e = exp(0.6 * z[0] - 0.4 * z[1])
      return [0.6 * e, -0.4 * e]
    },
    hessian: { z in
      exp(0.6 * z[0] - 0.4 * z[1]) * Matrix([[0.36, -0.24], [-0.24, 0.16]])
    },
    expectation: { mean, s in
      exp(
        0.6 * mean[0] - 0.4 * mean[1]
          + 0.5 * (0.36 * s[0, 0] + 0.16 * s[1, 1] - 0.48 * s[1, 0]))
    })

  /// z₁²z₂², with E = µ₁²µ₂² + µ₁²Σ₂₂ + µ₂²Σ₁₁ + 4µ₁µ₂Σ₁₂ + Σ₁₁Σ₂₂ + 2Σ₁₂² (Isserlis).
  static let product = PlaneIntegrand(
    name: "z₁² z₂²",
    value: { z in square(z[0] * z[1]) },
    gradient: { z in [2 * z[0] * z[1] * z[1], 2 * z[0] * z[0] * z[1]] },
    hessian: { z in
      Matrix([[2 * z[1] * z[1], 4 * z[0] * z[1]], [4 * z[0] * z[1], 2 * z[0] * z[0]]])
    },
    expectation: { m, s in
      square(m[0] * m[1]) + square(m[0]) * s[1, 1] + square(m[1]) * s[0, 0]
        + 4 * m[0] * m[1] * s[1, 0] + s[0, 0] * s[1, 1] + 2 * square(s[1, 0])
    })
}

/// Eq. 5.10, one draw: z = µ + Lε with Σ = LLᵀ, so ∂f(z)/∂L_ij = ∂_i f(z) ε_j, for the entries
/// (i, j) = (1, 1), (2, 1), (2, 2) of L.
func choleskyGradient(
  of f: PlaneIntegrand, under q: Gaussian, noise: [Double]
) -> [Double] {
  let gradient = f.gradient(zip(q.mean, q.cholesky.factor * noise).map(+))
  return choleskyEntries.map { i, j in gradient[i] * noise[j] }
}

/// The lower triangle of a 2 × 2 matrix, counted from 0.
let choleskyEntries = [(0, 0), (1, 0), (1, 1)]

/// E f(µ + Lε) as a function of L, whose derivative in L_ij is what the estimate above should
/// average to.
func expectation(of f: PlaneIntegrand, mean: [Double], factor: Matrix) -> Double {
  f.expectation(mean, factor * factor.transpose)
}

/// Eq. 5.10, Price's theorem: ∂E f/∂Σ_ij. On the diagonal ½ E f_ii. Off it, Σ_ij and Σ_ji are one
/// parameter and move together: E f_ij, without the ½.
///
/// - Source: Price, IRE Transactions on Information Theory 4 (1958); in variational inference:
///   Opper and Archambeau, Neural Computation 21 (2009).
func priceGradient(of f: PlaneIntegrand, under q: Gaussian, _ i: Int, _ j: Int) -> Integral {
  (i == j ? 0.5 : 1) * q.expectation { f.hessian($0)[i, j] }
}
