import TinyNumerics

// Eq. 5.T: mistakes that run without complaint, on the channel of eq. 5.7 and on 5.9's classes.

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

/// The same two in closed form, for channels that differ in x alone: with r_i = x_i − wm_i the ELBO
/// of x_i varies as (wvr_i/s²) ε − (w²v²/2s²) ε², and Var ε² = 2, Cov(ε, ε²) = 0. The linear terms
/// cancel in a shared ε if the r_i add up to nothing.
func batchDeviations(_ batch: [Channel]) -> (shared: Double, own: Double) {
  let count = Double(batch.count)
  let channel = batch[0]
  let (w, s2, v) = (channel.weight, square(channel.noise), channel.posterior.standardDeviation)
  let bend = square(w * v) / (2 * s2)
  let slopes = batch.map { w * v * ($0.x - w * $0.posterior.mean) / s2 }
  let pull = slopes.reduce(0, +) / count
  return (
    (square(pull) + 2 * square(bend)).squareRoot(),
    (slopes.reduce(0) { $0 + square($1) } / count + 2 * square(bend)).squareRoot()
      / count.squareRoot()
  )
}

/// E_q of what one draw reports as its ELBO, by Gauss–Hermite: exact for the channel's quadratics.
func reportedELBO(_ report: (_ noise: Double) -> Double) -> Double {
  GaussHermite.forty.expectation(of: report)
}

extension Channel {
  /// One draw of log p(x, z) − log q(z) with log q(z) = −½e² − log σ − ½ log 2π, e = (z − µ)/log σ²
  /// where (z − µ)/σ is meant.
  func drawWithNoiseOverLogVariance(_ q: Normal, noise: Double) -> Double {
    let z = NormalPath(to: q)(noise)
    let e = (z - q.mean) / log(q.variance)
    let logDensity = -0.5 * e * e - log(q.standardDeviation) - 0.5 * logTwoPi
    return logLikelihood(z) + Normal.standard.logDensity(z) - logDensity
  }

  /// One draw of log p(x|z) − ½(µ² + e^ρ − 1 − ρ) for a network that puts out ρ = log σ², when the
  /// sample takes σ = e^ρ.
  func drawWithSampledVariance(_ q: Normal, noise: Double) -> Double {
    let rho = log(q.variance)
    let z = q.mean + exp(rho) * noise
    return logLikelihood(z) - 0.5 * (q.mean * q.mean + exp(rho) - 1 - rho)
  }

  /// One draw of the right one, log p(x|z) − D(q ‖ p(z)).
  func draw(_ q: Normal, noise: Double) -> Double {
    logLikelihood(NormalPath(to: q)(noise)) - klDivergence(q, relativeTo: .standard)
  }
}

/// Where a climb up the ELBO of a discrete guide ends, by BFGS from its logits: with the score
/// function's expected gradient, or with the pathwise one, a mean over uniform noise of the
/// staircase's slope. (A derivative is a limit: the slope is taken at a step of 1e-12, which no u
/// of a million comes near.)
func climb(_ start: DiscreteGuide, pathwiseOver noise: [Double]? = nil) -> DiscreteGuide {
  var guide = start
  let ascent = maximise(from: start.logits) { logits in
    guide.logits = logits
    let gradient = logits.indices.map { k in
      guard let noise else { return guide.q.expectation { guide.scoreGradient($0, k) }.value }
      let slope = StaircaseQuotient(guide, k, step: 1e-12)
      return noise.reduce(0) { $0 + slope($1) } / Double(noise.count)
    }
    return (guide.elbo, gradient)
  }
  guide.logits = ascent.point
  return guide
}
