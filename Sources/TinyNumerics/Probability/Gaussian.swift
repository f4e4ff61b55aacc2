/// The Gaussian N(µ, Σ) in several dimensions, with full covariance.
public struct Gaussian: Sendable, Equatable {
  public let mean: [Double]
  public let covariance: Matrix
  /// Σ = L Lᵀ.
  public let cholesky: Cholesky

  /// - Requires: finite means; a symmetric, positive definite covariance of the same size (only its
  ///   lower triangle is read).
  public init(mean: [Double], covariance: Matrix) {
    require(mean.allSatisfy { $0.isFinite }, "a Gaussian needs finite means")
    require(covariance.rows == mean.count, "one row of the covariance for each mean")
    guard let cholesky = Cholesky(covariance) else {
      fatalError("a Gaussian needs a positive definite covariance")
    }
    self.mean = mean
    self.covariance = covariance
    self.cholesky = cholesky
  }

  /// The same distribution, its covariance written out: diag σ².
  public init(_ diagonal: DiagonalGaussian) {
    self.init(
      mean: diagonal.mean,
      covariance: .diagonal(diagonal.standardDeviation.map { $0 * $0 }))
  }

  public var dimension: Int { mean.count }

  /// log N(x; µ, Σ) = −½ ‖L⁻¹(x − µ)‖² − ½ log |Σ| − ½ n log 2π in n dimensions.
  public func logDensity(_ x: [Double]) -> Double {
    -0.5 * squaredDistance(to: x) - 0.5 * cholesky.logDeterminant
      - 0.5 * Double(dimension) * logTwoPi
  }

  /// µ + Lε with ε standard normal.
  public func sample(using generator: inout some RandomNumberGenerator) -> [Double] {
    var point = mean
    for j in point.indices {
      let noise = generator.normal()
      for i in j..<dimension { point[i] += cholesky.factor[i, j] * noise }
    }
    return point
  }

  /// H = ½ log |2πe Σ|, in nats.
  public var entropy: Double {
    0.5 * (cholesky.logDeterminant + Double(dimension) * (logTwoPi + 1))
  }

  /// The squared Mahalanobis distance (x − µ)ᵀ Σ⁻¹ (x − µ) = ‖L⁻¹(x − µ)‖².
  func squaredDistance(to x: [Double]) -> Double {
    require(x.count == dimension, "a point of the Gaussian's own dimension")
    let whitened = cholesky.whiten(zip(x, mean).map(-))
    return dot(whitened, whitened)
  }

  /// The distribution of the chosen coordinates alone, in the order they are given.
  public func marginal(_ chosen: [Int]) -> Gaussian {
    Gaussian(
      mean: chosen.map { mean[$0] },
      covariance: Matrix(rows: chosen.count, columns: chosen.count) { i, j in
        covariance[chosen[i], chosen[j]]
      })
  }

  /// The distribution of the other coordinates once the `fixed` ones have the given values.
  ///
  /// With the fixed coordinates put first, x = µ + Lε reads x₁ = µ₁ + L₁₁ε₁, which determines ε₁,
  /// and x₂ = µ₂ + L₂₁ε₁ + L₂₂ε₂, in which only ε₂ is still random. No two covariances are
  /// subtracted.
  public func conditional(on fixed: [Int], equalTo values: [Double]) -> Gaussian {
    require(fixed.count == values.count, "one value for each fixed coordinate")
    let free = (0..<dimension).filter { !fixed.contains($0) }
    let reordered = marginal(fixed + free)
    let l = reordered.cholesky.factor
    let shift = zip(values, reordered.mean).map(-)  // zip stops after the fixed coordinates
    let noise = reordered.cholesky.whiten(shift + free.map { _ in 0 }).prefix(fixed.count)
    let l21 = Matrix(rows: free.count, columns: fixed.count) { i, j in l[fixed.count + i, j] }
    let l22 = Matrix(rows: free.count, columns: free.count) { i, j in
      l[fixed.count + i, fixed.count + j]
    }
    return Gaussian(
      mean: zip(free.map { mean[$0] }, l21 * Array(noise)).map(+),
      covariance: l22 * l22.transpose)
  }
}

/// Eq. 1.8 for full covariances, in nats, exact:
/// D(q ‖ p) = ½ (tr(Σ_p⁻¹Σ_q) − n − log |Σ_p⁻¹Σ_q| + (µ_q − µ_p)ᵀ Σ_p⁻¹ (µ_q − µ_p)).
///
/// With C = L_p⁻¹ L_q, which is lower triangular, the trace is Σ Cᵢⱼ² and the determinant Π Cᵢᵢ²:
/// a sum of terms that are never negative, where tr − n − log |·| would cancel.
public func klDivergence(_ q: Gaussian, relativeTo p: Gaussian) -> Double {
  require(q.dimension == p.dimension, "two Gaussians of one dimension")
  let c = p.cholesky.whiten(q.cholesky.factor)
  var twice = p.squaredDistance(to: q.mean)
  for i in 0..<c.rows {
    twice += excessOverLogarithm(c[i, i] * c[i, i])
    for j in 0..<i { twice += c[i, j] * c[i, j] }
  }
  return 0.5 * twice
}
