import TinyNetworks
import TinyNumerics

/// Eq. 4.6: what N data points cost with one λ each, and with one guide for all, counted.
struct Cost {
  /// 2D numbers a data point: they grow with N.
  let localParameters: Int
  /// The numbers of φ: they do not.
  let guideParameters: Int
  /// Multiplications for a new x by optimisation, decoder runs only: ELBO evaluations × nodes × weights
  /// of the decoder. (Each evaluation also runs the decoder backwards, at about twice the price.)
  let localWork: Int
  /// Multiplications for a new x by the guide: one pass, each weight once.
  let guideWork: Int

  /// The optimiser's work is that of its average data point.
  init(of guide: Guide, optima: [LocalOptimum], decoder: DenseNetwork<Double>, nodes: Int) {
    localParameters = optima.reduce(0) { $0 + $1.lambda.count }
    guideParameters = guide.trained.count
    let calls = optima.reduce(0) { $0 + $1.calls } / optima.count
    localWork = calls * nodes * weightCount(decoder)
    guideWork = weightCount(guide.network)
  }

  /// The fewest data points for which the guide has fewer numbers than the λ_i: N · 2D > |φ|.
  func breakEven(latentDimension: Int) -> Int { guideParameters / (2 * latentDimension) + 1 }
}

/// Σ_l n_{l−1} n_l: the parameters that are not biases.
func weightCount(_ network: DenseNetwork<Double>) -> Int {
  network.parameterCount - network.widths.dropFirst().reduce(0, +)
}
