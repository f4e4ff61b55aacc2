import Testing
import TinyNumerics

@Suite("matrices")
struct MatrixTests {
  private let a = Matrix([[1, 2, 3], [4, 5, 6]])
  private let b = Matrix([[7, -1], [0, 2], [3, 5]])

  @Test("rows, columns and entries")
  func entries() {
    #expect((a.rows, a.columns) == (2, 3))
    #expect(a[1, 0] == 4 && a[0, 2] == 3)
    #expect(a.row(1) == [4, 5, 6] && a.column(1) == [2, 5] && a.diagonal == [1, 5])
    #expect(Matrix(rows: 2, columns: 3) { i, j in Double(3 * i + j + 1) } == a)
    var changed = a
    changed[1, 2] = -1
    #expect(changed.row(1) == [4, 5, -1] && changed.row(0) == a.row(0))
  }

  @Test("transpose, products and sums, by hand")
  func arithmetic() {
    #expect(a.transpose == Matrix([[1, 4], [2, 5], [3, 6]]))
    #expect(a * b == Matrix([[16, 18], [46, 36]]))
    #expect(b * a == Matrix([[3, 9, 15], [8, 10, 12], [23, 31, 39]]))
    #expect(a * [1, 0, -2] == [-5, -8])
    #expect((a * b).transpose == b.transpose * a.transpose)
    #expect(a + a == 2 * a && a - 2 * a == -1 * a)
    #expect(dot([1, 2, 3], [4, -5, 6]) == 12)
  }

  @Test("identity and diagonal, and the empty matrix")
  func special() {
    #expect(Matrix.identity(2) * a == a && a * Matrix.identity(3) == a)
    #expect(Matrix.diagonal([2, -3]) == Matrix([[2, 0], [0, -3]]))
    #expect(Matrix.diagonal([2, -3]) * a == Matrix([[2, 4, 6], [-12, -15, -18]]))
    let empty = Matrix([])
    #expect(empty * empty == Matrix.identity(0) && empty * [] == [])
    #expect(dot([], []) == 0)
  }

  @Test("shapes that do not fit are refused")
  func preconditions() async {
    await #expect(processExitsWith: .failure) { _ = Matrix([[1, 2], [3]]) }
    await #expect(processExitsWith: .failure) { _ = Matrix([[1, 2]]) * Matrix([[1, 2]]) }
    await #expect(processExitsWith: .failure) { _ = Matrix([[1, 2], [3, 4]])[0, 2] }
    await #expect(processExitsWith: .failure) { _ = Matrix([[1, 2]]) * [1] }
    await #expect(processExitsWith: .failure) { _ = Matrix([[1, 2]]) + Matrix([[1]]) }
    await #expect(processExitsWith: .failure) {
      _ = Matrix([[1, 2]]) + Matrix([[1, 2], [3, 4]])
    }
    await #expect(processExitsWith: .failure) { _ = dot([1, 2], [1]) }
  }
}
