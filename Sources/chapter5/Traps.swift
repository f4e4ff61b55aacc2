import Foundation
import TinyNumerics

// Eq. 5.T: four mistakes that run without complaint, on the channel of eq. 5.7.

/// Where gradient ascent on the ELBO ends when the gradient is stopped at σ (z = µ + stop(σ)·ε): σ
/// then hears of the divergence alone and goes to the prior's 1. Expected gradients, so nothing is
/// sampled.
func ascentStoppedAtSigma(_ channel: Channel, from start: Normal, steps: Int = 400) -> Normal {
  var q = start
  for _ in 0..<steps {
    let rate = 0.1
    let mean = elboGradient(channel, q).mean
    let onlyDivergence = 1 / q.standardDeviation - q.standardDeviation
    q = Normal(
      mean: q.mean + rate * mean, standardDeviation: q.standardDeviation + rate * onlyDivergence)
  }
  return q
}

/// The standard deviation of a batch's mean ELBO in nats, (1/B) Σ_i log p(x_i | µ_i + σ_iε_i) −
/// D_i, over its noise. Exact, by Gauss–Hermite in ε.
///
/// - Parameter shared: one ε for the whole batch instead of one a data point.
func batchDeviation(_ batch: [Channel], shared: Bool) -> Double {
  let count = Double(batch.count)
  func reconstruction(_ channel: Channel, _ noise: Double) -> Double {
    channel.logLikelihood(NormalPath(to: channel.posterior)(noise))
  }
  if shared {
    return Moments { noise in
      batch.reduce(0) { $0 + reconstruction($1, noise) } / count
    }.variance.squareRoot()
  }
  // Variances of independent terms add.
  return batch.reduce(0) { sum, channel in
    sum + Moments { reconstruction(channel, $0) }.variance
  }.squareRoot() / count
}

/// The ELBO in nats with log q(z) = −½e² − log σ − ½ log 2π, e = (z − µ)/log σ² where (z − µ)/σ is
/// meant. Exact: E_q e² = σ²/(log σ²)².
func elboWithNoiseOverLogVariance(_ channel: Channel, _ q: Normal) -> Double {
  let meanSquare = q.variance / log(q.variance) / log(q.variance)
  let expectedLogDensity = -0.5 * meanSquare - log(q.standardDeviation) - 0.5 * logTwoPi
  let expectedLogJoint = channel.elbo(q) - q.entropy
  return expectedLogJoint - expectedLogDensity
}

/// The ELBO in nats of a guide whose network puts out h = log σ², when the sample takes σ = e^h but
/// the divergence is right: E_{N(µ, e^{2h})}[log p(x|z)] − ½(µ² + e^h − 1 − h). Exact.
func elboWithSampledVariance(_ channel: Channel, _ q: Normal) -> Double {
  let sampled = Normal(mean: q.mean, standardDeviation: q.variance)
  let reconstruction = channel.elbo(sampled) + klDivergence(sampled, relativeTo: .standard)
  return reconstruction - klDivergence(q, relativeTo: .standard)
}
