import TinyNumerics

/// C = A·B, for A (rows × depth) and B (depth × columns), everything row after row:
///
///     for i in 0..<rows { for j in 0..<columns {
///       c[i, j] = 0; for p in 0..<depth { c[i, j] += a[i, p] * b[p, j] }
///     } }
///
/// A matrix that is said to be transposed lies in memory as its transpose; nothing is copied to
/// turn it round.
///
/// - Requires: arrays of the stated sizes.
@specialized(where S == Float)
@specialized(where S == Double)
public func matrixProduct<S: NetworkScalar>(
  _ a: [S], transposed aTransposed: Bool = false, _ b: [S], transposed bTransposed: Bool = false,
  rows: Int, depth: Int, columns: Int, into c: inout [S]
) {
  require(
    a.count == rows * depth && b.count == depth * columns && c.count == rows * columns,
    "matrices of the stated sizes")
  guard rows > 0, columns > 0 else { return }
  let room = packedCount(depth: max(depth, 1), columns: columns)
  withUnsafeTemporaryAllocation(of: S.self, capacity: room) { packed in
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        multiply(
          StridedMatrix(a, rows: rows, columns: depth, isTransposed: aTransposed),
          StridedMatrix(b, rows: depth, columns: columns, isTransposed: bTransposed),
          rows: rows, depth: depth, columns: columns, startingFrom: nil, into: &c,
          packed: packed.baseAddress!)
      }
    }
  }
}

/// A·B in a new array.
public func matrixProduct(
  _ a: [Double], _ b: [Double], rows: Int, depth: Int, columns: Int
) -> [Double] {
  var c = [Double](repeating: 0, count: rows * columns)
  matrixProduct(a, b, rows: rows, depth: depth, columns: columns, into: &c)
  return c
}

// Optional reading: the same, fast. All layers use it, forwards and backwards.
//
// C is cut into tiles of 6 × 16 numbers. A tile's 96 sums stay in registers while the depth runs; B
// is first copied ("packed") into panels of 16 columns, so that the innermost loop reads it in
// order. A is read where it lies, with any strides: its transpose costs nothing.

/// A matrix in memory: the element (i, j) lies at `start[i · rowStride + j · columnStride]`.
struct StridedMatrix<S: NetworkScalar> {
  let start: UnsafePointer<S>
  let rowStride: Int
  let columnStride: Int

  init(start: UnsafePointer<S>, rowStride: Int, columnStride: Int) {
    (self.start, self.rowStride, self.columnStride) = (start, rowStride, columnStride)
  }

  /// Numbers that lie row after row, or column after column where the matrix is transposed.
  init(_ numbers: UnsafeBufferPointer<S>, rows: Int, columns: Int, isTransposed: Bool) {
    self.init(
      // An array without numbers may have no address; whatever stands here is not read.
      start: numbers.baseAddress ?? UnsafePointer(bitPattern: MemoryLayout<S>.alignment)!,
      rowStride: isTransposed ? 1 : columns, columnStride: isTransposed ? rows : 1)
  }

  /// The matrix without its first rows.
  @inline(__always)
  func dropFirst(_ rows: Int) -> StridedMatrix {
    StridedMatrix(
      start: start + rows * rowStride, rowStride: rowStride, columnStride: columnStride)
  }
}

/// The rows of A that are used with every panel before the next rows are looked at: they stay in
/// cache.
private let rowBlock = 96

/// out = A·B + initial, for A (rows × depth), B (depth × columns) and out (rows × columns, row
/// after row). `initial` is one row that every row of the product starts from, or nil for zeros.
/// With `adding` the product is added to what is in `out`.
@inline(never)
@specialized(where S == Float)
@specialized(where S == Double)
func multiply<S: NetworkScalar>(
  _ a: StridedMatrix<S>, _ b: StridedMatrix<S>, rows: Int, depth: Int, columns: Int,
  startingFrom initial: UnsafePointer<S>?, adding: Bool = false,
  into out: UnsafeMutablePointer<S>, packed: UnsafeMutablePointer<S>
) {
  pack(b, depth: depth, columns: columns, into: packed)
  for block in stride(from: 0, to: rows, by: rowBlock) {
    for column in stride(from: 0, to: columns, by: panelWidth) {
      let width = min(panelWidth, columns - column)
      var start = Sums<S>(first: .zero, second: .zero)
      if let initial { start.load(initial + column, width) }
      var row = block
      while row < min(block + rowBlock, rows) {
        // The last rows of six are reached by stepping back: computing a row twice does no harm,
        // adding it would.
        let count = rows < 6 || adding && rows - row < 6 ? 1 : 6
        let first = min(row, rows - count)
        let tile = Tile(
          a: a.dropFirst(first), panel: packed + column * depth, depth: depth, start: start,
          target: out + first * columns + column, columns: columns, width: width, adding: adding)
        if count == 6 { sixRows(tile) } else { oneRow(tile) }
        row = first + count
      }
    }
  }
}

