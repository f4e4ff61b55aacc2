import TinyNetworks
import TinyNumerics

extension Schedule {
  /// Eq. 8.9 the other way: images from the model. x_T ~ N(0, I); then x_{t−1} ~ N(µ̃_t, β̃_t) with
  /// x̂_0 = tanh(½ log-odds) for x_0; at last every pixel is drawn, 1 with the probability that
  /// x_1 leaves.
  ///
  /// - Parameter logOdds: as for `sampledBounds`.
  func sample(
    _ count: Int, width: Int, using generator: inout some RandomNumberGenerator,
    logOdds: (_ noisy: [Double], _ t: Int) -> [Double]
  ) -> Rows<Double> {
    var x = (0..<count * width).map { _ in generator.normal() }
    for t in stride(from: steps, through: 2, by: -1) {
      let (weights, deviation) = (posteriorWeights(t), posteriorVariance(t).squareRoot())
      x = zip(x, logOdds(x, t)).map { xt, odds in
        weights.x0 * tanh(0.5 * odds) + weights.xt * xt + deviation * generator.normal()
      }
    }
    return Rows(
      logOdds(x, 1).map { generator.uniform() < sigmoid($0) ? 1 : 0 }, width: width)
  }

  /// P(+1) under the model of one pixel, by matrices of transition densities from x_T down to x_1.
  func probability(of pixel: Pixel) -> Double {
    func odds(_ xt: Double, _ t: Int) -> Double {
      pixel.logOdds(seeing: xt, alphaBar: alphaBar(t), noise: noise(t))
    }
    var marginal = ChainMarginal([NormalStep]())
    for t in stride(from: steps, through: 2, by: -1) {
      marginal.step { xt in
        (posterior(t, x0: tanh(0.5 * odds(xt, t)), xt: xt).mean, posteriorVariance(t))
      }
    }
    return zip(ChainMarginal.nodes, marginal.density).reduce(0) { sum, node in
      sum + sigmoid(odds(node.0, 1)) * node.1 * ChainMarginal.grid.spacing
    }
  }
}
