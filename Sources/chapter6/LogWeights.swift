import Foundation
import TinyNumerics

extension DiagonalGaussian {
  /// log w = log p(x|z) + log p(z) − log q(z) of draws z from this guide, which stand one after the other, given
  /// their log p(x|z) (eq. 2.5).
  func logImportanceWeights(_ draws: [Double], _ logLikelihoods: [Double]) -> [Double] {
    let logPriors = logPrior(draws, dimension: dimension)
    return logLikelihoods.indices.map { i in
      let z = Array(draws[i * dimension..<(i + 1) * dimension])
      return logLikelihoods[i] + logPriors[i] - logDensity(z)
    }
  }
}
