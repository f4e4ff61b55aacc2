import Foundation
import TinyNumerics
import ToyModels

/// The mean and covariance of the data that a model generates.
struct Moments {
  let mean: [Double]
  let covariance: Matrix
}

// Eq. 2.9: total expectation and total variance,
//   E[x] = E_z[E[x|z]],   Cov[x] = E_z[Cov[x|z]] + Cov_z[E[x|z]].

/// Sums over classes. Exact.
func totalMoments(of model: MixtureModel) -> Moments {
  let mean = model.prior.expectation { model.components[$0].mean }.value
  let within = model.prior.expectation { model.components[$0].variance }.value
  let between = model.prior.expectation { z in
    let shift = model.components[z].mean - mean
    return shift * shift
  }.value
  return Moments(mean: [mean], covariance: Matrix([[within + between]]))
}

/// E[x] = b and Cov[x] = Σ + WWᵀ, because Cov_z[Wz] = W I Wᵀ. Exact.
func totalMoments(of model: LinearGaussianModel) -> Moments {
  Moments(
    mean: model.offset,
    covariance: model.noise.covariance + model.weights * model.weights.transpose)
}

/// E[f(z)], and diag E[exp g(z)] + Cov[f(z)]: integrals over a line, good to about 1e-12.
func totalMoments(_ decode: Decode) -> Moments {
  func average(_ f: (SIMD2<Double>, SIMD2<Double>) -> Double) -> Double {
    Normal.standard.expectation { z in
      let (mean, logVariance) = decode(z)
      return f(mean, logVariance)
    }.value
  }
  let mean = SIMD2(average { f, _ in f.x }, average { f, _ in f.y })
  let covariance = Matrix(rows: 2, columns: 2) { i, j in
    let between = average { f, _ in (f[i] - mean[i]) * (f[j] - mean[j]) }
    return between + (i == j ? average { _, g in exp(g[i]) } : 0)
  }
  return Moments(mean: [mean.x, mean.y], covariance: covariance)
}

/// The neural model's decoder with its mean replaced by the line that fits f best, E[f] + E[z f] z,
/// its variances replaced by their means E[exp g], or both.
struct Straightened: Sendable {
  private let model: NeuralModel
  private let line: (offset: SIMD2<Double>, slope: SIMD2<Double>)?
  private let logVariance: SIMD2<Double>?

  init(_ model: NeuralModel, mean: Bool, noise: Bool) {
    func average(_ f: (Double) -> SIMD2<Double>) -> SIMD2<Double> {
      SIMD2(
        model.prior.expectation { f($0).x }.value, model.prior.expectation { f($0).y }.value)
    }
    self.model = model
    line =
      mean ? (average { model.decode($0).mean }, average { $0 * model.decode($0).mean }) : nil
    let variance = average { z in
      let g = model.decode(z).logVariance
      return SIMD2(exp(g.x), exp(g.y))
    }
    logVariance = noise ? SIMD2(log(variance.x), log(variance.y)) : nil
  }

  func decode(_ z: Double) -> (mean: SIMD2<Double>, logVariance: SIMD2<Double>) {
    let (mean, own) = model.decode(z)
    return (line.map { $0.offset + z * $0.slope } ?? mean, logVariance ?? own)
  }
}

/// Sampled moments of x ~ p(x), drawn as z ~ p(z), then x ~ p(x|z). Deviations are taken from the
/// exact mean, so that every entry is a plain mean with an honest standard error.
struct SampledMoments {
  var mean: [Estimate]
  /// [i][j] for j ≤ i.
  var products: [[Estimate]]

  init<Model: LatentVariableModel>(
    of model: Model, around centre: [Double], draws: Int,
    using generator: inout some RandomNumberGenerator,
    coordinates: (Model.Observation) -> [Double]
  ) {
    mean = centre.map { _ in Estimate() }
    products = centre.indices.map { i in (0...i).map { _ in Estimate() } }
    for _ in 0..<draws {
      let x = coordinates(model.sample(using: &generator).x)
      for i in centre.indices {
        mean[i].add(x[i])
        for j in 0...i { products[i][j].add((x[i] - centre[i]) * (x[j] - centre[j])) }
      }
    }
  }
}
