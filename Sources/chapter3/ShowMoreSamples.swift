import Notebook
import TinyNumerics
import ToyModels

extension Chapter3 {
  private static let wide = LineGuide(shift: 0.3, varianceRatio: 2.25)
  private static let narrow = LineGuide(shift: 0.3, varianceRatio: 0.3)

  static func showMoreSamples(in notebook: Notebook) throws {
    notebook.section("3.15", "More samples, tighter bound")
    notebook.text(
      """
      L_k = E log (1/k) Σ w, the ELBO at k = 1, for two guides of the one-latent model: one with \
      2.25 times the posterior's variance, one with 0.3 times. Exact, by eq. 3.18. Where w has a \
      finite variance the gap falls like Var(w)/(2k p²) = \
      \(( wide.relativeVariance / 2).decimals(6))/k; the narrow guide's w has none, its gap falls \
      more slowly, and k times the gap grows without end.
      """)
    let climb = Climb(wide: wide, narrow: narrow)
    notebook.table(
      ["k", "L_k, wide q", "gap", "k · gap", "L_k, narrow q", "gap", "k · gap"],
      climb.counts.indices.filter { $0 % 2 == 0 }.map { i in
        let k = climb.counts[i]
        return ["\(k)"]
          + [climb.wide[i], climb.narrow[i]].flatMap { bound in
            let gap = wide.logEvidence - bound.value
            return [
              bound.value.decimals(8), gap.significant(4), (Double(k) * gap).significant(6),
            ]
          }
      } + [["∞", wide.logEvidence.decimals(8), "0", (wide.relativeVariance / 2).significant(6)]])
    for check in climb.checks { notebook.check(check) }
    checkSampledClimb(in: notebook)
    try notebook.figure("chapter3-climb") { climb.figure }
  }

  /// L̂_k from draws, and the argument that needs no expectation: log is concave, so the mean of
  /// L̂_k over the two halves of 2k draws never exceeds L̂_2k of all of them.
  static func checkSampledClimb(in notebook: Notebook) {
    let groups = notebook.samples(default: 50_000)
    for (index, (name, guide)) in [("wide", wide), ("narrow", narrow)].enumerated() {
      var generator = Threefry(seed: notebook.seed, row: 15, part: index)
      var (four, eight, rises) = (Estimate(), Estimate(), Double.infinity)
      for _ in 0..<groups {
        let (first, second, whole) = guide.sampledHalves(4, using: &generator)
        four.add((first + second) / 2)
        eight.add(whole)
        rises = min(rises, whole - (first + second) / 2)
      }
      let bound = KSampleBound(under: guide.q, logWeight: guide.logWeight)
      notebook.check(
        .monteCarlo(
          "3.15", "mean of log of the mean of 4 weights = L₄, \(name) q", estimate: four.mean,
          standardError: four.standardError, exact: bound(4).value, promise: 0.01))
      notebook.check(
        .monteCarlo(
          "3.15", "the same for 8 weights and L₈, \(name) q", estimate: eight.mean,
          standardError: eight.standardError, exact: bound(8).value, promise: 0.01))
      notebook.check(
        .bound(
          "3.15", "two halves ≤ the whole, within rounding, in each of \(groups) groups: \(name) q",
          lower: -rounding(1, guide.logEvidence), upper: rises))
    }
  }
}
