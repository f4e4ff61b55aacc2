import Foundation
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
    decoder: DenseNetwork<Double>, guides: [DiagonalGaussian], images: [Double],
    logNormalisers: [Double], cells: Int = 32
  ) {
    let grid = Grid(over: -8...8, count: cells)
    let pixels = decoder.outputWidth
    let results = concurrentMap(guides.count) { i in
      let image = Array(images[i * pixels..<(i + 1) * pixels])
      let likelihood = LogLikelihoodGrid(decoder: decoder, images: image)
      let sums = [false, true].map { shifted in
        sum(likelihood, guides[i], logNormaliser: logNormalisers[i], grid, shifted: shifted)
      }
      return (value: (sums[0] + sums[1]) / 2, error: abs(sums[0] - sums[1]) / 2)
    }
    divergences = results.map(\.value)
    errors = results.map(\.error)
  }
}

/// Σ_nodes h² φ(u₁) φ(u₂) [log q(z) − log p(x|z) − log p(z) + log p(x)] at z = µ + σu.
private func sum(
  _ likelihood: LogLikelihoodGrid, _ q: DiagonalGaussian, logNormaliser: Double, _ grid: Grid,
  shifted: Bool
) -> Double {
  let nodes = (0..<grid.count).map { grid.node($0, shifted: shifted) }
  let standard = nodes.flatMap { a in nodes.map { b in (a, b) } }
  let (first, second) = (q[0], q[1])
  let points = standard.map { u in
    (first.mean + first.standardDeviation * u.0, second.mean + second.standardDeviation * u.1)
  }
  var total = 0.0
  for ((u, z), logLikelihood) in zip(zip(standard, points), likelihood(points)) {
    let logPrior = Normal.standard.logDensity(z.0) + Normal.standard.logDensity(z.1)
    let logPosterior = logLikelihood + logPrior - logNormaliser
    let logGuide = first.logDensity(z.0) + second.logDensity(z.1)
    let weight = Normal.standard.density(u.0) * Normal.standard.density(u.1)
    total += weight * (logGuide - logPosterior)
  }
  return total * grid.spacing * grid.spacing
}
