import Foundation
import TinyNetworks
import TinyNumerics

/// D(q(z|x) ‖ p(z|x)) of each image (eq. 3.1), from its definition:
///   D = ∫ q(z) [log q(z) − log p(z|x)] dz,   p(z|x) = p(x|z) p(z) / p(x),
/// summed over a grid of its own, laid in the guide's coordinates z = µ + σu with |u| ≤ 8.
///
/// The posterior's normaliser is handed in, so that the caller can take it from another quadrature than
/// the evidence that D is compared with.
struct PosteriorGap {
  let divergences: [Double]
  let errors: [Double]

  init(
    of model: VariationalAutoencoder<Double>, guides: [DiagonalGaussian], images: [Double],
    logNormalisers: [Double], eachImage: @Sendable () -> Void = {}
  ) {
    let width = model.dataWidth
    let results = concurrentMap(guides.count, each: eachImage) { i in
      let image = Array(images[i * width..<(i + 1) * width])
      let likelihood = LogLikelihoodGrid(model, images: image)
      return refined(cells: [32, 64, 128]) { grid, shifted in
        sum(likelihood, guides[i], logNormaliser: logNormalisers[i], grid, shifted: shifted)
      }
    }
    divergences = results.map(\.value)
    errors = results.map(\.error)
  }
}

/// Σ_nodes h^D φ(u₁) … φ(u_D) [log q(z) − log p(x|z) − log p(z) + log p(x)] at z = µ + σu.
private func sum(
  _ likelihood: LogLikelihoodGrid, _ q: DiagonalGaussian, logNormaliser: Double, _ grid: Grid,
  shifted: Bool
) -> Double {
  let dimension = q.dimension
  let standard = Lattice(grid, shifted: shifted, dimension: dimension).points
  let points = placed(standard, by: q)
  let logWeights = logPrior(standard, dimension: dimension)
  let logPriors = logPrior(points, dimension: dimension)
  var total = 0.0
  for (p, logLikelihood) in likelihood(points).enumerated() {
    let logPosterior = logLikelihood + logPriors[p] - logNormaliser
    let logGuide = q.logDensity(Array(points[p * dimension..<(p + 1) * dimension]))
    total += exp(logWeights[p]) * (logGuide - logPosterior)
  }
  return total * pow(grid.spacing, Double(dimension))
}
