import TinyNetworks
import TinyNumerics

// The linear VAE as a large one is trained: minibatches, one draw z = µ + sε a data point, Adam.
//
// A batch of n data points is a matrix X (n × J), its noise E (n × D). With M = XVᵀ, Z = M + E diag
// s and R = X − ZWᵀ, and Z̄ = RW/σ² the slopes of log p(x|z) by z:
//   ELBO = −½ J log 2πσ² − ‖R‖²/2nσ² − Σ_d ½ (mean of M_d² + s_d² − 1 − log s_d²),
//   by W: RᵀZ/nσ²,   by V: (Z̄ − M)ᵀX/n,
//   by log s_d²: ½ (mean of Z̄_d s_dε_d − (s_d² − 1)),   by log σ²: −½ J + ‖R‖²/2nσ².

/// Trains `start` on centred data for some passes in random order.
func trainedBySampling(
  _ start: LinearVAE, on data: Rows<Double>, epochs: Int, batch: Int = 100,
  learningRate: Double = 0.01, seed: UInt64
) -> LinearVAE {
  var vae = start
  var parameters = vae.parameters
  var batches = Batches(of: data.count, size: batch, using: Threefry(seed: seed, row: 5, part: 1))
  var generator = Threefry(seed: seed, row: 5, part: 2)
  var optimiser = Adam<Double>(parameterCount: parameters.count, learningRate: learningRate)
  for _ in 0..<epochs {
    for chosen in batches.pass() {
      let x = Matrix(chosen.map { Array(data[$0]) })
      let noise = Matrix(rows: x.rows, columns: vae.latentDimension) { _, _ in
        generator.normal()
      }
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
  func sampledGradient(_ x: Matrix, noise e: Matrix) -> (value: Double, gradient: [Double]) {
    let (count, j, precision) = (Double(x.rows), Double(dataDimension), 1 / noise)
    let variances = logVariance.map { exp($0) }
    let mean = x * encoder.transpose
    let displacement = e * .diagonal(variances.map { $0.squareRoot() })  // sε
    let z = mean + displacement
    let error = x - z * weights.transpose
    let zBar = precision * (error * weights)

    let misfit = precision / count * squares(error)
    let divergence =
      0.5 * squares(mean) / count
      + zip(variances, logVariance).reduce(0) { $0 + 0.5 * ($1.0 - 1 - $1.1) }
    let byWeights = (precision / count) * (error.transpose * z)
    let byEncoder = (1 / count) * ((zBar - mean).transpose * x)
    let byLogVariance = variances.indices.map { d in
      0.5 * (dot(zBar.column(d), displacement.column(d)) / count - (variances[d] - 1))
    }
    return (
      -0.5 * (j * (logTwoPi + logNoise) + misfit) - divergence,
      byWeights.entriesInOrder + byEncoder.entriesInOrder + byLogVariance + [-0.5 * (j - misfit)]
    )
  }
}

/// The sum of the squares of all entries.
private func squares(_ a: Matrix) -> Double { dot(a.entriesInOrder, a.entriesInOrder) }
