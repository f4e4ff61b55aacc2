import Foundation
import ImageModels
import TinyNumerics

// Eq. 6.T: three losses that are often met, each as the number it gives and the number that is
// right.

// MARK: Grey pixels under a Bernoulli

/// Σ_k p^{x_k} (1 − p)^{1−x_k} over the 17 grey levels x_k = k/16: what binary cross-entropy calls
/// the probability of a grey pixel, summed over all it could be. A probability would give 1.
func sumOverGreyLevels(_ p: Double) -> Double {
  (0...16).reduce(0) { sum, k in
    let x = Double(k) / 16
    return sum + pow(p, x) * pow(1 - p, 1 - x)
  }
}

/// The same sum in closed form: with r = (p/(1−p))^{1/16} it is geometric,
///   (1 − p)(1 − r¹⁷)/(1 − r), 17/2 at p = ½, and 1 at p = 0 and at p = 1.
func geometricGreySum(_ p: Double) -> Double {
  if p == 0 || p == 1 { return 1 }
  let logRatio = log(p / (1 - p)) / 16
  return logRatio == 0 ? 17 / 2 : (1 - p) * expm1(17 * logRatio) / expm1(logRatio)
}

/// ∫₀¹ pˣ (1 − p)^{1−x} dx = (1 − 2p) / (2 artanh(1 − 2p)), ½ at p = ½: never more, so that as
/// densities on [0, 1] the same numbers are too small. 2 artanh(1 − 2p) = log((1 − p)/p), which
/// keeps the digits of a small p.
///
/// - Source: Loaiza-Ganem and Cunningham, "The continuous Bernoulli: fixing a pervasive error in
///   variational autoencoders", NeurIPS 2019, section 3.
func integralOverGrey(_ p: Double) -> Double {
  p == 0.5 ? 0.5 : (1 - 2 * p) / (log1p(-p) - log(p))
}

/// A model of grey images that any VAE could be: each pixel by itself, p_j its mean grey. In nats
/// an image, averaged: `bernoulli` is −Σ_j BCE(x_j, p_j); `proper` is the same divided, pixel by
/// pixel, by what its "probabilities" sum to over the 17 levels.
func greyLogLikelihoods(_ levels: [[UInt8]]) -> (bernoulli: Double, proper: Double) {
  let count = Double(levels.count)
  var bernoulli = 0.0
  var excess = 0.0
  for pixel in levels[0].indices {
    let p = levels.reduce(0) { $0 + Double($1[pixel]) / 16 } / count
    // the mean of x log p + (1 − x) log(1 − p) over images whose mean x is p; 0 log 0 = 0
    for q in [p, 1 - p] where q > 0 { bernoulli += q * log(q) }
    excess += log(geometricGreySum(p))
  }
  return (bernoulli, bernoulli - excess)
}

// MARK: Unbounded densities

/// Pixels that have one level in all of the images.
func constantPixels(_ levels: [[UInt8]]) -> [Int] {
  levels[0].indices.filter { pixel in levels.allSatisfy { $0[pixel] == levels[0][pixel] } }
}

/// log N(x; x, σ²) = −½ log 2π − log σ: a pixel that is reproduced exactly gains log 10 = 2.303
/// nats for each power of ten that σ loses, without end.
func logDensityReproduced(standardDeviation: Double) -> Double {
  Normal(mean: 0.5, standardDeviation: standardDeviation).logDensity(0.5)
}

/// The probability of that pixel's grey level instead, its cell of [0, 1] under the same normal: it
/// rises to 1, and its logarithm to 0. Level 0 of 17 (what the constant digits' pixels have), the
/// mean in the middle of its cell.
func logProbabilityReproduced(standardDeviation: Double) -> Double {
  logProbability(
    ofCell: 0, of: 17, under: Normal(mean: 0.5 / 17, standardDeviation: standardDeviation))
}