/// One row of a tile: 16 sums.
private struct Sums<S: NetworkScalar> {
  var first: SIMD8<S>
  var second: SIMD8<S>

  @inline(__always)
  mutating func load(_ row: UnsafePointer<S>, _ width: Int) {
    first = lanes(row, at: 0, count: min(width, 8))
    second = width > 8 ? lanes(row, at: 8, count: width) : .zero
  }

  @inline(__always)
  func store(to row: UnsafeMutablePointer<S>, _ width: Int) {
    TinyNetworks.store(first, to: row, at: 0, count: min(width, 8))
    if width > 8 { TinyNetworks.store(second, to: row, at: 8, count: width) }
  }
}

/// Adds a row of the product, as it was, to the tile's.
@inline(__always)
private func add<S: NetworkScalar>(
  _ row: UnsafePointer<S>, _ width: Int, to first: inout SIMD8<S>, _ second: inout SIMD8<S>
) {
  first += lanes(row, at: 0, count: min(width, 8))
  if width > 8 { second += lanes(row, at: 8, count: width) }
}

/// What a tile is computed from, and where it goes.
private struct Tile<S: NetworkScalar> {
  /// A, from the tile's first row on.
  let a: StridedMatrix<S>
  /// The panel of packed B.
  let panel: UnsafePointer<S>
  let depth: Int
  /// What each of the tile's rows starts from.
  let start: Sums<S>
  /// Where its first row goes; the next is `columns` numbers further on.
  let target: UnsafeMutablePointer<S>
  let columns: Int
  /// How many of the 16 columns there are.
  let width: Int
  let adding: Bool
}

@inline(never)
@specialized(where S == Float)
@specialized(where S == Double)
private func sixRows<S: NetworkScalar>(_ tile: Tile<S>) {
  // In names of their own: the sums stay in registers only where nothing else is carried along.
  let (left, rowStride, columnStride) = (tile.a.start, tile.a.rowStride, tile.a.columnStride)
  let (depth, start, target, columns) = (tile.depth, tile.start, tile.target, tile.columns)
  let (width, adding, packed) = (tile.width, tile.adding, tile.panel)
  withUnsafeTemporaryAllocation(of: SIMD8<S>.self, capacity: 12) { sum in
    for r in 0..<6 {
      sum[2 * r] = start.first
      sum[2 * r + 1] = start.second
    }
    // Wrapping arithmetic: a check for overflow in here would cost registers, and so half the
    // speed.
    var panel = UnsafeRawPointer(packed)
    for p in 0..<depth {
      let b0 = panel.loadUnaligned(as: SIMD8<S>.self)
      let b1 = (panel + MemoryLayout<SIMD8<S>>.size).loadUnaligned(as: SIMD8<S>.self)
      panel += 2 * MemoryLayout<SIMD8<S>>.size
      for r in 0..<6 {
        let x = SIMD8<S>(repeating: left[r &* rowStride &+ p &* columnStride])
        sum[2 * r] = product(x, b0, plus: sum[2 * r])
        sum[2 * r + 1] = product(x, b1, plus: sum[2 * r + 1])
      }
    }
    if adding {
      for r in 0..<6 { add(target + r * columns, width, to: &sum[2 * r], &sum[2 * r + 1]) }
    }
    for r in 0..<6 {
      let sums = Sums(first: sum[2 * r], second: sum[2 * r + 1])
      sums.store(to: target + r * columns, width)
    }
  }
}

@inline(__always)
private func oneRow<S: NetworkScalar>(_ tile: Tile<S>) {
  var sum = tile.start
  for p in 0..<tile.depth {
    let x = SIMD8<S>(repeating: tile.a.start[p * tile.a.columnStride])
    let row = tile.panel + p * panelWidth
    sum.first = product(x, lanes(row, at: 0, count: 8), plus: sum.first)
    sum.second = product(x, lanes(row, at: 8, count: 16), plus: sum.second)
  }
  if tile.adding { add(tile.target, tile.width, to: &sum.first, &sum.second) }
  sum.store(to: tile.target, tile.width)
}
