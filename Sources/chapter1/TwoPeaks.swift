import Foundation
import TinyNumerics

/// p = w N(s, 1) + (1 − w) N(−s, 1): two peaks of unit standard deviation, 2s apart, the heavier
/// one at the right.
struct TwoPeaks {
  let halfDistance: Double
  let heavierWeight: Double

  init(halfDistance s: Double, heavierWeight w: Double = 0.6) {
    halfDistance = s
    heavierWeight = w
  }

  var heavier: Normal { Normal(mean: halfDistance, standardDeviation: 1) }
  var lighter: Normal { Normal(mean: -halfDistance, standardDeviation: 1) }
  var density: Mixture {
    Mixture(weights: [heavierWeight, 1 - heavierWeight], components: [heavier, lighter])
  }

  /// The Gaussian with p's mean and variance.
  var momentMatched: Normal { Normal(mean: density.mean, variance: density.variance) }

  /// D(q ‖ p) by adaptive quadrature: another rule than the fits use.
  func divergence(of q: Normal) -> Integral {
    expectation(under: q) { q.logDensity($0) - density.logDensity($0) }
  }

  /// E_q[log(1 + ρ)] with ρ = (1 − w) p_lighter / w p_heavier: the lighter peak's share in eq.
  /// 1.11,
  ///   D(q ‖ p) = D(q ‖ p_heavier) − log w − E_q[log(1 + ρ)],
  /// because log p = log w + log p_heavier + log(1 + ρ).
  func shareOfLighter(under q: Normal) -> Integral {
    let odds = log((1 - heavierWeight) / heavierWeight)
    return expectation(under: q) { z in
      log1p(exp(odds + lighter.logDensity(z) - heavier.logDensity(z)))
    }
  }
}

/// A Gaussian fitted to a density by climbing, and where the climb ended.
struct GaussianFit {
  let q: Normal
  /// The minimised divergence, in nats.
  let divergence: Double
  let gradientNorm: Double

  /// The gradient at which a climb ends.
  static let tolerance = 2e-11

  /// Of the sum over 600 nodes that D(q ‖ p) is: H(q) and E_q|log p| = H(q) + D, for a p that is
  /// nowhere above 1.
  var rounding: Double { TinyNumerics.rounding(2 * q.entropy + divergence, terms: 600) }
}

/// Sums over ε = −9 … 9 with a spacing of 0.03, which standard normal weights make quadrature: log
/// p is analytic in a strip, of half-width π/(2s σ) in ε for peaks at ±s, and the sum's error is
/// about exp(−2π · half-width / spacing), below 10⁻¹⁵ for s σ ≤ 9.
private let noise: [(value: Double, weight: Double)] = {
  let grid = Grid(over: -9...9, count: 600)
  return (0..<grid.count).map { i in
    (grid.node(i), grid.spacing * Normal.standard.density(grid.node(i)))
  }
}()

/// Eq. 1.11, argmin_q D(q ‖ p) from one start, in nats: the nearest local minimum over µ and log σ
/// of
///   D = −H(q) − E_ε[log p(µ + σε)].
///
/// Its gradient: ∂D/∂µ = −E[(log p)′(z)] and ∂D/∂log σ = −1 − E[σε (log p)′(z)], at z = µ + σε.
func reverseFit(to p: Mixture, from start: Normal) -> GaussianFit {
  let parameters = [start.mean, log(start.standardDeviation)]
  let ascent = maximise(from: parameters, tolerance: GaussianFit.tolerance) { parameters in
    let (mean, deviation) = (parameters[0], exp(parameters[1]))
    var value = parameters[1] + 0.5 * (logTwoPi + 1)  // H(q)
    var gradient = [0.0, 1.0]
    for (epsilon, weight) in noise {
      let (logDensity, score) = logDensityAndScore(of: p, at: mean + deviation * epsilon)
      value += weight * logDensity
      gradient[0] += weight * score
      gradient[1] += weight * score * deviation * epsilon
    }
    return (value, gradient)
  }
  return GaussianFit(ascent)
}

