/// Σ_j log(1 + e^{x_j}) of each row of a matrix, eight numbers side by side: the log-normaliser of a row of
/// Bernoulli logits, in nats.
///
/// - Requires: `rows` rows of one length.
public func softplusSums(_ x: [Double], rows: Int) -> [Double] {
  require(rows > 0 ? x.count % rows == 0 : x.isEmpty, "rows of one length")
  return x.withUnsafeBufferPointer { x in
    (0..<rows).map { row in
      let columns = x.count / rows
      return columns == 0 ? 0 : softplusSum(x.baseAddress! + row * columns, count: columns)
    }
  }
}

private func softplusSum(_ x: UnsafePointer<Double>, count: Int) -> Double {
  var sums = SIMD8<Double>.zero
  for i in stride(from: 0, to: count, by: 8) {
    // log(1 + e^{−∞}) = 0 fills the last lanes up.
    sums += Activation.softplus(lanes(x, at: i, count: count, filler: -.infinity))
  }
  return sums.sum()
}
