/// A dense matrix of `Double`s, for the small ones (up to about 64 × 64) of the derivations.
public struct Matrix: Sendable, Equatable {
  public let rows: Int
  public let columns: Int
  /// Row after row: entry (i, j) stands at i · columns + j.
  @usableFromInline var entries: [Double]

  /// The matrix whose entry (i, j) is `entry(i, j)`; without `entry`, the zero matrix.
  public init(rows: Int, columns: Int, _ entry: (Int, Int) -> Double = { _, _ in 0 }) {
    require(rows >= 0 && columns >= 0, "a matrix has no negative number of rows or columns")
    self.rows = rows
    self.columns = columns
    entries = (0..<rows).flatMap { i in (0..<columns).map { j in entry(i, j) } }
  }

  /// The matrix with the given rows, all of one length.
  public init(_ rows: [[Double]]) {
    let columns = rows.first?.count ?? 0
    require(rows.allSatisfy { $0.count == columns }, "the rows of a matrix have one length")
    self.init(rows: rows.count, columns: columns) { i, j in rows[i][j] }
  }

  public static func diagonal(_ entries: [Double]) -> Matrix {
    Matrix(rows: entries.count, columns: entries.count) { i, j in i == j ? entries[i] : 0 }
  }

  public static func identity(_ size: Int) -> Matrix {
    diagonal(Array(repeating: 1, count: size))
  }

  /// The entry in row i and column j, both counted from 0.
  @inlinable
  public subscript(_ i: Int, _ j: Int) -> Double {
    get {
      require(j >= 0 && j < columns, "a column of this matrix")
      return entries[i * columns + j]
    }
    set {
      require(j >= 0 && j < columns, "a column of this matrix")
      entries[i * columns + j] = newValue
    }
  }

  public func row(_ i: Int) -> [Double] { (0..<columns).map { self[i, $0] } }
  public func column(_ j: Int) -> [Double] { (0..<rows).map { self[$0, j] } }
  public var diagonal: [Double] { (0..<min(rows, columns)).map { self[$0, $0] } }

  public var transpose: Matrix {
    Matrix(rows: columns, columns: rows) { i, j in self[j, i] }
  }

  public static func * (a: Matrix, b: Matrix) -> Matrix {
    require(a.columns == b.rows, "a product needs as many columns at its left as rows at its right")
    var product = Matrix(rows: a.rows, columns: b.columns)
    for i in 0..<a.rows {
      for k in 0..<a.columns {
        for j in 0..<b.columns { product[i, j] += a[i, k] * b[k, j] }
      }
    }
    return product
  }

  public static func * (a: Matrix, x: [Double]) -> [Double] {
    require(a.columns == x.count, "a product needs as many columns as the vector has entries")
    return (0..<a.rows).map { i in
      (0..<a.columns).reduce(0) { $0 + a[i, $1] * x[$1] }
    }
  }

  public static func * (factor: Double, a: Matrix) -> Matrix {
    Matrix(rows: a.rows, columns: a.columns) { i, j in factor * a[i, j] }
  }

  public static func + (a: Matrix, b: Matrix) -> Matrix {
    require(a.rows == b.rows && a.columns == b.columns, "a sum needs two matrices of one shape")
    return Matrix(rows: a.rows, columns: a.columns) { i, j in a[i, j] + b[i, j] }
  }

  public static func - (a: Matrix, b: Matrix) -> Matrix { a + -1 * b }
}

/// The inner product Σᵢ aᵢ bᵢ.
public func dot(_ a: [Double], _ b: [Double]) -> Double {
  require(a.count == b.count, "an inner product needs two vectors of one length")
  return a.indices.reduce(0) { $0 + a[$1] * b[$1] }
}

/// y ← y + cx.
public func add(_ x: [Double], times c: Double, to y: inout [Double]) {
  require(x.count == y.count, "a sum needs two vectors of one length")
  for i in x.indices { y[i] += c * x[i] }
}
