import TinyNetworks
import TinyNumerics
import ToyModels

/// Eq. 4.1: one data point's own variational parameters, λ* = argmax_λ ELBO(λ; x), among all N(µ,
/// σ²).
struct LocalOptimum {
  let lambda: GuideParameters
  /// max_λ ELBO(λ; x), in nats, by the quadrature of `BatchELBO`.
  let elbo: Double
  /// |∇ELBO| where the climb ended: how good an optimum it is.
  let gradientNorm: Double
  /// How many climbs it is the best of, and how often they evaluated the ELBO, all together.
  let starts: Int
  let calls: Int

  var guide: Normal { chapter4.guide(lambda) }
}

/// Where the climbs start: on every peak of the posterior, with the width that its curvature there
/// suggests (σ⁻² = −d²/dz² log p(z|x); from a wider start the first step may leave for another
/// peak), and at the best guides of a few larger widths, which may cover several peaks.
func localStarts(_ posterior: TabulatedPosterior, covering broad: [Normal]) -> [GuideParameters] {
  let step = 0.02
  let z = (-250...250).map { step * Double($0) }
  let height = z.map(posterior.logDensity)
  let peaks = (1..<z.count - 1).filter {
    height[$0] >= height[$0 - 1] && height[$0] > height[$0 + 1]
  }
  return peaks.map { k in
    let curvature = (2 * height[k] - height[k - 1] - height[k + 1]) / (step * step)
    return [z[k], -log(max(curvature, 1))]
  } + broad.map { [$0.mean, log($0.variance)] }
}

/// The best of the maxima that BFGS reaches from `localStarts`: the ELBO of a posterior with two
/// peaks has a maximum on each, and sometimes one that covers both.
func localOptimum(
  of x: SIMD2<Double>, posterior: TabulatedPosterior, lattice: GuideLattice,
  decoder: DenseNetwork<Double>
) -> LocalOptimum {
  var batch = BatchELBO(data: [x], decoder: decoder)
  var calls = 0
  let starts = localStarts(posterior, covering: lattice.best(for: x).map(\.guide))
  let ascents = starts.map { start in
    maximise(from: start, tolerance: gradientTolerance) { lambda in
      calls += 1
      let result = batch(lambda, decoder: decoder)
      return (result.values[0], result.gradient)
    }
  }
  let best = ascents.max { $0.value < $1.value }!
  return LocalOptimum(
    lambda: best.point, elbo: best.value, gradientNorm: best.gradientNorm,
    starts: ascents.count, calls: calls)
}

/// Where a climb may end: an optimum is then off by less than 1e-15 nats for a curvature of 0.1 or
/// more.
let gradientTolerance = 1e-8

/// All data points at once: max over (λ₁, …, λ_N) of Σ_i ELBO(λ_i; x_i), by one climb of 2N
/// variables.
func jointOptimum(
  of data: [SIMD2<Double>], decoder: DenseNetwork<Double>, from start: GuideParameters
) -> Ascent {
  var batch = BatchELBO(data: data, decoder: decoder)
  return maximise(from: start, tolerance: gradientTolerance) { lambda in
    let result = batch(lambda, decoder: decoder)
    return (result.values.reduce(0, +), result.gradient)
  }
}

/// The ELBO's slopes by µ and by log σ² once more, in the score-function form (eq. 5.4), which
/// differentiates q and never asks for a slope of the decoder: with f(z) = log p(x, z) and z = µ +
/// σε,
///   ∂_µ ELBO = E[f(z) ε]/σ,   ∂_{log σ²} ELBO = ½ (E[f(z) (ε² − 1)] + 1),
/// the last 1 from the entropy ½ log σ². By a double exponential rule.
func slopesByScore(of q: Normal, at x: SIMD2<Double>, model: NeuralModel) -> [Integral] {
  func expectation(_ score: (Double) -> Double) -> Integral {
    q.expectation { z in
      model.logJoint(x, z) * score((z - q.mean) / q.standardDeviation)
    }
  }
  let byMean = 1 / q.standardDeviation * expectation { $0 }
  let byLogVariance = 0.5 * (expectation { $0 * $0 - 1 } + Integral(exactly: 1))
  return [byMean, byLogVariance]
}
