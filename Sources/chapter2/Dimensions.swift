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
  let dimension = model.latentDimension
  let grid = Grid(over: -6...6, count: nodes)
  var sum = LogSum()
  var index = Array(repeating: 0, count: dimension)
  while true {
    sum.add(model.logJoint(x, index.map { grid.node($0) }))
    // Count up: the first digit that does not overflow.
    guard let digit = index.firstIndex(where: { $0 < nodes - 1 }) else { break }
    for d in 0..<digit { index[d] = 0 }
    index[digit] += 1
  }
  return sum.value + Double(dimension) * log(grid.spacing)
}
