import TinyNumerics

// Eq. 8.T: the chapter's common mistakes, each as the number it gives, in nats.

/// γ, Euler's constant.
let eulerGamma = 0.577215664901532861

extension Schedule {
  /// The same β at every step.
  static func equal(_ total: Double, steps: Int) -> Schedule {
    Schedule(betas: Array(repeating: total / Double(steps), count: steps))
  }

  /// What β̃_t costs a dimension where x_{t−1} given x_t has the variance β_t, as for N(0, 1) data:
  /// Σ_{t≥2} ½ (β/β̃ − 1 − log(β/β̃)). For small equal β, β/β̃ = t/(t − 1), and the sum tends to
  /// γ/2.
  var costOfPosteriorVariance: Double {
    (1...steps).dropFirst().reduce(0) {
      $0 + 0.5 * excessOverLogarithm(beta($1) / posteriorVariance($1))
    }
  }

  /// What β_t costs a dimension where x_{t−1} given x_t has the variance β̃_t, as for data that are
  /// one point: Σ_{t≥2} ½ (β̃/β − 1 − log(β̃/β)), which for small equal β tends to (1 − γ)/2.
  var costOfBeta: Double {
    (1...steps).dropFirst().reduce(0) { $0 + varianceCost($1, variance: beta($1)) }
  }

  /// "The simple loss is −ELBO": the mean over t of E(ε − ε̂)², for the best denoiser.
  func simpleLoss(of data: TwoPeaks) -> Integral {
    let errors = (1...steps).map { data.noiseError(alphaBar: alphaBar($0), noise: noise($0)) }
    return (1 / Double(steps)) * errors.dropFirst().reduce(errors[0], +)
  }
}

/// log P(+1)/P(0) of a pixel 0/1 once x_t = √ᾱ x_0 + √(1 − ᾱ) ε is seen, by Bayes' rule.
func logOddsOfZeroOne(_ pixel: Pixel, seeing xt: Double, alphaBar: Double) -> Double {
  let deviation = (1 - alphaBar).squareRoot()
  func logDensity(_ mean: Double) -> Double {
    Normal(mean: mean, standardDeviation: deviation).logDensity(xt)
  }
  return pixel.logOdds + logDensity(alphaBar.squareRoot()) - logDensity(0)
}
