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

/// How many numbers of scratch a product with a depth × columns matrix B needs.
func packedCount(depth: Int, columns: Int) -> Int {
  (columns + panelWidth - 1) / panelWidth * panelWidth * depth
}

/// out = A·B + initial, for A (rows × depth), B (depth × columns) and out (rows × columns, row after
/// row). `initial` is one row that every row of the product starts from, or nil for zeros.
@inline(__always)
func multiply<S: NetworkScalar>(
  _ a: StridedMatrix<S>, _ b: StridedMatrix<S>, rows: Int, depth: Int, columns: Int,
  startingFrom initial: UnsafePointer<S>?, into out: UnsafeMutablePointer<S>,
  packed: UnsafeMutablePointer<S>
) {
  for column in stride(from: 0, to: columns, by: panelWidth) {
    let width = min(panelWidth, columns - column)
    pack(b, depth: depth, from: column, width: width, into: packed)
    var start = Tile<S>(first: .zero, second: .zero)
    if let initial {
      start.first = lanes(initial + column, at: 0, count: min(width, 8))
      start.second = width > 8 ? lanes(initial + column + 8, at: 0, count: width - 8) : .zero
    }
    var row = 0
    while row < rows {
      // The last rows of six are reached by stepping back: computing a row twice does no harm.
      let count = rows < 6 ? 1 : 6
      let first = min(row, rows - count)
      let block = out + first * columns + column
      let left = a.start + first * a.rowStride
      if count == 6 {
        sixRows(left, a, packed, depth, start, block, columns, width)
      } else {
        oneRow(left, a, packed, depth, start, block, columns, width)
      }
      row = first + count
    }
  }
}

/// One row of a tile: 16 sums.
private struct Tile<S: NetworkScalar> {
  var first: SIMD8<S>
  var second: SIMD8<S>
}

/// Copies `width` columns of B into a panel, depth by depth, zeros beside them.
@inline(__always)
private func pack<S: NetworkScalar>(
  _ b: StridedMatrix<S>, depth: Int, from column: Int, width: Int,
  into packed: UnsafeMutablePointer<S>
) {
  for p in 0..<depth {
    let source = b.start + p * b.rowStride + column * b.columnStride
    let target = packed + p * panelWidth
    for j in 0..<width { target[j] = source[j * b.columnStride] }
    for j in width..<panelWidth { target[j] = 0 }
  }
}

@inline(__always)
private func sixRows<S: NetworkScalar>(
  _ left: UnsafePointer<S>, _ a: StridedMatrix<S>, _ packed: UnsafePointer<S>, _ depth: Int,
  _ start: Tile<S>, _ block: UnsafeMutablePointer<S>, _ columns: Int, _ width: Int
) {
  withUnsafeTemporaryAllocation(of: SIMD8<S>.self, capacity: 12) { sum in
    for r in 0..<6 {
      sum[2 * r] = start.first
      sum[2 * r + 1] = start.second
    }
    let panel = UnsafeRawPointer(packed)
    let bytes = panelWidth * MemoryLayout<S>.stride
    for p in 0..<depth {
      let b0 = panel.loadUnaligned(fromByteOffset: p * bytes, as: SIMD8<S>.self)
      let b1 = panel.loadUnaligned(fromByteOffset: p * bytes + bytes / 2, as: SIMD8<S>.self)
      for r in 0..<6 {
        let x = SIMD8<S>(repeating: left[r * a.rowStride + p * a.columnStride])
        multiplyAdd(x, b0, to: &sum[2 * r])
        multiplyAdd(x, b1, to: &sum[2 * r + 1])
      }
    }
    for r in 0..<6 {
      storeRow(Tile(first: sum[2 * r], second: sum[2 * r + 1]), to: block + r * columns, width)
    }
  }
}

@inline(__always)
private func oneRow<S: NetworkScalar>(
  _ left: UnsafePointer<S>, _ a: StridedMatrix<S>, _ packed: UnsafePointer<S>, _ depth: Int,
  _ start: Tile<S>, _ block: UnsafeMutablePointer<S>, _ columns: Int, _ width: Int
) {
  var sum = start
  for p in 0..<depth {
    let x = SIMD8<S>(repeating: left[p * a.columnStride])
    multiplyAdd(x, lanes(packed + p * panelWidth, at: 0, count: 8), to: &sum.first)
    multiplyAdd(x, lanes(packed + p * panelWidth, at: 8, count: 16), to: &sum.second)
  }
  storeRow(sum, to: block, width)
}

@inline(__always)
private func storeRow<S: NetworkScalar>(
  _ row: Tile<S>, to target: UnsafeMutablePointer<S>, _ width: Int
) {
  store(row.first, to: target, at: 0, count: min(width, 8))
  if width > 8 { store(row.second, to: target, at: 8, count: width) }
}

/// sum += x·y, in one instruction where the processor has one, and never as a library call.
@inline(__always)
private func multiplyAdd<S: NetworkScalar>(_ x: SIMD8<S>, _ y: SIMD8<S>, to sum: inout SIMD8<S>) {
  #if FUSED_MULTIPLY_ADD
    sum.addProduct(x, y)
  #else
    sum += x * y
  #endif
}

/// A·B for A (rows × depth) and B (depth × columns), all row after row.
public func matrixProduct(
  _ a: [Double], _ b: [Double], rows: Int, depth: Int, columns: Int
) -> [Double] {
  require(
    a.count == rows * depth && b.count == depth * columns, "matrices of the stated sizes")
  var packed = [Double](repeating: 0, count: packedCount(depth: depth, columns: panelWidth))
  return [Double](unsafeUninitializedCapacity: rows * columns) { out, count in
    count = rows * columns
    guard count > 0, depth > 0 else { return out.update(repeating: 0) }
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        packed.withUnsafeMutableBufferPointer { packed in
          multiply(
            StridedMatrix(start: a.baseAddress!, rowStride: depth, columnStride: 1),
            StridedMatrix(start: b.baseAddress!, rowStride: columns, columnStride: 1),
            rows: rows, depth: depth, columns: columns, startingFrom: nil,
            into: out.baseAddress!, packed: packed.baseAddress!)
        }
      }
    }
  }
}
