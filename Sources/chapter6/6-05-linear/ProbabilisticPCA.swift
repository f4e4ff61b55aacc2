import Foundation
import TinyNumerics

/// Probabilistic PCA in closed form: x = Wz + x̄ + σε with z and ε standard normal, so that
/// p(x) = N(x̄, WWᵀ + σ²I). Of the data only the covariance S (over N) counts, with eigenvalues
/// λ₁ ≥ λ₂ ≥ … and eigenvectors u₁, u₂, …
///
/// - Source: Tipping and Bishop, "Probabilistic principal component analysis", Journal of the Royal
///   Statistical Society B 61 (1999), section 3.2 and appendix A.
struct ProbabilisticPCA {
  let dimension: Int
  /// All eigenvalues of S, the largest first, and their eigenvectors, one a column.
  let eigen: SymmetricEigen

  /// - Requires: fewer latents than data dimensions.
  init(covariance: Matrix, dimension: Int) {
    require(dimension < covariance.rows, "fewer latents than data dimensions")
    self.dimension = dimension
    eigen = SymmetricEigen(covariance)
  }

  private var dataDimension: Int { eigen.eigenvalues.count }

  /// σ² of maximum likelihood: the mean of the discarded eigenvalues.
  var noise: Double {
    eigen.eigenvalues[dimension...].reduce(0, +) / Double(dataDimension - dimension)
  }

  /// Eq. 6.5: the largest mean log-likelihood, in nats a data point,
  ///   −½ (J log 2π + Σ_{i≤D} log λ_i + (J − D) log σ² + J).
  /// WWᵀ + σ²I then has the eigenvalues λ₁ … λ_D, σ², …, σ², and tr((WWᵀ + σ²I)⁻¹S) is J.
  var maximum: Double {
    let logDeterminant =
      eigen.eigenvalues[..<dimension].reduce(0) { $0 + log($1) }
      + Double(dataDimension - dimension) * log(noise)
    return -0.5 * (Double(dataDimension) * (logTwoPi + 1) + logDeterminant)
  }

  /// u₁ … u_D, which span what the best W spans: J × D.
  var directions: Matrix {
    Matrix(rows: dataDimension, columns: dimension) { eigen.eigenvectors[$0, $1] }
  }

  /// The largest principal angle, in radians, between the columns' span of W and that of u₁ … u_D.
  ///
  /// Its sine is ‖(I − UUᵀ)Q‖ for an orthonormal basis Q of W's span; the cosine would lose half of
  /// the digits of a small angle.
  func largestAngle(to weights: Matrix) -> Double {
    guard let factor = Cholesky(weights.transpose * weights) else { return .pi / 2 }
    let basis = factor.whiten(weights.transpose).transpose  // Q = W L⁻ᵀ, WᵀW = LLᵀ
    let outside = basis - directions * (directions.transpose * basis)
    let squares = SymmetricEigen(outside.transpose * outside).eigenvalues
    return asin(min(1, max(0, squares[0]).squareRoot()))
  }

  /// Eq. 6.12: the KL of unit i at the best guide of a linear β-VAE whose σ² is fixed, in nats:
  ///   ½ max(0, log(λ_i/(βσ²))).
  ///
  /// Dividing the objective E_q[log p(x|z)] − β KL by β turns σ² into βσ² in all that depends on W
  /// and on the guide. So the optimum is that of probabilistic PCA with the noise βσ²: along u_i,
  ///   w² = λ_i − βσ² where that is positive, and w = 0 elsewhere;
  ///   posterior variance s² = βσ²/λ_i, mean w (u_iᵀx)/λ_i, whose variance is 1 − s²,
  ///   KL = ½ (1 − s² + s² − 1 − log s²) = −½ log s².
  func divergence(ofUnit i: Int, noise: Double, beta: Double) -> Double {
    0.5 * max(0, log(eigen.eigenvalues[i] / (beta * noise)))
  }
}
