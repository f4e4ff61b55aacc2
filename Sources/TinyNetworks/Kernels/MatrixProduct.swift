import TinyNumerics

// Optional reading: the one matrix product that all layers use, forwards and backwards.
//
// C = A·B is cut into tiles of 6 × 16 numbers. A tile's 96 sums stay in registers while the depth
// runs; B is first copied ("packed") into panels of 16 columns, so that the innermost loop reads it
// in order. A is read where it lies, with any strides: its transpose costs nothing.

/// A matrix in memory: the element (i, j) lies at `start[i · rowStride + j · columnStride]`.
struct StridedMatrix<S: NetworkScalar> {
  let start: UnsafePointer<S>
  let rowStride: Int
  let columnStride: Int
}

/// The columns of a panel of packed B.
private let panelWidth = 16

/// The rows of A that are used with every panel before the next rows are looked at: they stay in cache.
private let rowBlock = 96

/// How many numbers of scratch a product with a depth × columns matrix B needs.
func packedCount(depth: Int, columns: Int) -> Int {
  (columns + panelWidth - 1) / panelWidth * panelWidth * depth
}

/// out = A·B + initial, for A (rows × depth), B (depth × columns) and out (rows × columns, row after
/// row). `initial` is one row that every row of the product starts from, or nil for zeros. With `adding` the
/// product is added to what is in `out`.
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
      var start = Tile<S>(first: .zero, second: .zero)
      if let initial {
        start.first = lanes(initial + column, at: 0, count: min(width, 8))
        start.second = width > 8 ? lanes(initial + column + 8, at: 0, count: width - 8) : .zero
      }
      var row = block
      while row < min(block + rowBlock, rows) {
        // The last rows of six are reached by stepping back: computing a row twice does no harm, adding it would.
        let count = rows < 6 || adding && rows - row < 6 ? 1 : 6
        let first = min(row, rows - count)
        let left = a.start + first * a.rowStride
        let panel = packed + column * depth
        let target = out + first * columns + column
        if count == 6 {
          sixRows(left, a, panel, depth, start, target, columns, width, adding)
        } else {
          oneRow(left, a, panel, depth, start, target, columns, width, adding)
        }
        row = first + count
      }
    }
  }
}

/// One row of a tile: 16 sums.
private struct Tile<S: NetworkScalar> {
  var first: SIMD8<S>
  var second: SIMD8<S>
}

/// Copies B into panels of 16 columns, each depth by depth, zeros beside the last columns. Blocks of B small
/// enough for the nearest cache are read in the order they lie in.
@inline(__always)
private func pack<S: NetworkScalar>(
  _ b: StridedMatrix<S>, depth: Int, columns: Int, into packed: UnsafeMutablePointer<S>
) {
  for panel in stride(from: 0, to: columns, by: panelWidth) where columns - panel < panelWidth {
    (packed + panel * depth).update(repeating: 0, count: panelWidth * depth)
  }
  if b.columnStride == 1 {
    for block in stride(from: 0, to: depth, by: 16) {
      for panel in stride(from: 0, to: columns, by: panelWidth) {
        let width = min(panelWidth, columns - panel)
        for p in block..<min(block + 16, depth) {
          let row = b.start + (p &* b.rowStride &+ panel)
          let place = packed + (panel &* depth &+ p &* panelWidth)
          store(lanes(row, at: 0, count: width), to: place, at: 0, count: panelWidth)
          if width > 8 {
            store(lanes(row, at: 8, count: width), to: place, at: 8, count: panelWidth)
          }
        }
      }
    }
  } else {
    for j in stride(from: 0, to: columns, by: 8) {
      let target = packed + (j / panelWidth * panelWidth &* depth &+ j % panelWidth)
      for p in stride(from: 0, to: depth, by: 8) {
        packBlock(b, p..<min(p + 8, depth), j..<min(j + 8, columns), target + p &* panelWidth)
      }
    }
  }
}

/// Copies a block of at most 8 × 8 numbers of a transpose. A whole block is turned in registers: its columns,
/// zipped in pairs three times over, become its rows.
@inline(__always)
private func packBlock<S: NetworkScalar>(
  _ b: StridedMatrix<S>, _ rows: Range<Int>, _ columns: Range<Int>,
  _ target: UnsafeMutablePointer<S>
) {
  let corner = b.start + (columns.lowerBound &* b.columnStride &+ rows.lowerBound &* b.rowStride)
  guard rows.count == 8, columns.count == 8, b.rowStride == 1 else {
    for j in 0..<columns.count {
      for p in 0..<rows.count {
        target[p &* panelWidth &+ j] = corner[j &* b.columnStride &+ p &* b.rowStride]
      }
    }
    return
  }
  withUnsafeTemporaryAllocation(of: SIMD8<S>.self, capacity: 16) { vectors in
    for j in 0..<8 { vectors[j] = lanes(corner + j &* b.columnStride, at: 0, count: 8) }
    zip(vectors, from: 0, to: 8)
    zip(vectors, from: 8, to: 0)
    zip(vectors, from: 0, to: 8)
    for p in 0..<8 { store(vectors[8 + p], to: target + p &* panelWidth, at: 0, count: 8) }
  }
}

