import TinyNumerics

/// Each row of a matrix of log-weights t becomes its softmax e^{t_k} / Σ_l e^{t_l}; returned are
/// the rows' log Σ_k e^{t_k}. A table of log p(x_i, z_k) becomes posteriors and log-evidences.
///
/// - Requires: rows × columns finite numbers, row after row; at least one column.
public func softmaxRows(_ t: inout [Double], rows: Int, columns: Int) -> [Double] {
  require(columns > 0 && t.count == rows * columns, "a matrix of the stated size")
  return t.withUnsafeMutableBufferPointer { t in
    (0..<rows).map { row in softmax(t.baseAddress! + row * columns, count: columns) }
  }
}

/// The same for one row, eight numbers side by side.
private func softmax(_ t: UnsafeMutablePointer<Double>, count: Int) -> Double {
  var largest = SIMD8(repeating: -Double.infinity)
  for i in stride(from: 0, to: count, by: 8) {
    largest = pointwiseMax(largest, lanes(t, at: i, count: count, filler: -.infinity))
  }
  let shift = largest.max()  // so that no power overflows, and one of them is 1
  var sums = SIMD8<Double>.zero
  for i in stride(from: 0, to: count, by: 8) {
    store(Double.exp(lanes(t, at: i, count: count) - shift), to: t, at: i, count: count)
    sums += lanes(t, at: i, count: count)
  }
  let sum = sums.sum()
  for i in stride(from: 0, to: count, by: 8) {
    store(lanes(t, at: i, count: count) / sum, to: t, at: i, count: count)
  }
  return shift + log(sum)
}
