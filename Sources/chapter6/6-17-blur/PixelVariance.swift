import ImageModels
import TinyNetworks
import TinyNumerics

/// Eq. 6.17: the law of total variance (2.9) for the pixels of a model's images, x_j | z Bernoulli
/// with the mean p_j(z):
///   Var x_j = E_z[p_j (1 − p_j)] + Var_z p_j,
/// what each pixel adds by itself, and what z decides. Both summed over the pixels.
struct PixelVariance {
  let ownNoise: Double
  let byLatent: Double

  /// By sums over a lattice of the prior.
  init(exactly plane: LatentPlane) {
    let dimension = plane.model.latentDimension
    let points = Lattice(Grid(over: -8...8, count: 120), shifted: false, dimension: dimension)
      .points
    let logWeights = logPrior(points)
    let logTotal = logSumExp(logWeights)
    let weights = logWeights.map { exp($0 - logTotal) }
    let greys = plane.decoded(points.map { Array($0) })
    var (own, between) = (0.0, 0.0)
    for j in greys[0].indices {
      let middle = zip(weights, greys).reduce(0) { $0 + $1.0 * $1.1[j] }
      for (weight, grey) in zip(weights, greys) {
        own += weight * grey[j] * (1 - grey[j])
        between += weight * (grey[j] - middle) * (grey[j] - middle)
      }
    }
    (ownNoise, byLatent) = (own, between)
  }

  /// From pairs: two images of one z differ by their own noise alone, Σ_j E ½ (x_j − x′_j)²; the
  /// means of two independent z by what z decides, Σ_j E ½ (p_j(z) − p_j(z′))².
  static func sampled(
    _ plane: LatentPlane, pairs: Int, using generator: inout Threefry
  ) -> (ownNoise: Estimate, byLatent: Estimate) {
    let prior = DiagonalGaussian.standard(dimension: plane.model.latentDimension)
    let greys = plane.decoded((0..<2 * pairs).map { _ in prior.sample(using: &generator) })
    func halfSquares(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) / 2 }
    }
    let twins = greys.prefix(pairs).map {
      halfSquares(drawn($0, using: &generator), drawn($0, using: &generator))
    }
    return (
      Estimate(twins), Estimate((0..<pairs).map { halfSquares(greys[$0], greys[pairs + $0]) })
    )
  }

  /// x ~ p(x|z), given its means.
  static func drawn(_ greys: [Double], using generator: inout Threefry) -> [Double] {
    greys.map { generator.uniform() < $0 ? 1 : 0 }
  }
}
