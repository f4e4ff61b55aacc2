import Foundation
import TinyNumerics
import ToyModels

// Eq. 2.4: p̂ = (1/k) Σ p(x|z_s) with z_s ~ p(z). The mean is unbiased for p(x); its logarithm is
// not unbiased for log p(x).

/// p̂/p(x), sampled: 1 on average, whatever the number of draws.
func priorSampling<Model: LatentVariableModel>(
  of model: Model, at x: Model.Observation, draws: Int,
  using generator: inout some RandomNumberGenerator
) -> Estimate {
  let logEvidence = model.logEvidence(of: x).value
  return Estimate(draws: draws) {
    let z = model.prior.sample(using: &generator)
    return exp(model.logLikelihood(x, given: z) - logEvidence)
  }
}

/// log p̂ − log p(x) for k draws, in nats, minus the control variate p̂/p(x) − 1: sampled.
///
/// The control variate has mean zero and takes away the part of log p̂ that is linear in p̂; what
/// is left is the bias and little else.
func logBiasEstimate<Model: LatentVariableModel>(
  of model: Model, at x: Model.Observation, draws k: Int, batches: Int,
  using generator: inout some RandomNumberGenerator
) -> Estimate {
  let logEvidence = model.logEvidence(of: x).value
  return Estimate(draws: batches) {
    var sum = 0.0
    for _ in 0..<k {
      let z = model.prior.sample(using: &generator)
      sum += exp(model.logLikelihood(x, given: z) - logEvidence)
    }
    let relative = sum / Double(k)
    return log(relative) - (relative - 1)
  }
}

/// E[log p̂] − log p(x) ≤ 0 for k draws from a finite prior, in nats, exact: by Frullani's integral
/// (eq. 3.18).
func logBias(of model: MixtureModel, at x: Double, draws k: Int) -> Integral {
  let logLikelihoods = (0..<model.prior.count).map { model.logLikelihood(x, given: $0) }
  return expectedLogMean(logWeights: logLikelihoods, under: model.prior, draws: k)
    - model.logEvidence(of: x)
}

/// The same with the neural model's prior replaced by the nodes of a grid, and of the half-shifted
/// grid.
func logBias(of model: NeuralModel, at x: SIMD2<Double>, draws k: Int) -> Integral {
  let grid = Grid(over: -8...8, count: 768)
  let sides = [false, true].map { shifted in
    let nodes = (0..<grid.count).map { grid.node($0, shifted: shifted) }
    return expectedLogMean(
      logWeights: nodes.map { model.logLikelihood(x, given: $0) },
      under: Discrete(weights: nodes.map(Normal.standard.density)), draws: k)
  }
  let mean = Integral(
    sides[0].value, andShifted: sides[1].value,
    evaluations: sides[0].evaluations + sides[1].evaluations)
  return mean.adding(error: sides[0].error) - model.logEvidence(of: x)
}

/// The mixture's bias again, by visiting every way in which k draws can fall on the classes: a sum
/// over counts (n₁, …, n_K) with multinomial probabilities.
func logBiasByEnumeration(of model: MixtureModel, at x: Double, draws k: Int) -> Double {
  let likelihoods = (0..<model.prior.count).map { exp(model.logLikelihood(x, given: $0)) }
  let logPriors = (0..<model.prior.count).map { model.prior.logProbability($0) }
  /// Σ over the classes from `z` on, `left` draws still to fall.
  func sum(from z: Int, left: Int, logProbability: Double, total: Double) -> Double {
    if z == likelihoods.count - 1 {
      let n = Double(left)
      let mean = (total + n * likelihoods[z]) / Double(k)
      return exp(logProbability + n * logPriors[z] - lgamma(n + 1)) * log(mean)
    }
    return (0...left).reduce(0) { result, count in
      let n = Double(count)
      return result
        + sum(
          from: z + 1, left: left - count,
          logProbability: logProbability + n * logPriors[z] - lgamma(n + 1),
          total: total + n * likelihoods[z])
    }
  }
  let expected = sum(from: 0, left: k, logProbability: lgamma(Double(k) + 1), total: 0)
  return expected - model.logEvidence(of: x).value
}

/// lim k·(E[log p̂] − log p(x)) as k → ∞, extrapolated from k = 256, 512, …, 4096: with the bias a
/// series in 1/k, doubling k and subtracting takes away one power after the other (Richardson). The
/// error is the last change, and the integrals' own errors times 3 · 5/3 · 9/7 · 17/15 < 8, by
/// which the subtractions may magnify them. Eq. 2.4 says that the limit is −½ Var(p(x|z))/p(x)².
func limitOfScaledBias(_ bias: (Int) -> Integral) -> Integral {
  let scaled = [256, 512, 1024, 2048, 4096].map { k in Double(k) * bias(k) }
  var column = scaled.map(\.value)
  var change = Double.infinity
  for order in 1..<column.count {
    let factor = Double(1 << order)
    let next = zip(column, column.dropFirst()).map { (factor * $1 - $0) / (factor - 1) }
    change = abs(next[next.count - 1] - column[column.count - 1])
    column = next
  }
  return Integral(exactly: column[0], error: change + 8 * (scaled.map(\.error).max() ?? 0))
}
