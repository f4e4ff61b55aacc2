import TinyNumerics

/// ½∫ f(γ) dγ over γ from 0 to ∞, with s = log γ from −36 to 36 in steps of 0.2.
func halfArea(_ f: (Double) -> Double) -> Integral {
  0.5 * Grid(over: -36...36, count: 180).integrate { s in exp(s) * f(exp(s)) }
}

extension TwoPeaks {
  /// mmse(γ) = E Var(x | √γ x + ε), by Bayes' rule at every x_t = √ᾱ x + √(1 − ᾱ) ε with SNR γ.
  func meanSquaredError(_ gamma: Double) -> Integral {
    let (alphaBar, noise) = (gamma / (1 + gamma), 1 / (1 + gamma))
    let scale = alphaBar.squareRoot()
    return noised(alphaBar: alphaBar, noise: noise).expectation { xt in
      posterior(seeing: xt, scale: scale, noise: noise).totalVariance
    }
  }

  /// The same by the score, for a variance of 1: E(ε − ε̂)² = 1 − (1 − ᾱ) E[(∂ log q)²], and an
  /// error of x is one of ε divided by √γ.
  func meanSquaredErrorByScore(_ gamma: Double) -> Integral {
    (1 / gamma) * noiseError(alphaBar: gamma / (1 + gamma), noise: 1 / (1 + gamma))
  }

  /// E(ε − E[ε | x_t])² = 1 − (1 − ᾱ) E[(∂ log q)²], because E[ε | x_t] = −√(1 − ᾱ) ∂ log q.
  func noiseError(alphaBar: Double, noise: Double) -> Integral {
    let seen = noised(alphaBar: alphaBar, noise: noise)
    return Integral(exactly: 1) - noise * seen.expectation { seen.score($0) * seen.score($0) }
  }

  /// Eq. 8.7 for a density of variance 1: ½∫ (1/(1 + γ) − mmse(γ)) dγ = D(q ‖ N(0, 1)). A normal of
  /// that variance has mmse 1/(1 + γ): the area between the two curves is what q knows better.
  ///
  /// - Source: Guo, Shamai and Verdú, IEEE Transactions on Information Theory 51 (2005).
  var areaBelowNormal: Integral {
    halfArea { gamma in 1 / (1 + gamma) - meanSquaredError(gamma).value }
  }
}

extension PixelChannel {
  /// Eq. 8.7 for a pixel: ½∫ mmse(γ) dγ = H. With another belief Q the area grows by D(P ‖ Q).
  ///
  /// - Source: for Q ≠ P, Verdú, IEEE Transactions on Information Theory 56 (2010).
  var area: Integral { halfArea(squaredError) }

  /// ½∫ mmse over γ from `lower` to `upper`, in r = √γ.
  func area(from lower: Double, to upper: Double) -> Integral {
    integrate(over: lower.squareRoot()...upper.squareRoot()) { r in r * squaredError(r * r) }
  }

  /// (R/2) ∫₀^R mmse(r²) dr: T times what a staircase of T equal steps of √γ has above the area.
  func excess(upTo root: Double) -> Integral {
    (root / 2) * integrate(over: 0...root) { r in squaredError(r * r) }
  }
}
