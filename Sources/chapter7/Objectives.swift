import TinyNumerics

/// Eq. 7.8: what one Gaussian q may minimise against p, as ∫ f(p, q) dx, in nats.
enum Objective: CaseIterable {
  /// D(p ‖ q), maximum likelihood.
  case forward
  /// D(q ‖ p), a guide's.
  case reverse
  /// JS(p ‖ q), a GAN's while its discriminator is the best.
  case jensenShannon

  /// f from log p and log q, and ∂f/∂log q.
  func integrand(_ logP: Double, _ logQ: Double) -> (value: Double, slope: Double) {
    let (p, q) = (exp(logP), exp(logQ))
    switch self {
    case .forward: return (p * (logP - logQ), -p)
    case .reverse: return (q * (logQ - logP), q * (logQ - logP + 1))
    case .jensenShannon:
      let logMiddle = max(logP, logQ) + log1p(exp(-abs(logP - logQ))) - log(2)
      return (
        0.5 * p * (logP - logMiddle) + 0.5 * q * (logQ - logMiddle), 0.5 * q * (logQ - logMiddle)
      )
    }
  }
}

/// A Gaussian where a climb down has ended.
struct ObjectiveFit {
  let q: Normal
  let value: Double
  let gradientNorm: Double
}

/// p = 0.6 N(s, 1) + 0.4 N(−s, 1) on a grid (eq. 1.11's two peaks), and the Gaussians fitted to it.
struct TwoPeakFit {
  let density: Mixture
  /// Where the heavier peak sits.
  let halfDistance: Double
  private let nodes: [(x: Double, logDensity: Double)]

  /// Every fit is a sum with a spacing h = 0.08; log(p + q) is analytic within about π/2s of the
  /// line, which leaves an error of e^{−2π (π/2s)/h}: 4e-14 at s = 4.
  static let grid = Grid(over: -32...32, count: 800)
  var gridError: Double { exp(-.pi * .pi / (halfDistance * TwoPeakFit.grid.spacing)) }

  init(halfDistance s: Double) {
    halfDistance = s
    let mixture = Mixture(
      weights: [0.6, 0.4],
      components: [s, -s].map { Normal(mean: $0, standardDeviation: 1) })
    density = mixture
    nodes = (0..<TwoPeakFit.grid.count).map {
      let x = TwoPeakFit.grid.node($0)
      return (x, mixture.logDensity(x))
    }
  }

  /// The minimum downhill from `start`, over µ and log σ: with log q's slopes (x − µ)/σ² and
  /// (x − µ)²/σ² − 1,  ∂∫f = ∫ (∂f/∂log q) ∂log q dx.
  func fit(_ objective: Objective, from start: Normal) -> ObjectiveFit {
    let ascent = maximise(
      from: [start.mean, log(start.standardDeviation)], tolerance: 1e-11
    ) { parameters in
      let q = Normal(mean: parameters[0], standardDeviation: exp(parameters[1]))
      var value = 0.0
      var gradient = [0.0, 0.0]
      for (x, logDensity) in nodes {
        let deviation = (x - q.mean) / q.standardDeviation
        let term = objective.integrand(logDensity, q.logDensity(x))
        value -= term.value
        gradient[0] -= term.slope * deviation / q.standardDeviation
        gradient[1] -= term.slope * (deviation * deviation - 1)
      }
      let spacing = TwoPeakFit.grid.spacing
      return (spacing * value, gradient.map { spacing * $0 })
    }
    let q = Normal(mean: ascent.point[0], standardDeviation: exp(ascent.point[1]))
    return ObjectiveFit(q: q, value: -ascent.value, gradientNorm: ascent.gradientNorm)
  }

  /// From p's own mean and variance, and from the heavier peak.
  func broad(_ objective: Objective) -> ObjectiveFit {
    fit(objective, from: Normal(mean: density.mean, variance: density.variance))
  }
  func narrow(_ objective: Objective) -> ObjectiveFit {
    fit(objective, from: Normal(mean: halfDistance, standardDeviation: 1))
  }

  /// The half-distance at which broad and narrow fit are equally good.
  static func tie(_ objective: Objective, near guess: Double) -> Double {
    root(near: guess, and: guess + 0.02) { s in
      let peaks = TwoPeakFit(halfDistance: s)
      return peaks.broad(objective).value - peaks.narrow(objective).value
    }
  }

  /// The objective at any q by an adaptive rule, and from the definitions.
  func value(_ objective: Objective, at q: Normal) -> Integral {
    let components = zip(density.weights, density.components)
    func underP(_ f: (Double) -> Double) -> Integral {
      components.map { $0 * expectation(under: $1, of: f) }.reduce(Integral(exactly: 0), +)
    }
    let halves = Mixture(
      weights: density.weights.map { 0.5 * $0 } + [0.5], components: density.components + [q])
    switch objective {
    case .forward: return underP { density.logDensity($0) - q.logDensity($0) }
    case .reverse: return expectation(under: q) { q.logDensity($0) - density.logDensity($0) }
    case .jensenShannon:
      return 0.5 * underP { density.logDensity($0) - halves.logDensity($0) }
        + 0.5 * expectation(under: q) { q.logDensity($0) - halves.logDensity($0) }
    }
  }

  /// Far apart, q on the heavier peak of weight w: where q is, p + q = (1 + w) q, elsewhere p
  /// alone, so
  ///   JS → ½ (w log 2w/(1 + w) + (1 − w) log 2) + ½ log 2/(1 + w).
  static func farApart(heavierWeight w: Double) -> Double {
    0.5 * (w * log(2 * w / (1 + w)) + (1 - w) * log(2)) + 0.5 * log(2 / (1 + w))
  }
}
