import Foundation
import Testing
import TinyNumerics

/// The largest entry of a matrix, without its sign.
func largestEntry(_ a: Matrix) -> Double {
  (0..<a.rows).flatMap(a.row).reduce(0) { max($0, abs($1)) }
}

/// Symmetric with random entries: B + Bᵀ.
func randomSymmetric(_ size: Int, using generator: inout some RandomNumberGenerator) -> Matrix {
  let b = Matrix(rows: size, columns: size) { _, _ in generator.normal() }
  return b + b.transpose
}

/// Hᵢⱼ = 1/(i + j + 1), positive definite and nearly singular.
func hilbert(_ size: Int) -> Matrix {
  Matrix(rows: size, columns: size) { i, j in 1 / Double(i + j + 1) }
}

@Suite("Cholesky factor")
struct CholeskyTests {
  /// A backward stable factorisation: |A − L Lᵀ| ≤ (n + 1) ε |L| |Lᵀ| ≤ (n + 1) ε max A, entry by
  /// entry (Higham, Accuracy and Stability of Numerical Algorithms, theorem 10.3, and Cauchy's
  /// inequality).
  private func expectReconstruction(_ a: Matrix) throws {
    let l = try #require(Cholesky(a)).factor
    #expect(largestEntry(l * l.transpose - a) <= Double(2 * a.rows + 2) * ulp * largestEntry(a))
    for i in 0..<a.rows {
      #expect(l[i, i] > 0)
      for j in i + 1..<a.rows { #expect(l[i, j] == 0) }
    }
  }

  @Test("a factor by hand")
  func byHand() throws {
    let cholesky = try #require(Cholesky(Matrix([[4, 2], [2, 10]])))
    #expect(cholesky.factor == Matrix([[2, 0], [1, 3]]))
    #expect(cholesky.logDeterminant == 2 * (log(2) + log(3)))
    #expect(cholesky.whiten([4, 11]) == [2, 3])
    #expect(cholesky.solve([8, 22]) == [1, 2])
    #expect(cholesky.inverse == (1.0 / 36) * Matrix([[10, -2], [-2, 4]]))
  }

  @Test("L Lᵀ = A for random and for nearly singular matrices", arguments: [1, 2, 5, 20, 64])
  func reconstruction(size: Int) throws {
    var generator = Threefry(seed: 1)
    let b = randomSymmetric(size, using: &generator)
    try expectReconstruction(b * b.transpose)
    try expectReconstruction(hilbert(min(size, 12)))
    try expectReconstruction(b * b.transpose + 1e6 * Matrix.identity(size))
  }

  @Test("solution and inverse undo the matrix")
  func solutions() throws {
    var generator = Threefry(seed: 2)
    let b = randomSymmetric(30, using: &generator)
    let a = b * b.transpose + Matrix.identity(30)  // condition below 1 + ‖B‖² < 1000
    let cholesky = try #require(Cholesky(a))
    let x = (0..<30).map { _ in generator.normal() }
    let allowance = 30 * 1000 * ulp
    #expect(zip(cholesky.solve(a * x), x).allSatisfy { abs($0 - $1) <= allowance * 3 })
    #expect(largestEntry(a * cholesky.inverse - Matrix.identity(30)) <= allowance)
    #expect(cholesky.inverse == cholesky.inverse.transpose)
    // whitening: (L⁻¹)A(L⁻¹)ᵀ = I, and ‖L⁻¹b‖² = bᵀA⁻¹b
    let half = cholesky.whiten(a)
    #expect(
      largestEntry(cholesky.whiten(half.transpose) - Matrix.identity(30)) <= allowance)
    let whitened = cholesky.whiten(x)
    #expect(relativeError(dot(whitened, whitened), dot(x, cholesky.solve(x))) <= allowance)
  }

  /// `mpmath`, 60 digits: `log(det(matrix([[mpf(1.0 / (i + j + 1)) for j in range(8)]
  /// for i in range(8)])))`.
  @Test("log |A|: golden for Hilbert's matrix, and far outside the range of Double")
  func logDeterminant() throws {
    let exact = -74.9784273262507006
    // Condition 1.5e10: the smallest pivots keep six digits.
    #expect(abs(try #require(Cholesky(hilbert(8))).logDeterminant - exact) <= 8 * 1.5e10 * ulp)
    let tiny = try #require(Cholesky(Matrix.diagonal(Array(repeating: 1e-20, count: 64))))
    #expect(relativeError(tiny.logDeterminant, -64 * 20 * log(10)) <= 64 * ulp)
  }

  @Test("only the lower triangle is read, and nothing at all of an empty matrix")
  func edges() throws {
    #expect(Cholesky(Matrix([[4, -7], [2, 10]])) == Cholesky(Matrix([[4, 2], [2, 10]])))
    let empty = try #require(Cholesky(Matrix([])))
    #expect(empty.logDeterminant == 0 && empty.solve([]) == [] && empty.inverse == Matrix([]))
  }

  @Test(
    "no factor of an indefinite, a singular or an undefined matrix",
    arguments: [
      [[0.0]], [[-1]], [[1, 2], [2, 1]], [[1, 1], [1, 1]], [[.nan]], [[.infinity]],
      [[1, 0], [.nan, 1]],
    ])
  func indefinite(rows: [[Double]]) {
    #expect(Cholesky(Matrix(rows)) == nil)
  }
}
