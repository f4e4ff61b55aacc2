import TinyNetworks
import TinyNumerics
import ToyModels

extension LatentDistribution<[Double]> {
  /// Independent draws, a row each.
  ///
  /// - Requires: at least one.
  public func draws(_ count: Int, using generator: inout some RandomNumberGenerator) -> Rows<Double>
  {
    Rows((0..<count).map { _ in sample(using: &generator) })
  }

  /// log w = log p(x|z) + log p(z) − log q(z), p(z) = N(0, I), of draws z from this guide q, given
  /// their log p(x|z) (eq. 2.5).
  public func logImportanceWeights(
    _ draws: Rows<Double>, _ logLikelihoods: some Collection<Double>
  ) -> [Double] {
    zip(zip(draws, logPrior(draws)), logLikelihoods).map { draw, logLikelihood in
      logLikelihood + draw.1 - logDensity(Array(draw.0))
    }
  }
}
