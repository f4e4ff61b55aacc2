// Draws from the distributions that everything else is made of. They work with any generator, so
// that a test can feed them chosen bits.

extension RandomNumberGenerator {
  /// Uniform on [0, 1): the top 53 bits of one word, all that a `Double` can hold.
  @inlinable
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Standard normal, by Box and Muller: the radius √(−2 log u) of a pair of normals and the cosine
  /// of its uniform angle. Exact in distribution up to |z| = 8.57, where 53 bits end.
  ///
  /// - Source: Box and Muller, "A note on the generation of random normal deviates",
  ///   Annals of Mathematical Statistics 29 (1958).
  @inlinable
  public mutating func normal() -> Double {
    let u = 1 - uniform()  // in (0, 1], so that the logarithm is finite
    let radius = (-2 * log(u)).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }

  /// An index drawn with the given probabilities, by walking the cumulative sum.
  ///
  /// - Requires: at least one probability; none negative; a positive sum (which need not be 1).
  public mutating func categorical(_ probabilities: [Double]) -> Int {
    let total = probabilities.reduce(0, +)
    require(
      total > 0 && total.isFinite && probabilities.allSatisfy { $0 >= 0 },
      "a categorical draw needs non-negative probabilities with a positive sum")
    var remaining = uniform() * total
    var last = 0
    for (index, probability) in probabilities.enumerated() where probability > 0 {
      if remaining < probability { return index }
      remaining -= probability
      last = index
    }
    return last  // rounding carried the walk past the end: the last possible outcome
  }
}