/// Eq. 1.11, argmin_q D(p ‖ q), in nats: the Gaussian that mimics p where p has mass. The objective
/// is E_p[log q(z)], by quadrature over z; D adds the constant −H(p).
func forwardFit(to p: Mixture, from start: Normal) -> GaussianFit {
  let grid = Grid(over: -24...24, count: 1600)
  let points = (0..<grid.count).map { i in
    (z: grid.node(i), weight: grid.spacing * p.density(grid.node(i)))
  }
  let parameters = [start.mean, log(start.standardDeviation)]
  let ascent = maximise(from: parameters, tolerance: GaussianFit.tolerance) { parameters in
    let variance = exp(2 * parameters[1])
    var value = 0.0
    var gradient = [0.0, 0.0]
    for (z, weight) in points {
      let deviation = z - parameters[0]
      let squared = deviation * deviation / variance
      value += weight * (-0.5 * squared - parameters[1] - 0.5 * logTwoPi - p.logDensity(z))
      gradient[0] += weight * deviation / variance
      gradient[1] += weight * (squared - 1)
    }
    return (value, gradient)
  }
  return GaussianFit(ascent)
}

extension GaussianFit {
  /// From a climb over (µ, log σ) up −D.
  init(_ ascent: Ascent) {
    q = Normal(mean: ascent.point[0], standardDeviation: exp(ascent.point[1]))
    divergence = -ascent.value
    gradientNorm = ascent.gradientNorm
  }
}

/// log p(z) and its derivative: the components' scores (µₖ − z)/σₖ², weighted by how likely each
/// component is to have made z.
func logDensityAndScore(of p: Mixture, at z: Double) -> (logDensity: Double, score: Double) {
  let logDensity = p.logDensity(z)
  var score = 0.0
  for (weight, component) in zip(p.weights, p.components) {
    let responsibility = weight * exp(component.logDensity(z) - logDensity)
    score += responsibility * (component.mean - z) / component.variance
  }
  return (logDensity, score)
}

extension TwoPeaks {
  /// H(p) = −∫ p log p dz in nats, by adaptive quadrature.
  var entropy: Integral {
    integrate(over: -.infinity ... .infinity, scale: halfDistance + 1) { z in
      let density = density.density(z)
      return density == 0 ? 0 : -density * log(density)
    }
  }

  /// The smallest D(q ‖ p), by adaptive quadrature, at the four q whose µ or log σ differs by
  /// `step` from the given one's.
  func divergenceBeside(_ q: Normal, step: Double) -> Integral {
    let neighbours = [-step, step].flatMap { step in
      [
        Normal(mean: q.mean + step, standardDeviation: q.standardDeviation),
        Normal(mean: q.mean, standardDeviation: q.standardDeviation * exp(step)),
      ]
    }
    return neighbours.map(divergence).min { $0.value < $1.value }!
  }

  /// D(q ‖ p)'s local minimum uphill of each start: broad, on each peak, and narrow in the middle.
  var starts: [(name: String, start: Normal)] {
    [
      ("p's mean and variance", momentMatched), ("the heavier peak", heavier),
      ("the lighter peak", lighter), ("between them", .standard),
    ]
  }

  var reverseFits: [(name: String, fit: GaussianFit)] {
    starts.map { ($0.name, reverseFit(to: density, from: $0.start)) }
  }

  /// The local minimum reached from the broad start, and from the heavier peak.
  var broadFit: GaussianFit { reverseFit(to: density, from: momentMatched) }
  var heavierFit: GaussianFit { reverseFit(to: density, from: heavier) }

  /// The half-distance at which the broad minimum and the one on the heavier peak are equally good:
  /// below it argmin D(q ‖ p) covers both peaks, above it only the heavier.
  ///
  /// - Requires: 0.5 ≤ w ≤ 0.6. (Both minima exist then from s = 2.5 to 3, and the order changes.)
  static func switchPoint(heavierWeight w: Double) -> Double {
    zero(between: 2.5, and: 3) { s in
      let peaks = TwoPeaks(halfDistance: s, heavierWeight: w)
      return peaks.broadFit.divergence - peaks.heavierFit.divergence
    }
  }
}
