/// How the decoder's outputs become a probability p(x|z) of the data.
public enum Likelihood: String, CaseIterable, Sendable {
  /// Each entry of x is 0 or 1; the decoder gives its logit ℓ: log p(x|z) = Σ_j x_j ℓ_j − log(1 + e^{ℓ_j}).
  case bernoulli

  /// The decoder outputs that one entry of x needs.
  public var outputsPerEntry: Int { 1 }

  /// log p(x|z) summed over `count` entries, in nats. The gradient of −scale · log p with respect to the
  /// outputs is written in the same pass: scale · (sigmoid(ℓ) − x).
  @inline(__always)
  func logLikelihood<S: NetworkScalar>(
    outputs: UnsafePointer<S>, data: UnsafePointer<S>, count: Int, scale: S,
    gradient: UnsafeMutablePointer<S>
  ) -> Double {
    var sum = 0.0
    for i in stride(from: 0, to: count, by: 8) {
      // ℓ = −∞ and x = 0 would add nothing; −80 adds e⁻⁸⁰, which is nothing too.
      let logit = lanes(outputs, at: i, count: count, filler: -80)
      let x = lanes(data, at: i, count: count)
      let e = S.exp(-magnitude(logit))
      let positive = S.step(logit)
      let sigmoid = (positive + (1 - positive) * e) / (1 + e)
      let softplus = S.positivePart(logit) + S.log(1 + e)
      sum += Double((x * logit - softplus).sum())
      store(scale * (sigmoid - x), to: gradient, at: i, count: count)
    }
    return sum
  }
}
