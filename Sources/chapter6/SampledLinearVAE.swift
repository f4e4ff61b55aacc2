import Foundation
import TinyNetworks
import TinyNumerics

// The linear VAE as a large one is trained: minibatches, one draw z = µ + sε a data point, Adam.
//
// With e = x − Wz, for one data point:
//   ∂ELBO/∂W = e zᵀ/σ²,   z̄ = Wᵀe/σ²,
//   ∂ELBO/∂µ = z̄ − µ  (and ∂/∂V = (z̄ − µ) xᵀ),   ∂ELBO/∂log s² = z̄ ½ sε − ½ (s² − 1),
//   ∂ELBO/∂log σ² = −½ J + ‖e‖²/2σ².

/// Trains `start` on centred data, `width` numbers a point, for some passes in random order.
func trainedBySampling(
  _ start: LinearVAE, on data: [Double], epochs: Int, batch: Int = 100, learningRate: Double = 0.01,
  using generator: inout Threefry
) -> LinearVAE {
  var vae = start
  let width = vae.dataDimension
  let count = data.count / width
  var parameters = vae.parameters
  var optimiser = Adam<Double>(parameterCount: parameters.count, learningRate: learningRate)
  for _ in 0..<epochs {
    let order = (0..<count).shuffled(using: &generator)
    for first in stride(from: 0, to: count, by: batch) {
      let chosen = order[first..<min(first + batch, count)]
      let x = chosen.flatMap { data[$0 * width..<($0 + 1) * width] }
      let noise = (0..<chosen.count * vae.latentDimension).map { _ in generator.normal() }
      let ascent = vae.sampledGradient(x, noise: noise)
      optimiser.descend(&parameters, gradient: ascent.gradient.map { -$0 })
      vae.parameters = parameters
    }
  }
  return vae
}

extension LinearVAE {
  /// The mean over a batch of one draw of the ELBO (its divergence exact), and its gradient by
  /// `parameters`, laid out as they are.
  func sampledGradient(
    _ x: [Double], noise: [Double]
  ) -> (value: Double, gradient: [Double]) {
    let (j, d) = (dataDimension, latentDimension)
    let rows = x.count / j
    let (w, v) = (weights.entriesInOrder, encoder.entriesInOrder)
    let deviations = logVariance.map { exp(0.5 * $0) }
    func product(
      _ a: [Double], _ aTransposed: Bool, _ b: [Double], _ bTransposed: Bool,
      _ shape: (rows: Int, depth: Int, columns: Int)
    ) -> [Double] {
      var out = [Double](repeating: 0, count: shape.rows * shape.columns)
      matrixProduct(
        a, transposed: aTransposed, b, transposed: bTransposed, rows: shape.rows,
        depth: shape.depth, columns: shape.columns, into: &out)
      return out
    }
    let mean = product(x, false, v, true, (rows, j, d))
    let z = mean.indices.map { mean[$0] + deviations[$0 % d] * noise[$0] }
    let error = zip(x, product(z, false, w, true, (rows, d, j))).map { $0 - $1 }
    let precision = 1 / self.noise
    let zBar = product(error, false, w, false, (rows, j, d)).map { precision * $0 }
    let byMean = zip(zBar, mean).map { $0 - $1 }
    let scale = 1 / Double(rows)
    let square = scale * precision * dot(error, error)
    var byLogVariance = deviations.map { -0.5 * ($0 * $0 - 1) }
    for i in zBar.indices {
      byLogVariance[i % d] += scale * 0.5 * zBar[i] * deviations[i % d] * noise[i]
    }
    let divergence =
      0.5 * scale * dot(mean, mean)
      + logVariance.reduce(0) { $0 + 0.5 * (exp($1) - 1 - $1) }
    let value = -0.5 * (Double(j) * (logTwoPi + logNoise) + square) - divergence
    let byWeights = product(error, true, z, false, (j, rows, d)).map { scale * precision * $0 }
    let byEncoder = product(byMean, true, x, false, (d, rows, j)).map { scale * $0 }
    return (value, byWeights + byEncoder + byLogVariance + [-0.5 * (Double(j) - square)])
  }
}
