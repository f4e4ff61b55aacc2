import Foundation
import Testing

@testable import TinyNetworks
@testable import TinyNumerics

/// The register-tiled product against the three-line definition, in every layout that layers use.
@Suite("matrix product")
struct MatrixProductTests {
  static let sizes = [0, 1, 2, 5, 6, 7, 15, 16, 17, 31]

  @Test("A·B, Aᵀ·B and A·Bᵀ with and without a first row", arguments: sizes)
  func agreesWithTheDefinition(rows: Int) {
    for depth in Self.sizes {
      for columns in Self.sizes {
        compare(Float.self, rows, depth, columns, tolerance: 1e-5)
        compare(Double.self, rows, depth, columns, tolerance: 1e-13)
      }
    }
  }

  private func compare<S: NetworkScalar>(
    _ type: S.Type, _ rows: Int, _ depth: Int, _ columns: Int, tolerance: Double
  ) {
    var generator = Threefry(seed: UInt64(rows * 10_000 + depth * 100 + columns))
    let a = (0..<rows * depth).map { _ in S(generator.normal()) }
    let b = (0..<depth * columns).map { _ in S(generator.normal()) }
    let first = (0..<columns).map { _ in S(generator.normal()) }
    for (aTransposed, bTransposed, initial) in [
      (false, false, first), (true, false, nil), (false, true, nil), (true, true, first),
      (false, false, nil),
    ] as [(Bool, Bool, [S]?)] {
      let product = fast(a, aTransposed, b, bTransposed, rows, depth, columns, initial)
      for i in 0..<rows {
        for j in 0..<columns {
          var sum = initial.map { Double($0[j]) } ?? 0
          for p in 0..<depth {
            let left = a[aTransposed ? p * rows + i : i * depth + p]
            let right = b[bTransposed ? j * depth + p : p * columns + j]
            sum += Double(left) * Double(right)
          }
          let allowance = tolerance * Double(depth + 1)
          #expect(abs(Double(product[i * columns + j]) - sum) <= allowance, "\(type) \(i) \(j)")
        }
      }
      #expect(product.count == rows * columns)
      let old = (0..<rows * columns).map { S($0) }
      let added = fast(a, aTransposed, b, bTransposed, rows, depth, columns, initial, addingTo: old)
      #expect(added == zip(old, product).map { $0 + $1 })
      if initial == nil {  // the door for arrays, which takes care of the scratch itself
        var out = [S](repeating: .nan, count: rows * columns)
        matrixProduct(
          a, transposed: aTransposed, b, transposed: bTransposed, rows: rows, depth: depth,
          columns: columns, into: &out)
        #expect(out == product)
      }
    }
  }

  private func fast<S: NetworkScalar>(
    _ a: [S], _ aTransposed: Bool, _ b: [S], _ bTransposed: Bool, _ rows: Int, _ depth: Int,
    _ columns: Int, _ initial: [S]?, addingTo old: [S]? = nil
  ) -> [S] {
    // One number more than needed on all sides: an empty array has no address.
    var out = (old ?? Array(repeating: .nan, count: rows * columns)) + [.nan]
    var packed = [S](repeating: .nan, count: packedCount(depth: depth, columns: columns) + 1)
    let (a, b) = (a + [.nan], b + [.nan])
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        ((initial ?? []) + [.nan]).withUnsafeBufferPointer { row in
          multiply(
            StridedMatrix(
              start: a.baseAddress!, rowStride: aTransposed ? 1 : depth,
              columnStride: aTransposed ? rows : 1),
            StridedMatrix(
              start: b.baseAddress!, rowStride: bTransposed ? 1 : columns,
              columnStride: bTransposed ? depth : 1),
            rows: rows, depth: depth, columns: columns,
            startingFrom: initial == nil ? nil : row.baseAddress!, adding: old != nil, into: &out,
            packed: &packed)
        }
      }
    }
    #expect(out[rows * columns].isNaN, "nothing is written past the product")
    return Array(out.dropLast())
  }

  /// A page that nobody may touch lies right behind each operand. In a process of its own, which a
  /// fault ends.
  @Test("nothing is read past the end of A, of B or of the first row")
  func staysInside() async {
    await #expect(processExitsWith: .success) {
      let (rows, depth) = (7, 5)
      for columns in [1, 7, 8, 9, 15, 16, 17, 31] {
        let (a, b) = (atPageEnd(rows * depth), atPageEnd(depth * columns))
        let first = atPageEnd(columns)
        var out = [Double](repeating: 0, count: rows * columns)
        var packed = [Double](repeating: 0, count: packedCount(depth: depth, columns: columns))
        for (aTransposed, bTransposed) in [(false, false), (true, false), (false, true)] {
          multiply(
            StridedMatrix(
              start: a, rowStride: aTransposed ? 1 : depth, columnStride: aTransposed ? rows : 1),
            StridedMatrix(
              start: b, rowStride: bTransposed ? 1 : columns,
              columnStride: bTransposed ? depth : 1),
            rows: rows, depth: depth, columns: columns, startingFrom: first, into: &out,
            packed: &packed)
        }
      }
    }
  }
}

/// Room for `count` zeros that ends where a page without any access begins. It is never given back.
private func atPageEnd(_ count: Int) -> UnsafePointer<Double> {
  let page = Int(sysconf(Int32(_SC_PAGESIZE)))
  require(count * 8 <= page, "one page is enough")
  let memory = mmap(nil, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0)!
  require(mprotect(memory + page, page, PROT_NONE) == 0, "a page can be closed")
  return UnsafePointer((memory + page).assumingMemoryBound(to: Double.self) - count)
}
