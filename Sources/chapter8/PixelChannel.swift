import TinyNumerics

/// A pixel x = ±1 seen through noise, y = √γ x + ε: x_t of a diffusion in other units, with γ =
/// SNR_t. Whoever looks may believe in another prior than the pixel has.
struct PixelChannel: Sendable {
  let pixel: Pixel
  let belief: Pixel

  init(_ pixel: Pixel, believed belief: Pixel? = nil) {
    self.pixel = pixel
    self.belief = belief ?? pixel
  }

  /// E f(x·ℓ(y)), ℓ(y) = prior + 2√γ y the believed log-odds; f of a large argument must be small.
  ///
  /// The nodes are spread over where ℓ changes sign if γ is large, and over all of y if it is
  /// small.
  private func expectation(_ gamma: Double, _ f: (Double) -> Double) -> Double {
    let root = gamma.squareRoot()
    let (scale, centre) =
      root > 1 ? (1 / root, -0.5 * belief.logOdds / root) : (1, 0)
    let grid = Grid(over: -40...40, count: 400)
    var sum = 0.0
    for i in 0..<grid.count {
      let y = centre + scale * grid.node(i)
      let odds = belief.logOdds + 2 * root * y
      let light = pixel.probability * exp(-0.5 * (y - root) * (y - root))
      let dark = (1 - pixel.probability) * exp(-0.5 * (y + root) * (y + root))
      sum += (light > 0 ? light * f(odds) : 0) + (dark > 0 ? dark * f(-odds) : 0)
    }
    return sum * grid.spacing * scale / (2 * Double.pi).squareRoot()
  }

  /// E(x − x̂)², x̂ = tanh ½ℓ(y): of a light pixel the error is 1 − tanh ½ℓ = 2 sigmoid(−ℓ).
  func squaredError(_ gamma: Double) -> Double {
    expectation(gamma) { 4 * sigmoid(-$0) * sigmoid(-$0) }
  }

  /// −E log P(x | y), in nats: the cross-entropy of a pixel that has been seen through noise.
  func crossEntropy(_ gamma: Double) -> Double {
    expectation(gamma) { softplus(-$0) }
  }
}
