import Foundation
import TinyNetworks
import TinyNumerics

/// D(q(z|x) ‖ p(z|x)) of each image (eq. 3.1), from its definition:
///   D = ∫ q(z) [log q(z) − log p(z|x)] dz,   p(z|x) = p(x|z) p(z) / p(x),
/// summed over a grid of its own, laid in the guide's coordinates z = µ + σu with |u| ≤ 8.
///
/// The posterior's normaliser is handed in: `GuidedEvidence` has it from a quadrature of its own,
/// another one than the evidence that D is compared with.
public struct PosteriorGap: Sendable {
  public let divergences: [Double]
  public let errors: [Double]

  public init(
    of decoder: Decoder<Double>, guides: [DiagonalGaussian], images: Rows<Double>,
    logNormalisers: [Double], eachImage: @Sendable () -> Void = {}
  ) {
    let results = concurrentMap(guides.count, each: eachImage) { i in
      let likelihood = LogLikelihoodGrid(decoder, images: images.row(i))
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
  let standard = Lattice(grid, shifted: shifted, dimension: q.dimension).points
  let points = placed(standard, by: q)
  let (logWeights, logPriors) = (logPrior(standard), logPrior(points))
  var total = 0.0
  for (p, logLikelihood) in likelihood(points).numbers.enumerated() {
    let logPosterior = logLikelihood + logPriors[p] - logNormaliser
    total += exp(logWeights[p]) * (q.logDensity(Array(points[p])) - logPosterior)
  }
  return total * pow(grid.spacing, Double(q.dimension))
}
