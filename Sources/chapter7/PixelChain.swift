import TinyNumerics

/// Eq. 7.1: an autoregressive model of J binary pixels, read in the order 1 … J, without a latent:
///   p(x) = Π_j p(x_j | x_1 … x_{j−1}),   p(x_j = 1 | …) = sigmoid ℓ_j,
///   ℓ_j = b_j + Σ_{k<j} w_jk x_k.
struct PixelChain {
  /// b_j.
  let intercepts: [Double]
  /// w_jk: row j has one number for each pixel before it.
  let weights: [[Double]]

  var count: Int { intercepts.count }

  /// ℓ_j, which reads nothing but the pixels before j.
  func logit(_ j: Int, given x: [Bool]) -> Double {
    (0..<j).reduce(intercepts[j]) { $0 + (x[$1] ? weights[j][$1] : 0) }
  }

  /// Eq. 7.1, in nats, exact: log p(x) = Σ_j log p(x_j | x_1 … x_{j−1}).
  func logProbability(_ x: [Bool]) -> Double {
    (0..<count).reduce(0) { $0 + Bernoulli(logit: logit($1, given: x)).logProbability(x[$1]) }
  }

  /// p(x) of all 2^J images, each by itself.
  var table: [Double] { allImages(pixels: count).map { exp(logProbability($0)) } }

  /// P(x_1 … x_j) of all 2^j beginnings, grown pixel by pixel: every beginning hands its
  /// probability on to its two continuations.
  func prefixes(length: Int) -> [Double] {
    (0..<length).reduce([1]) { probabilities, j in
      zip(probabilities, allImages(pixels: j)).flatMap { probability, x in
        let one = probability * sigmoid(logit(j, given: x))
        return [probability - one, one]
      }
    }
  }

  /// P(x_j = 1): what the beginnings hand on to a pixel that is set.
  func mean(ofPixel j: Int) -> Double {
    let grown = prefixes(length: j + 1)
    return stride(from: 1, to: grown.count, by: 2).reduce(0) { $0 + grown[$1] }
  }

  /// H(p) in nats, by the chain rule: Σ_j E[H(x_j | x_1 … x_{j−1})].
  var entropy: Double {
    (0..<count).reduce(0) { sum, j in
      zip(prefixes(length: j), allImages(pixels: j)).reduce(sum) { sum, beginning in
        sum + beginning.0 * Bernoulli(logit: logit(j, given: beginning.1)).entropy
      }
    }
  }
}

/// All images of so many pixels; the first pixel is the highest bit of an image's number.
func allImages(pixels count: Int) -> [[Bool]] {
  (0..<1 << count).map { number in (0..<count).map { number >> (count - 1 - $0) & 1 == 1 } }
}

/// The image's number in that list.
func number(of x: [Bool]) -> Int { x.reduce(0) { 2 * $0 + ($1 ? 1 : 0) } }

extension PixelChain {
  /// The chapter's example, pixels counted from 1: ℓ_j = cos j + Σ_{k<j} 2 sin(3j + 5k) x_k.
  static let tenPixels = PixelChain(
    intercepts: (1...10).map { j in cos(Double(j)) },
    weights: (1...10).map { j in (1..<j).map { k in 2 * sin(Double(3 * j + 5 * k)) } })

  /// Weights drawn from N(0, 1).
  init(pixels count: Int, using generator: inout some RandomNumberGenerator) {
    intercepts = (0..<count).map { _ in generator.normal() }
    weights = (0..<count).map { j in (0..<j).map { _ in generator.normal() } }
  }
}

/// r(x) = p(x read backwards): the same weights in another order are another distribution.
func readBackwards(_ table: [Double], pixels count: Int) -> [Double] {
  allImages(pixels: count).map { table[number(of: $0.reversed())] }
}
