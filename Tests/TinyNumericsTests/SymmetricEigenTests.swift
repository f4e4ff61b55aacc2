import Foundation
import Testing
import TinyNumerics

@Suite("eigenvalues of a symmetric matrix")
struct SymmetricEigenTests {
  /// A rotation costs a rounding or two of the largest entry, and about ten sweeps touch each entry
  /// 2n times: a random walk of some 20 n steps.
  private func allowance(_ a: Matrix) -> Double {
    10 * (20 * Double(a.rows)).squareRoot() * ulp * largestEntry(a) * Double(a.rows).squareRoot()
  }

  private func expectDecomposition(_ a: Matrix) {
    let eigen = SymmetricEigen(a)
    let v = eigen.eigenvectors
    #expect(largestEntry(v * .diagonal(eigen.eigenvalues) * v.transpose - a) <= allowance(a))
    let identity = Matrix.identity(a.rows)
    #expect(largestEntry(v.transpose * v - identity) <= allowance(identity))
    #expect(zip(eigen.eigenvalues, eigen.eigenvalues.dropFirst()).allSatisfy { $0 >= $1 })
  }

  @Test("V diag(λ) Vᵀ = A and VᵀV = I", arguments: [1, 2, 3, 10, 64])
  func reconstruction(size: Int) {
    var generator = Threefry(seed: 3)
    let a = randomSymmetric(size, using: &generator)
    expectDecomposition(a)
    expectDecomposition(1e200 * a)
    expectDecomposition(1e-200 * a)
    expectDecomposition(hilbert(size))
    expectDecomposition(a * a.transpose)
  }

  @Test("by hand: [[2, 1], [1, 2]] has 3 along (1, 1) and 1 along (1, −1)")
  func byHand() {
    let eigen = SymmetricEigen(Matrix([[2, 1], [1, 2]]))
    #expect(zip(eigen.eigenvalues, [3, 1]).allSatisfy { abs($0 - $1) <= 4 * ulp })
    let v = eigen.eigenvectors
    #expect(abs(v[0, 0] - v[1, 0]) <= 2 * ulp && abs(v[0, 1] + v[1, 1]) <= 2 * ulp)
  }

  @Test("the second difference: λₖ = 2 − 2 cos(πk/(n + 1)), a closed form")
  func secondDifference() {
    let n = 40
    let a = Matrix(rows: n, columns: n) { i, j in i == j ? 2 : abs(i - j) == 1 ? -1 : 0 }
    let exact = (1...n).map { 2 - 2 * cos(.pi * Double($0) / Double(n + 1)) }
    let eigenvalues = SymmetricEigen(a).eigenvalues
    #expect(zip(eigenvalues, exact.reversed()).allSatisfy { abs($0 - $1) <= allowance(a) })
  }

  /// `scipy.linalg.hilbert(5)` in `mpmath` at 50 digits, entries rounded to `Double`: `eigsy`.
  @Test("golden: Hilbert's matrix of size 5")
  func golden() {
    let exact = [
      1.5670506910982308, 0.20853421861101333, 0.011407491623419802, 0.00030589804015118543,
      3.2879287721758159e-6,
    ]
    #expect(
      zip(SymmetricEigen(hilbert(5)).eigenvalues, exact).allSatisfy {
        abs($0 - $1) <= allowance(hilbert(5))
      })
  }

  @Test("equal eigenvalues, a diagonal, zero, nothing")
  func edges() {
    #expect(SymmetricEigen(Matrix.identity(4)).eigenvalues == [1, 1, 1, 1])
    #expect(SymmetricEigen(Matrix.diagonal([-1, 5, 2])).eigenvalues == [5, 2, -1])
    #expect(SymmetricEigen(Matrix(rows: 3, columns: 3)).eigenvalues == [0, 0, 0])
    #expect(SymmetricEigen(Matrix([])).eigenvalues == [])
    let ones = Matrix(rows: 6, columns: 6) { _, _ in 1 }
    expectDecomposition(ones)
    #expect(abs(SymmetricEigen(ones).eigenvalues[0] - 6) <= 6 * allowance(ones))
  }

  @Test("of a matrix that is not symmetric, the symmetric part")
  func asymmetric() {
    let eigenvalues = SymmetricEigen(Matrix([[2, 5], [-3, 2]])).eigenvalues
    #expect(zip(eigenvalues, [3, 1]).allSatisfy { abs($0 - $1) <= 4 * ulp })
  }

  @Test("log |A| agrees with Cholesky's")
  func logDeterminant() throws {
    var generator = Threefry(seed: 4)
    let b = randomSymmetric(12, using: &generator)
    let a = b * b.transpose + Matrix.identity(12)
    let sum = SymmetricEigen(a).eigenvalues.reduce(0) { $0 + log($1) }
    // each eigenvalue is at least 1, so its relative error is at most the allowance
    #expect(abs(sum - (try #require(Cholesky(a))).logDeterminant) <= 24 * allowance(a))
  }
}
