/// The eigenvalues and eigenvectors of a symmetric matrix: A = V diag(λ) Vᵀ with VᵀV = I.
///
/// By Jacobi's rotations: each turns one pair of axes until the entry between them is zero. A sweep
/// over all pairs leaves less and less off the diagonal, at last quadratically. Eigenvalues come
/// out with an absolute error of a few roundings of the largest.
///
/// - Source: Golub and Van Loan, *Matrix Computations* (4th edition), section 8.5.
public struct SymmetricEigen: Sendable {
  /// λ, the largest first.
  public let eigenvalues: [Double]
  /// V: column k belongs to eigenvalue k. The sign of a column is arbitrary.
  public let eigenvectors: Matrix

  /// - Requires: a square matrix of finite entries; of a matrix that is not quite symmetric the
  ///   part
  ///   ½ (A + Aᵀ) is taken.
  public init(_ matrix: Matrix) {
    require(matrix.rows == matrix.columns, "the eigenvalues of a square matrix")
    require(
      matrix.entries.allSatisfy { $0.isFinite }, "the eigenvalues of a matrix of finite entries")
    var a = 0.5 * matrix + 0.5 * matrix.transpose
    var v = Matrix.identity(a.rows)
    let negligible = a.entries.reduce(0) { max($0, abs($1)) } * .ulpOfOne
    let pairs = (0..<a.rows).flatMap { q in (0..<q).map { p in (p, q) } }
    var sweeps = 0
    while pairs.contains(where: { abs(a[$0, $1]) > negligible }) {
      require(sweeps < 50, "Jacobi's rotations have not converged")
      for (p, q) in pairs { SymmetricEigen.rotate(&a, &v, p, q) }
      sweeps += 1
    }
    let order = (0..<a.rows).sorted { a[$0, $0] > a[$1, $1] }
    eigenvalues = order.map { a[$0, $0] }
    eigenvectors = Matrix(rows: a.rows, columns: a.rows) { i, k in v[i, order[k]] }
  }

  /// A ← JᵀAJ and V ← VJ, where J turns axes p and q by the smaller angle that makes Aₚᵩ zero:
  /// its tangent t solves t² + 2θt − 1 = 0 with θ = (Aᵩᵩ − Aₚₚ) / 2Aₚᵩ.
  private static func rotate(_ a: inout Matrix, _ v: inout Matrix, _ p: Int, _ q: Int) {
    guard a[p, q] != 0 else { return }
    let theta = (a[q, q] - a[p, p]) / (2 * a[p, q])
    let t = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
    let cosine = 1 / (t * t + 1).squareRoot()
    let sine = t * cosine
    for k in 0..<a.rows {
      (a[k, p], a[k, q]) = (cosine * a[k, p] - sine * a[k, q], sine * a[k, p] + cosine * a[k, q])
      (v[k, p], v[k, q]) = (cosine * v[k, p] - sine * v[k, q], sine * v[k, p] + cosine * v[k, q])
    }
    for k in 0..<a.rows {
      (a[p, k], a[q, k]) = (cosine * a[p, k] - sine * a[q, k], sine * a[p, k] + cosine * a[q, k])
    }
  }
}
