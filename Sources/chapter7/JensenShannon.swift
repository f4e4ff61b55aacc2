import TinyNumerics

// Eq. 7.6: the Jensen–Shannon divergence of p and q, in nats, four ways. m = ½p + ½q throughout.

extension Contest {
  var middle: Mixture { Mixture(weights: [0.5, 0.5], components: [p, q]) }

  /// JS = ½ D(p ‖ m) + ½ D(q ‖ m), its definition.
  var jensenShannon: Integral {
    let middle = middle
    return 0.5 * expectation(under: p) { p.logDensity($0) - middle.logDensity($0) }
      + 0.5 * expectation(under: q) { q.logDensity($0) - middle.logDensity($0) }
  }

  /// JS = H(m) − ½ H(p) − ½ H(q), where these entropies are finite.
  var jensenShannonByEntropies: Integral {
    let middle = middle
    let scale = middle.variance.squareRoot()
    let entropy = integrate(over: -.infinity ... .infinity, centre: middle.mean, scale: scale) {
      x in
      let density = middle.density(x)
      return density == 0 ? 0 : -density * log(density)
    }
    return entropy - Integral(exactly: 0.5 * p.entropy + 0.5 * q.entropy)
  }

  /// JS = I(label; x) = log 2 − E_m[H(label | x)]: what an x tells of its label.
  var informationAboutLabel: Integral {
    func uncertainty(_ x: Double) -> Double { Bernoulli(logit: logRatio(x)).entropy }
    let left =
      0.5 * expectation(under: p, of: uncertainty) + 0.5 * expectation(under: q, of: uncertainty)
    return Integral(exactly: log(2)) - left
  }

  /// JS = ½ (V(D*) + log 4): what the game's value says of it once the discriminator is the best.
  var jensenShannonByGame: Integral {
    0.5 * (value(of: logRatio) + Integral(exactly: log(4)))
  }

  /// The cross-entropy of a classifier of the label, in nats a fresh x: −½ V.
  func crossEntropy(of logit: (Double) -> Double) -> Integral { -0.5 * value(of: logit) }
}

/// The same of two distributions over outcomes.
func jensenShannon(_ p: Discrete, _ q: Discrete) -> Double {
  let middle = Discrete(weights: zip(p.probabilities, q.probabilities).map(+))
  return 0.5 * klDivergence(p, relativeTo: middle) + 0.5 * klDivergence(q, relativeTo: middle)
}

/// Two dice with ten faces each, of which they share so many.
func dice(sharing faces: Int) -> (Discrete, Discrete) {
  let count = 20 - faces
  return (
    Discrete(weights: (0..<count).map { $0 < 10 ? 1 : 0 }),
    Discrete(weights: (0..<count).map { $0 >= 10 - faces ? 1 : 0 })
  )
}
