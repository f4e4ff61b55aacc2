import TinyNumerics

/// Eq. 7.T: bad samples and a good likelihood. 99 of 100 samples are coin flips, the last one is
/// p's:
///   log [0.99 · 2^{−J} + 0.01 p(x)], in nats, of an image of J pixels with log p(x) given.
///
/// - Source: Theis, van den Oord and Bethge, "A note on the evaluation of generative models"
///   (2016).
func mostlyNoise(logProbability: Double, pixels: Int) -> Double {
  logSumExp([log(0.99) - Double(pixels) * log(2), log(0.01) + logProbability])
}

/// What that costs on one image, written from the price's side: log 100 − log(1 + 99 ·
/// 2^{−J}/p(x)).
func priceOfNoise(logProbability: Double, pixels: Int) -> Double {
  log(100) - log1p(99 * exp(-Double(pixels) * log(2) - logProbability))
}

/// ½ Σ |P − Q| of two tables.
func totalVariation(_ p: [Double], _ q: [Double]) -> Double {
  0.5 * zip(p, q).reduce(0) { $0 + abs($1.0 - $1.1) }
}
