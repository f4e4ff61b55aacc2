import Foundation
import Notebook
import TinyNumerics

/// Eq. 1.9, in nats, exact: D(N(µ, diag σ²) ‖ N(0, I)) = ½ Σ (µ² + σ² − 1 − log σ²), the VAE's
/// regulariser, summed over the latent dimensions.
func regulariser(_ q: DiagonalGaussian) -> Double {
  zip(q.mean, q.standardDeviation).reduce(0) { sum, dimension in
    let (mean, variance) = (dimension.0, dimension.1 * dimension.1)
    return sum + 0.5 * (mean * mean + variance - 1 - log(variance))
  }
}

/// The same by quadrature of E_q[log q(z_d) − log p(z_d)], one latent dimension at a time.
func regulariserByQuadrature(_ q: DiagonalGaussian) -> Integral {
  let parts = (0..<q.dimension).map { divergenceByQuadrature(q[$0], relativeTo: .standard) }
  return Integral(
    value: parts.reduce(0) { $0 + $1.value }, error: parts.reduce(0) { $0 + $1.error },
    evaluations: parts.reduce(0) { $0 + $1.evaluations })
}

/// The same, sampled: the mean of log q(z) − log p(z) over z ~ q.
func sampledRegulariser(
  _ q: DiagonalGaussian, draws: Int, using generator: inout some RandomNumberGenerator
) -> Estimate {
  let prior = DiagonalGaussian.standard(dimension: q.dimension)
  return Estimate(draws: draws) {
    let z = q.sample(using: &generator)
    return q.logDensity(z) - prior.logDensity(z)
  }
}

/// A guide of three latent dimensions: one moved a little, one left at the prior, one far away and sharp.
enum Guide {
  static let example = DiagonalGaussian(mean: [0.5, 0, 2], standardDeviation: [0.6, 1, 0.1])
}

extension Chapter1 {
  static func showRegulariser(in notebook: Notebook) {
    notebook.section("1.9", "The VAE's regulariser: ½ Σ (µ² + σ² − 1 − log σ²)")
    notebook.text(
      """
      D(N(µ, diag σ²)‖N(0, I)) for a guide of three latent dimensions. The closed form is compared with quadrature and with the \
      mean of log q(z) − log p(z) over draws z = µ + σε. A dimension that equals the prior costs \
      nothing; sharpness is charged by its logarithm.
      """)
    let q = Guide.example
    notebook.table(
      ["dimension", "µ", "σ", "½ µ²", "½ (σ² − 1 − log σ²)", "closed form", "quadrature"],
      (0..<q.dimension).map { d in
        let one = DiagonalGaussian(mean: [q.mean[d]], standardDeviation: [q.standardDeviation[d]])
        let centred = DiagonalGaussian(mean: [0], standardDeviation: one.standardDeviation)
        return ["\(d + 1)", q.mean[d].significant(3), q.standardDeviation[d].significant(3)]
          + [
            0.5 * q.mean[d] * q.mean[d], regulariser(centred), regulariser(one),
            regulariserByQuadrature(one).value,
          ].map { $0.decimals(6) }
      })
    let byQuadrature = regulariserByQuadrature(q)
    notebook.check(
      .exact(
        "1.9", "closed form = quadrature", regulariser(q), byQuadrature.value,
        allowance: byQuadrature.error + rounding(1 + byQuadrature.value)))
    // One draw has cv² = 0.049; 1% takes 250,000 cv² draws, a fifth more leave room for its estimate.
    var generator = Threefry(seed: notebook.seed, stream: 109)
    let sampled = sampledRegulariser(
      q, draws: notebook.samples(default: 15_000), using: &generator)
    notebook.check(
      .monteCarlo(
        "1.9", "mean of log q(z) − log p(z) = closed form", estimate: sampled.mean,
        standardError: sampled.standardError, exact: regulariser(q),
        promise: 0.01 * regulariser(q)))
  }
}
