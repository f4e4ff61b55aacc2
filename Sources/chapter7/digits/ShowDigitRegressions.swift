import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

extension DigitStudy {
  // MARK: 7.2

  func showLearning(in notebook: Notebook) {
    Chapter7.showRegressions(in: notebook)
    notebook.text(
      """
      The digits: 64 regressions, one a pixel in reading order, each on the pixels before it, with \
      the prior N(0, 1) on every weight. At the maximum the gradient is zero: what the chain \
      expects of x_j x_k falls short of what is in the data by the weight itself.
      """)
    let chain = regressions.chain
    notebook.table(
      ["64 regressions", "log p(x)", "Newton steps, at most"],
      [
        ["training", mean(logProbabilities(of: digits.training)).decimals(7), ""],
        [
          "held out", mean(logProbabilities(of: digits.heldOut)).decimals(7),
          "\(regressions.regressions.map(\.steps).max() ?? 0)",
        ],
      ])
    notebook.check(.worst(of: momentChecks(chain)))
    notebook.check(
      .worst(
        of: digits.heldOut.indices.map { i in
          .exact(
            "7.2", "held out: log p(x) = log Π p(x_j | …), product by product",
            chain.logProbability(digits.heldOut[i].map { $0 == 1 }),
            logOfProduct(digits.heldOut[i]), allowance: rounding(100))
        }))
    notebook.gap()
  }

  func logProbabilities(of images: Rows<Double>) -> [Double] {
    images.map { image in regressions.chain.logProbability(image.map { $0 == 1 }) }
  }

  /// Σ_i (x_ij − p_ij) x_ik = w_jk, and the same with 1 for x_ik and the intercept.
  private func momentChecks(_ chain: PixelChain) -> [Check] {
    let images = digits.training.map { $0.map { $0 == 1 } }
    return (0..<chain.count).flatMap { j in
      let misses = images.map { ($0[j] ? 1 : 0) - sigmoid(chain.logit(j, given: $0)) }
      let weights = [chain.intercepts[j]] + chain.weights[j]
      return weights.enumerated().map { k, weight in
        let moment = zip(images, misses).reduce(0) {
          $0 + (k == 0 || $1.0[k - 1] ? $1.1 : 0)
        }
        return Check.exact(
          "7.2", "digits: Σ (x_j − p_j) x_k = w_jk at the maximum", moment, weight,
          allowance: regressions.regressions[j].gradientNorm + rounding(1500, terms: 1500))
      }
    }
  }

  /// The pixels' probabilities by e^ℓ/(1 + e^ℓ) and multiplied, one logarithm at the end.
  private func logOfProduct(_ image: ArraySlice<Double>) -> Double {
    let x = Array(image)
    return log(
      x.indices.reduce(1) { product, j in
        let weights = regressions.regressions[j].weights
        let odds = exp(weights[0] + dot(Array(weights.dropFirst()), Array(x[..<j])))
        return product * (x[j] == 1 ? odds : 1) / (1 + odds)
      })
  }
}
