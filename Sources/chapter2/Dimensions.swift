import Foundation
import TinyNumerics
import ToyModels

// Eq. 2.8: what "the evidence is intractable" means, in a family of models whose evidence is known
// for any number D of latent dimensions.

extension LinearGaussianModel {
  /// D latents, D data dimensions: x_j = 1.2 z_j + ½ z_{j−1} + noise of variance ½.
  static func chain(_ dimension: Int) -> LinearGaussianModel {
    LinearGaussianModel(
      weights: Matrix(rows: dimension, columns: dimension) { i, j in
        i == j ? 1.2 : i == j + 1 ? 0.5 : 0
      },
      offset: Array(repeating: 0, count: dimension),
      noiseCovariance: .diagonal(Array(repeating: 0.5, count: dimension)))
  }

  /// The x of an unremarkable z: ±0.8 in turn.
  var unremarkableObservation: [Double] {
    zip(weights * (0..<latentDimension).map { $0 % 2 == 0 ? 0.8 : -0.8 }, offset).map(+)
  }
}

/// log p(x) by equally spaced nodes over |z_d| ≤ 6 in every dimension, nodes^D of them, in nats.
/// Its distance from the closed form is the rule's error.
func logEvidenceOnGrid(of model: LinearGaussianModel, at x: [Double], nodes: Int) -> Double {
  let grid = Grid(over: -6...6, count: nodes)
  var sum = LogSum()
  for index in multiIndices(0..<nodes, dimension: model.latentDimension) {
    sum.add(model.logJoint(x, index.map { grid.node($0) }))
  }
  return sum.value + Double(model.latentDimension) * log(grid.spacing)
}

/// That error without a sum over nodes, in nats, exact but for the cut-off tails: by Poisson's
/// summation formula equally spaced nodes turn the mass 1 of N(z; m, V) into
///   Σ_k exp(−2π² kᵀVk/s²) cos(2π kᵀ(m − z₀)/s),   k over all vectors of whole numbers,
/// with the spacing s and any one node z₀. Here k_d = −3 … 3.
func gridError(of posterior: Gaussian, nodes: Int) -> Double {
  let grid = Grid(over: -6...6, count: nodes)
  let waves = posterior.mean.map { 2 * Double.pi * ($0 - grid.node(0)) / grid.spacing }
  let damping = 2 * (Double.pi / grid.spacing) * (Double.pi / grid.spacing)
  let error = multiIndices(-3..<4, dimension: posterior.dimension).reduce(-1) { sum, index in
    let k = index.map(Double.init)
    return sum + exp(-damping * dot(k, posterior.covariance * k)) * cos(dot(k, waves))
  }
  return log1p(error)
}

/// All vectors of `dimension` whole numbers in a range.
func multiIndices(_ range: Range<Int>, dimension: Int) -> [[Int]] {
  (0..<dimension).reduce([[]]) { shorter, _ in
    shorter.flatMap { index in range.map { index + [$0] } }
  }
}
