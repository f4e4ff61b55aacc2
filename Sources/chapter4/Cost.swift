import TinyNetworks
import TinyNumerics

/// Eq. 4.6: what N data points cost with one λ each, and with one guide for all, counted.
struct Cost {
  /// 2D numbers a data point: they grow with N.
  let localParameters: Int
  /// The numbers of φ: they do not.
  let guideParameters: Int
  /// Multiplications for a new x by optimisation, decoder runs only: ELBO evaluations × nodes ×
  /// weights of the decoder that are not zero. (Each evaluation also runs the decoder backwards, at
  /// about twice the price.)
  let localWork: Int
  /// Multiplications for a new x by the guide: one pass, each weight that is not zero once.
  let guideWork: Int

  /// The optimiser's work is that of its average data point.
  init(of guide: Guide, optima: [LocalOptimum], decoder: DenseNetwork<Double>, nodes: Int) {
    localParameters = optima.reduce(0) { $0 + $1.lambda.count }
    guideParameters = guide.trained.count
    let calls = optima.reduce(0) { $0 + $1.calls } / optima.count
    localWork = calls * nodes * multiplications(decoder)
    guideWork = multiplications(guide.network)
  }

  /// The fewest data points for which the guide has fewer numbers than the λ_i: N · 2D > |φ|.
  func breakEven(latentDimension: Int) -> Int { guideParameters / (2 * latentDimension) + 1 }
}

/// The weights of a network that are not zero: each is one multiplication of a forward pass.
func multiplications(_ network: DenseNetwork<Double>) -> Int {
  var (start, count) = (0, 0)
  for (n, m) in zip(network.widths, network.widths.dropFirst()) {
    count += network.parameters[start..<start + n * m].count { $0 != 0 }
    start += (n + 1) * m
  }
  return count
}
