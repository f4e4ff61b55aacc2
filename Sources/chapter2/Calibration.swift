import Foundation
import TinyNumerics
import ToyModels

/// Eq. 2.11, simulation-based calibration: draw (z, x) from the model and L posterior draws given
/// x. If the posterior is right, z is one more draw like the others, so its rank among them is
/// uniform on 0…L.
///
/// - Source: Talts, Betancourt, Simpson, Vehtari and Gelman, arXiv:1804.06788 (2018).
struct Calibration {
  /// L.
  let draws: Int
  /// How often z had rank 0, 1, …, L.
  let counts: [Int]
  /// The mean rank: L/2 when calibrated.
  let rank: Estimate
  /// The mean of (rank − L/2)²: L(L + 2)/12 when calibrated, more for a posterior that is too
  /// narrow.
  let spread: Estimate

  /// - Parameters:
  ///   - posterior: what is tested; the model's own, or a wrong one.
  ///   - coordinate: the number whose rank is taken. Ties are broken at random.
  init<Model: LatentVariableModel, Posterior: LatentDistribution>(
    of model: Model, draws: Int, simulations: Int,
    using generator: inout some RandomNumberGenerator,
    posterior: (Model.Observation) -> Posterior, coordinate: (Model.Latent) -> Double
  ) where Posterior.Latent == Model.Latent {
    var counts = Array(repeating: 0, count: draws + 1)
    var (rank, spread) = (Estimate(), Estimate())
    for _ in 0..<simulations {
      let (z, x) = model.sample(using: &generator)
      let truth = coordinate(z)
      let posterior = posterior(x)
      var (below, ties) = (0, 0)
      for _ in 0..<draws {
        let draw = coordinate(posterior.sample(using: &generator))
        if draw < truth { below += 1 } else if draw == truth { ties += 1 }
      }
      if ties > 0 { below += Int(generator.uniform() * Double(ties + 1)) }
      counts[below] += 1
      let deviation = Double(below) - Double(draws) / 2
      rank.add(Double(below))
      spread.add(deviation * deviation)
    }
    self.draws = draws
    self.counts = counts
    self.rank = rank
    self.spread = spread
  }

  /// L/2 and L(L + 2)/12, the mean and the variance of a uniform rank.
  static func uniform(draws: Int) -> (mean: Double, variance: Double) {
    let l = Double(draws)
    return (l / 2, l * (l + 2) / 12)
  }

  /// The mean of (rank − L/2)² for a posterior N(µ, a²τ²) in the place of N(µ, τ²), exact. With t =
  /// z in units of τ, a draw lies below it with probability u = Φ(t/a), and E[(rank − L/2)²] = L
  /// E[u(1 − u)] + L² Var u = L/4 + L(L − 1) Var u, where Var u = asin(1/(1 + a²))/2π (E u² is the
  /// chance that two normals of correlation 1/(1 + a²) are both negative). At a = 1 that is L(L +
  /// 2)/12.
  static func spread(draws: Int, varianceRatio: Double) -> Double {
    let l = Double(draws)
    return l / 4 + l * (l - 1) * asin(1 / (1 + varianceRatio)) / (2 * .pi)
  }

  /// How far the ranks' probabilities are from equal: an estimate of the mean square of their
  /// relative deviations. Pearson's χ² less its degrees of freedom, over n; but with Φ⁻¹(p) for the
  /// standardised χ², which is normal where χ² is skewed.
  var unevenness: (value: Double, standardError: Double) {
    let standardError = (2 * Double(counts.count - 1)).squareRoot() / Double(rank.count)
    return (-fit.z * standardError, standardError)
  }

  /// Pearson's test that all ranks are equally likely.
  var fit: GoodnessOfFit {
    .chiSquare(
      counts: counts, under: Discrete(weights: Array(repeating: 1, count: counts.count)))
  }
}

/// The neural model's posterior for many x: the decoder is evaluated once at every node that a
/// `TabulatedPosterior` of 1,024 nodes over |z| ≤ 8 asks for.
struct CachedPosterior {
  private let decoded: [(mean: SIMD2<Double>, logVariance: SIMD2<Double>, precision: SIMD2<Double>)]
  /// The nodes and those halfway between them are multiples of this, exactly.
  private static let step = 1.0 / 128

  init(_ model: NeuralModel) {
    decoded = (0...2048).map { i in
      let (mean, logVariance) = model.decode(-8 + Double(i) * CachedPosterior.step)
      return (mean, logVariance, SIMD2(exp(-logVariance.x), exp(-logVariance.y)))
    }
  }

  func callAsFunction(given x: SIMD2<Double>) -> TabulatedPosterior {
    TabulatedPosterior(over: -8...8, count: 1024) { [decoded] z in
      let (mean, logVariance, precision) = decoded[Int((z + 8) / CachedPosterior.step)]
      let misfit = (x - mean) * (x - mean) * precision + logVariance
      return -0.5 * (misfit.sum() + z * z)
    }
  }
}
