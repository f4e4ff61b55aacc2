import TinyNumerics

// Log-normalisers of whole rows of decoder outputs, in nats, eight numbers side by side.

/// Σ_j log(1 + e^{ℓ_j}) of each row: of Bernoulli logits.
///
/// - Requires: `rows` rows of one length.
public func softplusSums(_ logits: [Double], rows: Int) -> [Double] {
  eachRow(of: logits, rows: rows) { x, count in
    var sums = SIMD8<Double>.zero
    for i in stride(from: 0, to: count, by: 8) {
      // log(1 + e^{−∞}) = 0 fills the last lanes up.
      sums += Activation.softplus(lanes(x, at: i, count: count, filler: -.infinity))
    }
    return sums.sum()
  }
}

/// Σ_j log Σ_k e^{ℓ_jk} of each row: of categorical logits, K planes of them, first all ℓ_j1, then
/// all ℓ_j2, ….
///
/// - Requires: `rows` rows of one length, each of K planes of finite numbers.
public func logSumExpSums(_ logits: [Double], rows: Int, planes: Int) -> [Double] {
  require(planes > 0 && logits.count % (planes * max(rows, 1)) == 0, "rows of whole planes")
  return eachRow(of: logits, rows: rows) { x, count in
    let width = count / planes
    var sums = SIMD8<Double>.zero
    for i in stride(from: 0, to: width, by: 8) {
      // The largest logit is taken out of each sum, so that no power overflows.
      var largest = SIMD8<Double>(repeating: -.infinity)
      for k in 0..<planes {
        largest = pointwiseMax(largest, lanes(x + k * width, at: i, count: width))
      }
      var sum = SIMD8<Double>.zero
      for k in 0..<planes {
        sum += Double.exp(lanes(x + k * width, at: i, count: width) - largest)
      }
      add(largest + Double.log(sum), to: &sums, count: width - i)
    }
    return sums.sum()
  }
}

/// Natural parameters of Gaussians from planes µ and r with σ² = floor + e^r: rows of the planes
/// µ/σ² and −1/(2σ²), and for each row the log-normaliser ½ Σ_j (µ_j²/σ_j² + log 2πσ_j²).
///
/// - Requires: `rows` rows of one length, each of two planes.
public func gaussianNaturalParameters(
  _ outputs: [Double], rows: Int, varianceFloor: Double
) -> (parameters: [Double], normalisers: [Double]) {
  require(outputs.count % (2 * max(rows, 1)) == 0, "rows of two planes")
  var parameters = outputs
  let normalisers = parameters.withUnsafeMutableBufferPointer { parameters in
    (0..<rows).map { row in
      let width = parameters.count / rows / 2
      guard width > 0 else { return 0.0 }
      return naturalParameters(
        parameters.baseAddress! + 2 * width * row, width: width, varianceFloor)
    }
  }
  return (parameters, normalisers)
}

/// One row, written over its outputs.
private func naturalParameters(
  _ row: UnsafeMutablePointer<Double>, width: Int, _ floor: Double
) -> Double {
  let logTwoPi = 1.8378770664093454836
  var sums = SIMD8<Double>.zero
  for i in stride(from: 0, to: width, by: 8) {
    let mean = lanes(row, at: i, count: width)
    let logPower = pointwiseMin(lanes(row + width, at: i, count: width), SIMD8(repeating: 700))
    let variance = floor + Double.exp(logPower)
    let linear = mean / variance
    add(mean * linear + Double.log(variance) + logTwoPi, to: &sums, count: width - i)
    store(linear, to: row, at: i, count: width)
    store(-0.5 / variance, to: row + width, at: i, count: width)
  }
  return 0.5 * sums.sum()
}

private func eachRow(
  of x: [Double], rows: Int, _ sum: (UnsafePointer<Double>, _ count: Int) -> Double
) -> [Double] {
  require(rows > 0 ? x.count % rows == 0 : x.isEmpty, "rows of one length")
  return x.withUnsafeBufferPointer { x in
    (0..<rows).map { row in
      let columns = x.count / rows
      return columns == 0 ? 0 : sum(x.baseAddress! + row * columns, columns)
    }
  }
}
