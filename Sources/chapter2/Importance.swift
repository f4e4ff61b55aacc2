import Foundation
import TinyNumerics
import ToyModels

// Eq. 2.5: p(x) = E_q[w] with w = p(x, z)/q(z), for any q that covers the posterior. Since w = p(x)
// p(z|x)/q(z), its relative second moment is
//   E_q[w²]/p(x)² = ∫ p(z|x)²/q(z) dz = E_{p(z|x)}[p(z|x)/q(z)] = 1 + relative variance of w,
// and one draw in so many counts: effective sample size/n → p(x)²/E_q[w²].

/// ∫ p²/q for two Gaussians, closed form: +∞ unless 2Λ_p − Λ_q is positive definite (Λ the
/// precisions; in one dimension: unless q's variance exceeds half of p's). With B = 2Λ_p − Λ_q and
/// d = µ_p − µ_q,
///   |Λ_p| |Λ_q|^{−½} |B|^{−½} exp(½ dᵀ(Λ_q + Λ_q B⁻¹ Λ_q) d).
func secondMomentOfWeights(posterior p: Gaussian, guide q: Gaussian) -> Double {
  let (precision, guidePrecision) = (p.cholesky.inverse, q.cholesky.inverse)
  guard let b = Cholesky(2 * precision - guidePrecision) else { return .infinity }
  let d = zip(p.mean, q.mean).map(-)
  let scaled = guidePrecision * d
  return exp(
    -p.cholesky.logDeterminant + 0.5 * q.cholesky.logDeterminant - 0.5 * b.logDeterminant
      + 0.5 * (dot(d, scaled) + dot(scaled, b.solve(scaled))))
}

/// ∫ p²/q over the whole line, for a one-dimensional Gaussian p: where q's tails are the narrower
/// ones the posterior's own rule stops too early, and where q is a mixture p/q is no polynomial.
func secondMomentOfWeightsOnLine(
  posterior p: Gaussian, guide q: some LatentDistribution<[Double]>
) -> Integral {
  integrate(
    over: -.infinity ... .infinity, centre: p.mean[0], scale: p.covariance[0, 0].squareRoot()
  ) { exp(2 * p.logDensity([$0]) - q.logDensity([$0])) }
}

/// A one-dimensional guide beside a posterior: `shift` posterior standard deviations away, `ratio`
/// times its variance.
func guide(beside posterior: Gaussian, ratio: Double, shift: Double = 0) -> Gaussian {
  let variance = posterior.covariance[0, 0]
  return Gaussian(
    mean: [posterior.mean[0] + shift * variance.squareRoot()],
    covariance: Matrix([[ratio * variance]]))
}

/// p̂/p(x) from importance weights, sampled: 1 on average.
func importanceSampling<Model: LatentVariableModel>(
  of model: Model, at x: Model.Observation, from q: some LatentDistribution<Model.Latent>,
  draws: Int, using generator: inout some RandomNumberGenerator
) -> Estimate {
  let logEvidence = model.logEvidence(of: x).value
  return Estimate(draws: draws) {
    let z = q.sample(using: &generator)
    return exp(model.logJoint(x, z) - q.logDensity(z) - logEvidence)
  }
}

/// What a reader of a running importance sampler sees after n draws.
struct WeightHealth {
  let draws: Int
  /// p̂/p(x), which should be 1.
  let relativeEvidence: Double
  let effectiveShare: Double
  /// The largest weight's share of the sum.
  let largestShare: Double
}

/// The health of the first n of the same weights, for growing n.
func health(of logWeights: [Double], logEvidence: Double, after counts: [Int]) -> [WeightHealth] {
  counts.map { n in
    let weights = ImportanceWeights(logarithms: Array(logWeights.prefix(n)))
    let largest = logWeights.prefix(n).max() ?? -.infinity
    return WeightHealth(
      draws: n, relativeEvidence: exp(weights.logMean - logEvidence),
      effectiveShare: weights.effectiveSampleSize / Double(n),
      largestShare: exp(largest - weights.logMean) / Double(n))
  }
}

/// log w of `draws` draws from q.
func logWeights<Model: LatentVariableModel>(
  of model: Model, at x: Model.Observation, from q: some LatentDistribution<Model.Latent>,
  draws: Int, using generator: inout some RandomNumberGenerator
) -> [Double] {
  (0..<draws).map { _ in
    let z = q.sample(using: &generator)
    return model.logJoint(x, z) - q.logDensity(z)
  }
}

/// The largest log w − log(p(x|z)/α) over the given latents, in nats: never above 0 for the
/// defensive mixture q_α = (1 − α) q + α p(z), up to rounding.
func excessOverDefensiveBound<Model: LatentVariableModel, Guide: LatentDistribution>(
  of model: Model, at x: Model.Observation, guide: DefensiveMixture<Guide, Model.Prior>,
  latents: [Model.Latent]
) -> Double where Guide.Latent == Model.Latent {
  latents.map { z in
    model.logJoint(x, z) - guide.logDensity(z)
      - (model.logLikelihood(x, given: z) - log(guide.priorShare))
  }.max() ?? -.infinity
}
