import TinyNumerics

// Eq. 7.12: how often a discriminator is right about fresh x, real or generated in equal shares.

extension Contest {
  /// Where p = q, in order: the zeros of c_0 + c_1 x + c_2 x².
  var crossings: [Double] {
    let c = logRatioCoefficients
    guard c[2] != 0 else { return [-c[0] / c[1]] }
    let root = (c[1] * c[1] - 4 * c[0] * c[2]).squareRoot()
    return [(-c[1] - root) / (2 * c[2]), (-c[1] + root) / (2 * c[2])].sorted()
  }

  /// The crossings with −∞ and ∞ around them: stretches on which one of p and q is the larger.
  private var stretches: [ClosedRange<Double>] {
    let ends = [-.infinity] + crossings + [.infinity]
    return zip(ends, ends.dropFirst()).map { $0...$1 }
  }

  /// TV(p, q) = ½ ∫ |p − q| dx, by the distribution functions: ½ Σ |P(stretch) − Q(stretch)|.
  var totalVariation: Double {
    stretches.reduce(0) { sum, stretch in
      func mass(_ normal: Normal) -> Double {
        normal.cdf(stretch.upperBound) - normal.cdf(stretch.lowerBound)
      }
      return sum + 0.5 * abs(mass(p) - mass(q))
    }
  }

  /// The best accuracy, E_m max(D*, 1 − D*): on every stretch the larger of p and q is said to have
  /// made it.
  var bestAccuracy: Integral {
    stretches.map { stretch in
      integrate(over: stretch, centre: q.mean, scale: q.standardDeviation) { x in
        0.5 * max(p.density(x), q.density(x))
      }
    }.reduce(Integral(exactly: 0), +)
  }

  /// The accuracy of "real where x < t", exact.
  func accuracy(ofThreshold t: Double) -> Double { 0.5 * p.cdf(t) + 0.5 * (1 - q.cdf(t)) }

  /// How often D* is right about so many x, whose labels are fair coins.
  func sampledAccuracy(draws: Int, using generator: inout some RandomNumberGenerator) -> Estimate {
    Estimate(draws: draws) {
      let isReal = generator.uniform() < 0.5
      let x = (isReal ? p : q).sample(using: &generator)
      return (bestDiscriminator(x) > 0.5) == isReal ? 1 : 0
    }
  }
}
