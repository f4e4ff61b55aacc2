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
  (0..<q.dimension).reduce(Integral(exactly: 0)) {
    $0 + divergenceByQuadrature(q[$1], relativeTo: .standard)
  }
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

/// A guide of three latent dimensions: one moved a little, one left at the prior, one far away and
/// sharp.
enum Guide {
  static let example = DiagonalGaussian(mean: [0.5, 0, 2], standardDeviation: [0.6, 1, 0.1])
}

extension Chapter1 {
  static func showRegulariser(in notebook: Notebook) {
    notebook.section("1.9", "The VAE's regulariser: ½ Σ (µ² + σ² − 1 − log σ²)")
    notebook.text(
      """
      D(N(µ, diag σ²)‖N(0, I)) for a guide of three latent dimensions. The closed form is compared \
      with quadrature and with the mean of log q(z) − log p(z) over draws z = µ + σε. A dimension \
      that equals the prior costs nothing; sharpness is charged by its logarithm.
      """)
    let q = Guide.example
    let dimensions = (0..<q.dimension).map { d in
      DiagonalGaussian(mean: [q.mean[d]], standardDeviation: [q.standardDeviation[d]])
    }
    let prices = dimensions.map { one in
      let place = 0.5 * one.mean[0] * one.mean[0]
      let width = regulariser(DiagonalGaussian(mean: [0], standardDeviation: one.standardDeviation))
      return (place: place, width: width, both: regulariserByQuadrature(one))
    }
    notebook.table(
      ["dimension", "µ", "σ", "½ µ²", "½ (σ² − 1 − log σ²)", "closed form", "quadrature"],
      zip(dimensions, prices).enumerated().map { d, row in
        let (one, price) = row
        return ["\(d + 1)", one.mean[0].significant(3), one.standardDeviation[0].significant(3)]
          + [price.place, price.width, regulariser(one), price.both.value].map { $0.decimals(6) }
      })
    notebook.check(
      .worst(
        "1.9", "a dimension: ½ µ² + ½ (σ² − 1 − log σ²) = quadrature",
        of: prices.map {
          ($0.place + $0.width, $0.both.value, $0.both.allowance(magnitude: 1 + $0.both.value))
        }))
    let byQuadrature = regulariserByQuadrature(q)
    notebook.check(
      .exact(
        "1.9", "all three: closed form = quadrature", regulariser(q), byQuadrature.value,
        allowance: byQuadrature.allowance(magnitude: 3 + byQuadrature.value)))
    // One draw has cv² = 0.049; 1% takes 250,000 cv² draws, a fifth more leave room for its
    // estimate.
    var generator = Threefry(seed: notebook.seed, row: 9)
    let sampled = sampledRegulariser(
      q, draws: notebook.samples(default: 15_000), using: &generator)
    notebook.check(
      .monteCarlo(
        "1.9", "mean of log q(z) − log p(z) = closed form", estimate: sampled.mean,
        standardError: sampled.standardError, exact: regulariser(q),
        promise: 0.01 * regulariser(q)))
  }
}
