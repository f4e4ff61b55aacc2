import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

extension Study {
  /// Eq. 6.8: generation draws z from the prior, so the greys of what it makes average to ∫ p(z)
  /// grey(z) dz.
  func meanGrey(_ plane: LatentPlane) -> Double {
    let lattice = Lattice(
      Grid(over: -8...8, count: 120), shifted: false, dimension: experiment.latent)
    let points = lattice.points
    let weights = logPrior(points).map { exp($0) }
    let greys = zip(weights, plane.decoded(points.map { Array($0) })).reduce(0) {
      $0 + $1.0 * mean($1.1)
    }
    return greys / weights.reduce(0, +)
  }

  func checkMeanGrey(_ plane: LatentPlane, exact: Double, in notebook: Notebook) {
    let draws = min(notebook.samples(default: 2000), 100_000)
    let sampled = Estimate(
      plane.decoded(plane.priorDraws(draws, seed: notebook.seed)).map { mean($0) })
    show(
      .monteCarlo(
        "6.8", "mean grey of \(draws) images from the prior = Σ over a grid of the prior",
        estimate: sampled.mean, standardError: sampled.standardError,
        exact: exact, promise: 0.02 * max(1, 2000 / Double(draws)).squareRoot()), in: notebook)
    notebook.gap()
  }
}
