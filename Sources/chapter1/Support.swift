import Foundation
import Notebook
import TinyNumerics

/// Eq. 1.4, in nats, exact: with S = {P > 0}, D(P ‖ Q) = D(P ‖ Q(·|S)) − log Q(S).
///
/// Outcomes outside S have no term of their own; they matter only through the mass Q has left for
/// S. On S the divergence is summed from its definition.
///
/// - Requires: Q(S) > 0.
func divergenceOnSupport(_ p: Discrete, relativeTo q: Discrete) -> Double {
  let support = (0..<p.count).filter { p.probabilities[$0] > 0 }
  let mass = support.reduce(0) { $0 + q.probabilities[$1] }
  let onSupport = Discrete(weights: support.map { p.probabilities[$0] })
  let conditional = Discrete(weights: support.map { q.probabilities[$0] })
  return divergenceByDefinition(onSupport, relativeTo: conditional) - log(mass)
}

/// D((½, ½) ‖ (1 − η, η)) = −½ log(4η(1 − η)), exact: without bound as η falls to 0.
func divergenceFromNearlyCertain(_ eta: Double) -> Double {
  -0.5 * (log(4 * eta) + log1p(-eta))
}

extension Chapter1 {
  static func showSupport(in notebook: Notebook) {
    notebook.section("1.4", "Support: what P never does, and what Q excludes")
    notebook.text(
      """
      An outcome with P = 0 has no term: 0·log 0 counts 0, whatever Q is. An outcome with P > 0 \
      that Q excludes costs +∞: no amount of data is enough to forgive Q. The way there is slow: \
      with Q = (1 − η, η) the divergence of a fair coin grows like ½ log(1/η).
      """)
    let named: [(String, Discrete)] = [
      ("(½, ½, 0)", Discrete(probabilities: [0.5, 0.5, 0])),
      ("(0, 1, 0)", Discrete(probabilities: [0, 1, 0])),
      ("(¼, ½, ¼)", Discrete(probabilities: [0.25, 0.5, 0.25])),
    ]
    let pairs = [(0, 1), (0, 2), (1, 2)].map { (named[$0.0], named[$0.1]) }
    notebook.table(
      ["P", "Q", "D(P‖Q)", "D(Q‖P)"],
      pairs.map { a, b in
        [
          a.0, b.0, klDivergence(a.1, relativeTo: b.1).decimals(4),
          klDivergence(b.1, relativeTo: a.1).decimals(4),
        ]
      })
    let divergences = pairs.flatMap { a, b in
      [klDivergence(a.1, relativeTo: b.1), klDivergence(b.1, relativeTo: a.1)]
    }
    notebook.check(
      .worst(
        "1.4", "e^(−D) of the six, by hand: 0, ½, √½, 0, ½, 0",
        of: zip(divergences, [0, 0.5, 0.5.squareRoot(), 0, 0.5, 0]).map {
          (exp(-$0), $1, rounding($1))
        }))
    notebook.check(approachCheck)
    var generator = Threefry(seed: notebook.seed, row: 4)
    notebook.check(.worst(of: (0..<500).map { _ in supportCheck(using: &generator) }))
  }

  private static var approachCheck: Check {
    .worst(
      of: [1, 3, 10, 30, 100, 300].map { digits in
        let eta = pow(10, -digits)
        let q = Discrete(probabilities: [1 - eta, eta])
        let divergence = klDivergence(Discrete(weights: [1, 1]), relativeTo: q)
        return .exact(
          "1.4", "D((½, ½)‖(1 − η, η)) = −½ log(4η(1 − η)), η down to 10⁻³⁰⁰", divergence,
          divergenceFromNearlyCertain(eta), allowance: rounding(divergence))
      })
  }

  private static func supportCheck(using generator: inout some RandomNumberGenerator) -> Check {
    let (whole, q) = randomPair(.ordinary, using: &generator)
    let p = thinned(whole, using: &generator)
    return .exact(
      "1.4", "D(P‖Q) = D(P‖Q(·|S)) − log Q(S), S = {P > 0}", klDivergence(p, relativeTo: q),
      divergenceOnSupport(p, relativeTo: q),
      allowance: roundingOfDivergence(p, relativeTo: q))
  }
}
