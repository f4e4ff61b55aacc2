import TinyNumerics

// Two ways to estimate ∂ E_q[f(z)], q = N(µ, σ²), from one draw z = µ + σε.

/// Eq. 5.3, one draw: differentiate *inside* the expectation, along the path z = µ + σε,
///   ∂_µ E f = E[f′(z)],   ∂_σ E f = E[f′(z) ε].
/// Unbiased where f is the integral of f′ (kinks are allowed, jumps are not) and
/// |f′(z)| ≤ M e^{κ|z|}.
func pathwiseGradient(
  ofSlope slope: (Double) -> Double, under q: Normal, noise: Double
) -> NormalGradient {
  let along = slope(NormalPath(to: q)(noise))
  return NormalGradient(mean: along, standardDeviation: along * noise)
}

/// The score ∂ log q(z): ∂_µ = (z − µ)/σ², ∂_σ = ((z − µ)²/σ² − 1)/σ. Its expectation is 0.
func score(of q: Normal, at z: Double) -> NormalGradient {
  let noise = (z - q.mean) / q.standardDeviation
  return NormalGradient(
    mean: noise / q.standardDeviation,
    standardDeviation: (noise * noise - 1) / q.standardDeviation)
}

/// Eq. 5.4, one draw: ∂q = q ∂ log q, so ∂ E f = E[(f(z) − b) ∂ log q(z)], and f is never
/// differentiated. Unbiased for any f; the constant b changes only the variance, because the score
/// averages to 0.
///
/// - Source: Williams, "Simple statistical gradient-following algorithms for connectionist
///   reinforcement learning", Machine Learning 8 (1992).
func scoreFunctionGradient(
  of f: (Double) -> Double, under q: Normal, noise: Double, baseline: Double = 0
) -> NormalGradient {
  let z = NormalPath(to: q)(noise)
  let score = score(of: q, at: z)
  let reward = f(z) - baseline
  return NormalGradient(
    mean: reward * score.mean, standardDeviation: reward * score.standardDeviation)
}
