// The right-hand side of a matrix product, copied into panels of 16 columns.

/// The columns of a panel of packed B.
let panelWidth = 16

/// How many numbers of scratch a product with a depth × columns matrix B needs.
func packedCount(depth: Int, columns: Int) -> Int {
  (columns + panelWidth - 1) / panelWidth * panelWidth * depth
}

/// Copies B into panels of 16 columns, each depth by depth, zeros beside the last columns. Blocks
/// of B small enough for the nearest cache are read in the order they lie in.
@inline(__always)
func pack<S: NetworkScalar>(
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

/// Copies a block of at most 8 × 8 numbers of a transpose. A whole block is turned in registers:
/// its columns, zipped in pairs three times over, become its rows.
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

/// Vectors k and k + 4 of eight, their numbers by turns, become vectors 2k and 2k + 1 of the next
/// eight.
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
