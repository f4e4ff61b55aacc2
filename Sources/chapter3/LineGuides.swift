import TinyNumerics
import ToyModels

/// The one-latent model at its x with a guide N(µ, σ²), as plain functions of a real z.
struct LineGuide {
  let q: Normal
  let posterior: Normal
  let logEvidence: Double
  private let joint: QuadraticJoint

  /// A guide `shift` posterior standard deviations off, with `ratio` times the posterior's
  /// variance.
  init(shift: Double, varianceRatio ratio: Double) {
    let (model, x) = (Example.line, Example.pair)
    let exact = model.posterior(given: x)
    posterior = Normal(mean: exact.mean[0], variance: exact.covariance[0, 0])
    q = Normal(
      mean: posterior.mean + shift * posterior.standardDeviation,
      variance: ratio * posterior.variance)
    logEvidence = model.logEvidence(of: x).value
    joint = QuadraticJoint(model, at: x)
  }

  /// log w = log p(x, z) − log q(z), in nats.
  func logWeight(_ z: Double) -> Double { joint(z) - q.logDensity(z) }

  /// Var_q(w)/p(x)² = ∫ p(z|x)²/q(z) dz − 1 = Λ exp(Λλδ²/P)/√(λP) − 1 with the precisions Λ of the
  /// posterior and λ of q, P = 2Λ − λ and δ the distance of the means; +∞ where P ≤ 0: a q of at
  /// most half the posterior's variance (eq. 2.5).
  var relativeVariance: Double {
    let (big, small) = (1 / posterior.variance, 1 / q.variance)
    let p = 2 * big - small
    guard p > 0 else { return .infinity }
    let delta = q.mean - posterior.mean
    return big * exp(big * small * delta * delta / p) / (small * p).squareRoot() - 1
  }

  /// E_q[(w/p(x))²] over |u| ≤ reach, z = µ + σu: as far as a quadrature looks.
  func secondMoment(within reach: Double) -> Integral {
    integrate(over: -reach...reach) { u in
      let z = q.mean + q.standardDeviation * u
      return exp(Normal.standard.logDensity(u) + 2 * (logWeight(z) - logEvidence))
    }
  }

  /// −k E_q log(1 + (w/p(x) − 1)/k), in nats: what a single draw among k − 1 average ones costs, k
  /// times. It is at most log p(x) − L_k, and short of it by a share of about the gap itself.
  ///
  /// - Requires: k ≥ 2. (At k = 1 it is log p(x) − ELBO, written so that small weights lose their
  ///   digits.)
  func lossOfSingles(among k: Int) -> Integral {
    require(k >= 2, "a draw among others")
    let n = Double(k)
    return q.expectation { z in -n * log1p(expm1(logWeight(z) - logEvidence) / n) }
  }

  /// log (1/k) Σ w of k draws: L̂_k from a first half, from a second, and L̂_2k from all the draws.
  func sampledHalves(
    _ k: Int, using generator: inout some RandomNumberGenerator
  ) -> (first: Double, second: Double, whole: Double) {
    let logWeights = (0..<2 * k).map { _ in logWeight(q.sample(using: &generator)) }
    return (
      logMeanExp(logWeights.prefix(k)), logMeanExp(logWeights.suffix(k)), logMeanExp(logWeights)
    )
  }
}