/// Vectors k and k + 4 of eight, their numbers by turns, become vectors 2k and 2k + 1 of the next eight.
@inline(__always)
private func zip<S: NetworkScalar>(
  _ vectors: UnsafeMutableBufferPointer<SIMD8<S>>, from: Int, to: Int
) {
  for k in 0..<4 {
    let a = vectors[from + k]
    let b = vectors[from + k + 4]
    var low = a
    low.evenHalf = a.lowHalf
    low.oddHalf = b.lowHalf
    var high = b
    high.evenHalf = a.highHalf
    high.oddHalf = b.highHalf
    vectors[to + 2 * k] = low
    vectors[to + 2 * k + 1] = high
  }
}

@inline(never)
@specialized(where S == Float)
@specialized(where S == Double)
private func sixRows<S: NetworkScalar>(
  _ left: UnsafePointer<S>, _ a: StridedMatrix<S>, _ packed: UnsafePointer<S>, _ depth: Int,
  _ start: Tile<S>, _ block: UnsafeMutablePointer<S>, _ columns: Int, _ width: Int, _ adding: Bool
) {
  withUnsafeTemporaryAllocation(of: SIMD8<S>.self, capacity: 12) { sum in
    for r in 0..<6 {
      sum[2 * r] = start.first
      sum[2 * r + 1] = start.second
    }
    // Wrapping arithmetic: a check for overflow in here would cost registers, and so half the speed.
    var panel = UnsafeRawPointer(packed)
    for p in 0..<depth {
      let b0 = panel.loadUnaligned(as: SIMD8<S>.self)
      let b1 = (panel + MemoryLayout<SIMD8<S>>.size).loadUnaligned(as: SIMD8<S>.self)
      panel += 2 * MemoryLayout<SIMD8<S>>.size
      for r in 0..<6 {
        let x = SIMD8<S>(repeating: left[r &* a.rowStride &+ p &* a.columnStride])
        sum[2 * r] = product(x, b0, plus: sum[2 * r])
        sum[2 * r + 1] = product(x, b1, plus: sum[2 * r + 1])
      }
    }
    if adding {
      for r in 0..<6 { addRow(block + r * columns, width, to: &sum[2 * r], &sum[2 * r + 1]) }
    }
    for r in 0..<6 {
      storeRow(Tile(first: sum[2 * r], second: sum[2 * r + 1]), to: block + r * columns, width)
    }
  }
}

@inline(__always)
private func oneRow<S: NetworkScalar>(
  _ left: UnsafePointer<S>, _ a: StridedMatrix<S>, _ packed: UnsafePointer<S>, _ depth: Int,
  _ start: Tile<S>, _ block: UnsafeMutablePointer<S>, _ columns: Int, _ width: Int, _ adding: Bool
) {
  var sum = start
  for p in 0..<depth {
    let x = SIMD8<S>(repeating: left[p * a.columnStride])
    sum.first = product(x, lanes(packed + p * panelWidth, at: 0, count: 8), plus: sum.first)
    sum.second = product(x, lanes(packed + p * panelWidth, at: 8, count: 16), plus: sum.second)
  }
  if adding { addRow(block, width, to: &sum.first, &sum.second) }
  storeRow(sum, to: block, width)
}

@inline(__always)
private func storeRow<S: NetworkScalar>(
  _ row: Tile<S>, to target: UnsafeMutablePointer<S>, _ width: Int
) {
  store(row.first, to: target, at: 0, count: min(width, 8))
  if width > 8 { store(row.second, to: target, at: 8, count: width) }
}

@inline(__always)
private func addRow<S: NetworkScalar>(
  _ row: UnsafePointer<S>, _ width: Int, to first: inout SIMD8<S>, _ second: inout SIMD8<S>
) {
  first += lanes(row, at: 0, count: min(width, 8))
  if width > 8 { second += lanes(row, at: 8, count: width) }
}

/// out = A·B for A (rows × depth) and B (depth × columns), everything row after row. A matrix that is said
/// to be transposed lies in memory as its transpose; nothing is copied to turn it round.
@specialized(where S == Float)
@specialized(where S == Double)
public func matrixProduct<S: NetworkScalar>(
  _ a: [S], transposed aTransposed: Bool = false, _ b: [S], transposed bTransposed: Bool = false,
  rows: Int, depth: Int, columns: Int, into out: inout [S]
) {
  require(
    a.count == rows * depth && b.count == depth * columns && out.count == rows * columns,
    "matrices of the stated sizes")
  guard rows > 0, columns > 0 else { return }
  withUnsafeTemporaryAllocation(
    of: S.self, capacity: packedCount(depth: max(depth, 1), columns: columns)
  ) { packed in
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        out.withUnsafeMutableBufferPointer { out in
          // An empty array has no address; with a depth of 0 none of its numbers is read.
          let nothing = UnsafePointer(packed.baseAddress!)
          multiply(
            StridedMatrix(
              start: a.baseAddress ?? nothing, rowStride: aTransposed ? 1 : depth,
              columnStride: aTransposed ? rows : 1),
            StridedMatrix(
              start: b.baseAddress ?? nothing, rowStride: bTransposed ? 1 : columns,
              columnStride: bTransposed ? depth : 1),
            rows: rows, depth: depth, columns: columns, startingFrom: nil,
            into: out.baseAddress!, packed: packed.baseAddress!)
        }
      }
    }
  }
}

/// A·B in a new array.
public func matrixProduct(
  _ a: [Double], _ b: [Double], rows: Int, depth: Int, columns: Int
) -> [Double] {
  var out = [Double](repeating: 0, count: rows * columns)
  matrixProduct(a, b, rows: rows, depth: depth, columns: columns, into: &out)
  return out
}
