import TinyNumerics

/// Eq. 8.4: what the best networks would answer at one x_t = √ᾱ x_0 + √(1 − ᾱ) ε, as expectations
/// over q(x_0 | x_t) ∝ q(x_0) N(x_t; √ᾱ x_0, 1 − ᾱ), by quadrature over x_0.
struct BestPredictions {
  let noise: Integral
  let data: Integral

  init(of q: TwoPeaks, alphaBar: Double, at xt: Double) {
    let (scale, deviation) = (alphaBar.squareRoot(), (1 - alphaBar).squareRoot())
    let grid = Grid(over: -8...8, count: 800)
    func weight(_ x0: Double) -> Double {
      q.density(x0) * Normal(mean: scale * x0, standardDeviation: deviation).density(xt)
    }
    let evidence = grid.integrate(weight)
    data = (1 / evidence.value) * grid.integrate { x0 in weight(x0) * x0 }
    noise =
      (1 / evidence.value)
      * grid.integrate { x0 in weight(x0) * (xt - scale * x0) / deviation }
  }
}

/// Eq. 8.4: the same from the derivative of one log-density.
struct ScorePredictions {
  let score: Double
  let alphaBar: Double
  let xt: Double

  /// E[ε | x_t] = −√(1 − ᾱ) ∂ log q(x_t).
  var noise: Double { -(1 - alphaBar).squareRoot() * score }

  /// E[x_0 | x_t] = (x_t + (1 − ᾱ) ∂ log q(x_t))/√ᾱ.
  ///
  /// - Source: Robbins (1956), who credits Tweedie.
  var data: Double { (xt + (1 - alphaBar) * score) / alphaBar.squareRoot() }
}

/// A pixel x_0 = ±1, held as its prior log-odds log(P(+1)/P(−1)).
struct Pixel: Sendable {
  let logOdds: Double

  init(probability: Double) { logOdds = Bernoulli(probability: probability).logit }

  var probability: Double { sigmoid(logOdds) }
  var entropy: Double { Bernoulli(logit: logOdds).entropy }

  /// Eq. 8.4: the log-odds once x_t is seen, prior + 2√ᾱ x_t/(1 − ᾱ): a normal at +√ᾱ against one
  /// at −√ᾱ.
  func logOdds(seeing xt: Double, alphaBar: Double, noise: Double) -> Double {
    logOdds + 2 * alphaBar.squareRoot() * xt / noise
  }

  /// Eq. 8.4: E[x_0 | x_t] = P(+1 | x_t) − P(−1 | x_t) = tanh(½ log-odds).
  func denoised(_ xt: Double, alphaBar: Double) -> Double {
    tanh(0.5 * logOdds(seeing: xt, alphaBar: alphaBar, noise: 1 - alphaBar))
  }

  /// E[x_0 | x_t] by Bayes' rule over the two values, density by density.
  func denoisedByBayes(_ xt: Double, alphaBar: Double) -> Double {
    let (scale, deviation) = (alphaBar.squareRoot(), (1 - alphaBar).squareRoot())
    let light = probability * Normal(mean: scale, standardDeviation: deviation).density(xt)
    let dark = (1 - probability) * Normal(mean: -scale, standardDeviation: deviation).density(xt)
    return (light - dark) / (light + dark)
  }
}
