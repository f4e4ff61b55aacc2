/// The factor L of A = L Lᵀ for a symmetric, positive definite A: lower triangular, with a positive
/// diagonal. It is the square root of a covariance (µ + Lε has covariance L Lᵀ) and the cheapest
/// way to a solution, an inverse or a determinant.
public struct Cholesky: Sendable, Equatable {
  public let factor: Matrix
  /// log |A| = 2 Σᵢ log Lᵢᵢ, which neither overflows nor underflows.
  public let logDeterminant: Double

  /// `nil` where a pivot is not positive: A is then not positive definite in `Double` arithmetic.
  /// Only the lower triangle of A is read.
  ///
  /// - Requires: a square matrix.
  public init?(_ a: Matrix) {
    require(a.rows == a.columns, "a Cholesky factor of a square matrix")
    var l = Matrix(rows: a.rows, columns: a.rows)
    for j in 0..<a.rows {
      for i in j..<a.rows {
        // Aᵢⱼ = Σ_{k≤j} Lᵢₖ Lⱼₖ, solved for its last term
        var rest = a[i, j]
        for k in 0..<j { rest -= l[i, k] * l[j, k] }
        if i == j {
          guard rest > 0, rest.isFinite else { return nil }
          l[j, j] = rest.squareRoot()
        } else {
          l[i, j] = rest / l[j, j]
        }
      }
    }
    factor = l
    logDeterminant = 2 * l.diagonal.reduce(0) { $0 + log($1) }
  }

  public var size: Int { factor.rows }

  /// y = L⁻¹b, from the top down. It turns a draw of N(0, A) into independent standard normals, and
  /// ‖L⁻¹b‖² = bᵀA⁻¹b.
  public func whiten(_ b: [Double]) -> [Double] {
    require(b.count == size, "a vector of the matrix's size")
    var y = b
    for i in 0..<size {
      var rest = b[i]
      for k in 0..<i { rest -= factor[i, k] * y[k] }
      y[i] = rest / factor[i, i]
    }
    return y
  }

  /// The columns of B, each whitened: L⁻¹B.
  public func whiten(_ b: Matrix) -> Matrix {
    Matrix((0..<b.columns).map { whiten(b.column($0)) }).transpose
  }

  /// x = A⁻¹b: first L y = b, then Lᵀx = y, from the bottom up.
  public func solve(_ b: [Double]) -> [Double] {
    var x = whiten(b)
    for i in (0..<size).reversed() {
      for k in i + 1..<size { x[i] -= factor[k, i] * x[k] }
      x[i] /= factor[i, i]
    }
    return x
  }

  /// A⁻¹ = (L⁻¹)ᵀ L⁻¹, exactly symmetric.
  public var inverse: Matrix {
    let whitened = whiten(Matrix.identity(size))
    return whitened.transpose * whitened
  }
}
