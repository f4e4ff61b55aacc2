import Foundation
import Notebook
import TinyNumerics

/// Eq. 1.3 for two Gaussians, in nats, exact: with λ = log(σ_q²/σ_p²) and Δ = µ_q − µ_p,
///   D(q ‖ p) − D(p ‖ q) = (sinh λ − λ) + Δ²/(σ_q σ_p) · sinh(λ/2).
///
/// Both parts have the sign of λ: the divergence of the wider from the narrower is always the
/// larger one, and the two directions agree exactly where the variances do.
func asymmetry(_ q: Normal, _ p: Normal) -> Double {
  let lambda = 2 * log(q.standardDeviation / p.standardDeviation)
  let shift = q.mean - p.mean
  return sinh(lambda) - lambda
    + shift * shift / (q.standardDeviation * p.standardDeviation) * sinh(lambda / 2)
}

/// Every pair of distinct Gaussians with the given means and standard deviations.
func gaussianPairs(means: [Double], deviations: [Double]) -> [(q: Normal, p: Normal)] {
  let all = means.flatMap { m in deviations.map { Normal(mean: m, standardDeviation: $0) } }
  return all.flatMap { q in all.filter { $0 != q }.map { (q, $0) } }
}

extension Chapter1 {
  static func showAsymmetry(in notebook: Notebook) {
    notebook.section("1.3", "Asymmetry: D(P‖Q) is not D(Q‖P)")
    notebook.text(
      """
      For two Gaussians the difference of the two directions has a closed form, compared here with \
      the two divergences themselves. It vanishes only for equal variances; otherwise it costs \
      more to call a wide distribution narrow than to call a narrow one wide.
      """)
    let (narrow, wide) = (Normal.standard, Normal(mean: 1, standardDeviation: 3))
    let moved = Normal(mean: 1, standardDeviation: 1)
    func row(_ name: String, _ forward: Double, _ backward: Double) -> [String] {
      [name] + [forward, backward, forward - backward].map { $0.decimals(4) }
    }
    notebook.table(
      ["P and Q", "D(P‖Q)", "D(Q‖P)", "difference"],
      [
        row(
          "loaded die, fair die", klDivergence(Dice.loaded, relativeTo: Dice.fair),
          klDivergence(Dice.fair, relativeTo: Dice.loaded)),
        row(
          "N(1, 3²), N(0, 1)", klDivergence(wide, relativeTo: narrow),
          klDivergence(narrow, relativeTo: wide)),
        row(
          "N(1, 1), N(0, 1)", klDivergence(moved, relativeTo: narrow),
          klDivergence(narrow, relativeTo: moved)),
      ])
    let pairs = gaussianPairs(means: [-3, -0.5, 0, 1, 2.5], deviations: [0.1, 0.5, 1, 3])
    notebook.check(
      .exact(
        "1.3", "D(fair‖loaded) = (3 log 2 + log ⅖)/6, by hand",
        klDivergence(Dice.fair, relativeTo: Dice.loaded), Dice.backwardsByHand,
        allowance: rounding(log(12))))
    notebook.check(.worst(of: pairs.map(differenceCheck)))
    notebook.check(
      .worst(of: pairs.filter { $0.q.variance == $0.p.variance }.map(equalVarianceCheck)))
    notebook.check(
      .worst(
        of: pairs.filter { $0.q.variance > $0.p.variance }.map { wide, narrow in
          .bound(
            "1.3", "D(narrow‖wide) ≤ D(wide‖narrow)",
            lower: klDivergence(narrow, relativeTo: wide),
            upper: klDivergence(wide, relativeTo: narrow))
        }))
  }

  private static func differenceCheck(_ q: Normal, _ p: Normal) -> Check {
    let (forward, backward) = (klDivergence(q, relativeTo: p), klDivergence(p, relativeTo: q))
    return .exact(
      "1.3", "D(q‖p) − D(p‖q) = sinh λ − λ + Δ²/(σ_q σ_p) sinh(λ/2)", forward - backward,
      asymmetry(q, p), allowance: rounding(1 + forward + backward))
  }

  /// Both directions by quadrature.
  private static func equalVarianceCheck(_ q: Normal, _ p: Normal) -> Check {
    let forward = divergenceByQuadrature(q, relativeTo: p)
    let backward = divergenceByQuadrature(p, relativeTo: q)
    return .exact(
      "1.3", "equal variances: E_q[log q/p] = E_p[log p/q], by quadrature", forward.value,
      backward.value,
      allowance: forward.allowance(magnitude: 1 + forward.value)
        + backward.allowance(magnitude: 1 + backward.value))
  }
}
