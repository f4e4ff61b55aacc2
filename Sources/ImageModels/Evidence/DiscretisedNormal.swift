import Foundation
import TinyNumerics

/// Eq. 6.7: log P(cell k) = log [Φ((b − µ)/σ) − Φ((a − µ)/σ)], in nats, for the K equal cells
/// [a, b) of [0, 1]; the first cell reaches to −∞ and the last to +∞, so that the K probabilities
/// sum to 1.
///
/// Far from the mean both Φ round to 1 and their difference to 0. So a cell above the mean is
/// reflected to below it, and the difference is taken of logarithms:
///   log (Φ_b − Φ_a) = log Φ_b + log(1 − e^{−δ}),  δ = log Φ_b − log Φ_a.
public func logProbability(ofCell k: Int, of count: Int, under p: Normal) -> Double {
  let lower = k == 0 ? -Double.infinity : Double(k) / Double(count)
  let upper = k == count - 1 ? Double.infinity : Double(k + 1) / Double(count)
  let isAbove = lower + upper > 2 * p.mean
  let reflected = isAbove ? Normal(mean: -p.mean, standardDeviation: p.standardDeviation) : p
  let (a, b) = isAbove ? (-upper, -lower) : (lower, upper)
  let logUpper = b == .infinity ? 0 : reflected.logCDF(b)
  guard a > -.infinity else { return logUpper }
  return logUpper + log(-expm1(reflected.logCDF(a) - logUpper))
}
