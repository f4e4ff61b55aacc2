import TinyNetworks
import TinyNumerics

/// Eq. 4.5: (N/B) Σ_{i∈batch} f_i, a sum over N data points estimated from B of them.
func batchEstimate(_ values: [Double], _ batch: [Int]) -> Double {
  var sum = 0.0
  for i in batch { sum += values[i] }
  return Double(values.count) / Double(batch.count) * sum
}

/// Eq. 4.5: the variance of that estimate over all batches drawn without replacement,
///   N² (1 − B/N) s²/B,   s² = Σ (f_i − f̄)²/(N − 1).
func batchVariance(_ values: [Double], batchSize: Int) -> Double {
  let n = Double(values.count)
  let b = Double(batchSize)
  return n * n * (1 - b / n) * Estimate(values).variance / b
}

/// All batches of `size` of the indices 0 … count − 1: C(count, size) of them.
func allBatches(of count: Int, size: Int) -> [[Int]] {
  guard size > 0 else { return [[]] }
  return (0..<count).flatMap { last in
    allBatches(of: last, size: size - 1).map { $0 + [last] }
  }
}

/// Mean and variance of an estimate over all batches, each equally likely.
func enumeratedMoments(_ values: [Double], batchSize: Int) -> (mean: Double, variance: Double) {
  let estimates = allBatches(of: values.count, size: batchSize).map { batchEstimate(values, $0) }
  let centre = mean(estimates)
  return (centre, mean(estimates.map { ($0 - centre) * ($0 - centre) }))
}

/// Batches drawn at random, without replacement within a batch: the first steps of a shuffle of the
/// indices, going on from wherever the last batch left them.
struct BatchSampler {
  private var indices: [Int]
  let batchSize: Int

  init(count: Int, batchSize: Int) {
    require((1...count).contains(batchSize), "a batch of 1 to N data points")
    indices = Array(0..<count)
    self.batchSize = batchSize
  }

  mutating func next(using generator: inout Threefry) -> [Int] {
    for k in 0..<batchSize {
      indices.swapAt(k, k + Int(generator.uniform() * Double(indices.count - k)))
    }
    return Array(indices[..<batchSize])
  }
}

/// ELBO_i and ∂ELBO_i/∂φ for each data point i under a guide without hidden layers, where
/// λ = xW + b makes ∂λ/∂φ plain: ∂ELBO/∂W = x ⊗ ∂ELBO/∂λ and ∂ELBO/∂b = ∂ELBO/∂λ.
func perDatumGradients(
  of guide: Guide, on data: [SIMD2<Double>], decoder: DenseNetwork<Double>
) -> (values: [Double], gradients: [[Double]]) {
  require(guide.network.layerCount == 1, "a guide without hidden layers")
  var batch = BatchELBO(data: data, decoder: decoder)
  let result = batch(guide(data), decoder: decoder)
  let gradients = data.indices.map { i in
    let slope = Array(result.gradient[2 * i..<2 * i + 2])
    return slope.map { data[i].x * $0 } + slope.map { data[i].y * $0 } + slope
  }
  return (result.values, gradients)
}
