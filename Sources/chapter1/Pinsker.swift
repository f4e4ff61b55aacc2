import Foundation
import Notebook
import TinyNumerics

/// ½ Σ |P − Q|: the largest difference of the probabilities that P and Q give to one event.
func totalVariation(_ p: Discrete, _ q: Discrete) -> Double {
  0.5 * zip(p.probabilities, q.probabilities).reduce(0) { $0 + abs($1.0 - $1.1) }
}

/// ½ ∫ |q − p| for N(m, 1) and N(0, 1), exact: q exceeds p right of m/2, so it is 2Φ(m/2) − 1.
func totalVariationOfShift(_ m: Double) -> Double { erf(m / 8.0.squareRoot()) }

/// The same by quadrature, the line split at the kink of |q − p|.
///
/// - Requires: m > 0.
func totalVariationOfShiftByQuadrature(_ m: Double) -> Integral {
  let (q, p) = ShiftedNormal.pair(m)
  let left = integrate(over: -.infinity...m / 2) { p.density($0) - q.density($0) }
  let right = integrate(over: m / 2 ... .infinity) { q.density($0) - p.density($0) }
  return 0.5 * (left + right)
}

/// Eq. 1.12, Pinsker's inequality: total variation ≤ √(D/2), D in nats.
func pinskerBound(_ divergence: Double) -> Double { (divergence / 2).squareRoot() }

extension Chapter1 {
  static func showPinsker(in notebook: Notebook) {
    notebook.section("1.12", "Pinsker: total variation ≤ √(D/2)")
    notebook.text(
      """
      A small divergence in nats means that no event has very different probabilities: that is \
      what a bound on D promises. For two unit Gaussians m apart the total variation is 2Φ(m/2) − \
      1, the bound m/2. A coin tilted by δ shows that no smaller constant would do: there the two \
      sides agree to order δ³.
      """)
    let shifts = [0.01, 0.1, 0.5, 1, 2, 4]
    notebook.table(
      ["m", "D = m²/2", "total variation", "√(D/2)"],
      shifts.map { m in
        let divergence = ShiftedNormal.divergence(m)
        return [m.significant(3)]
          + [divergence, totalVariationOfShift(m), pinskerBound(divergence)].map { $0.decimals(6) }
      })
    notebook.check(
      .worst(
        of: shifts.map { m in
          let integral = totalVariationOfShiftByQuadrature(m)
          return .exact(
            "1.12", "½ ∫ |q − p| = 2Φ(m/2) − 1", integral.value, totalVariationOfShift(m),
            allowance: integral.allowance(magnitude: 1))
        }))
    var generator = Threefry(seed: notebook.seed, row: 12)
    notebook.check(
      .worst(
        of: (0..<10_000).map { _ in
          let (p, q) = randomPair(.ordinary, using: &generator)
          return .bound(
            "1.12", "½ Σ |P − Q| / √(D/2) ≤ 1, random pairs",
            lower: totalVariation(p, q) / pinskerBound(klDivergence(p, relativeTo: q)), upper: 1)
        }))
    notebook.check(tightnessCheck)
  }

  /// √(D/2) = δ √(1 + 2δ² + …) for the coin of eq. 1.2, whose total variation is δ.
  private static var tightnessCheck: Check {
    let delta = 1e-4
    let tilted = Discrete(probabilities: [0.5 + delta, 0.5 - delta])
    let fair = Discrete(weights: [1, 1])
    return .exact(
      "1.12", "the bound is sharp: √(D/2) = δ + δ³ for a coin tilted by δ = 10⁻⁴",
      pinskerBound(klDivergence(fair, relativeTo: tilted)),
      totalVariation(fair, tilted) + delta * delta * delta,
      // the next term, and half a unit for each of ½ + δ and ½ − δ on either side
      allowance: 3 * pow(delta, 5) + 2 * .ulpOfOne)
  }
}
