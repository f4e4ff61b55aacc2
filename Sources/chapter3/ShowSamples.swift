import Foundation
import Notebook
import TinyNumerics
import ToyModels

extension Chapter3 {
  // MARK: 3.15

  static func showMoreSamples(in notebook: Notebook) throws {
    notebook.section("3.15", "More samples, tighter bound")
    let wide = LineGuide(shift: 0.3, varianceRatio: 2.25)
    let narrow = LineGuide(shift: 0.3, varianceRatio: 0.3)
    notebook.text(
      """
      L_k = E log (1/k) Σ w, the ELBO at k = 1, for two guides of the one-latent model: one with 2.25 times \
      the posterior's variance, one with 0.3 times. Exact, by eq. 3.18. Where w has a finite variance the \
      gap falls like Var(w)/(2k p²) = \(( wide.relativeVariance / 2).decimals(6))/k; the narrow guide's w has \
      none, its gap falls more slowly, and k times the gap grows without end.
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
    for check in sampledClimb([("wide", wide), ("narrow", narrow)], in: notebook) {
      notebook.check(check)
    }
    try notebook.figure("chapter3-climb") { climb.figure }
  }

  /// L̂_k from draws, and the argument that needs no expectation: log is concave, so the mean of L̂_k over
  /// the two halves of 2k draws never exceeds L̂_2k of all of them.
  private static func sampledClimb(
    _ guides: [(String, LineGuide)], in notebook: Notebook
  ) -> [Check] {
    let groups = notebook.samples(default: 50_000)
    return guides.enumerated().flatMap { index, pair -> [Check] in
      let (name, guide) = pair
      var generator = Threefry(seed: notebook.seed, stream: 31_500 + UInt64(index))
      var (four, eight, rises) = (Estimate(), Estimate(), Double.infinity)
      for _ in 0..<groups {
        let (first, second, whole) = guide.sampledHalves(4, using: &generator)
        four.add((first + second) / 2)
        eight.add(whole)
        rises = min(rises, whole - (first + second) / 2)
      }
      let bound = KSampleBound(under: guide.q, logWeight: guide.logWeight)
      return [
        .monteCarlo(
          "3.15", "mean of log of the mean of 4 weights = L₄, \(name) q", estimate: four.mean,
          standardError: four.standardError, exact: bound(4).value, promise: 0.01),
        .monteCarlo(
          "3.15", "the same for 8 weights and L₈, \(name) q", estimate: eight.mean,
          standardError: eight.standardError, exact: bound(8).value, promise: 0.01),
        .bound(
          "3.15", "two halves ≤ the whole, within rounding, in each of \(groups) groups: \(name) q",
          lower: -rounding(guide.logEvidence), upper: rises),
      ]
    }
  }

  // MARK: 3.16

  static func showSandwich(in notebook: Notebook) {
    notebook.section("3.16", "The sandwich")
    notebook.text(
      """
      The same log w, averaged over q, is below log p(x); averaged over the posterior, above it. The lower \
      gap is D(q‖p(z|x)), the upper one D(p(z|x)‖q).
      """)
    let rows = sandwichRows()
    notebook.table(
      ["model, guide", "E_q[log w]", "log p(x)", "E_p(z|x)[log w]", "D(q‖p)", "D(p‖q)"],
      rows.map { row in
        [row.name]
          + [
            row.lower.value, row.evidence.value, row.upper.value,
            row.evidence.value - row.lower.value, row.upper.value - row.evidence.value,
          ].map { $0.decimals(6) }
      })
    notebook.check(worstOf(rows.map(\.lowerCheck)))
    notebook.check(worstOf(rows.map(\.upperCheck)))
    let tightest = rows.min { $0.margin < $1.margin }!
    notebook.check(
      .bound(
        "3.16", "E_q[log w] ≤ log p(x), tightest: \(tightest.name)", lower: tightest.lower.value,
        upper: tightest.evidence.value))
    let above = rows.min { $0.upperMargin < $1.upperMargin }!
    notebook.check(
      .bound(
        "3.16", "log p(x) ≤ E_p(z|x)[log w], tightest: \(above.name)", lower: above.evidence.value,
        upper: above.upper.value))
    showSimulatedSandwich(in: notebook)
  }

  private static func showSimulatedSandwich(in notebook: Notebook) {
    notebook.gap()
    notebook.text(
      """
      On simulated data the upper side needs no posterior sampler: the z that made x *is* a posterior draw. \
      Pairs (z, x) from the one-latent model, a linear encoder that is a little wrong, and the mean of \
      log w − log p(x) at the true z and at a draw of the encoder:
      """)
    let simulation = SimulatedSandwich(
      model: Example.line, slope: 0.9, offset: 0.05, varianceRatio: 1.3)
    var generator = Threefry(seed: notebook.seed, stream: 31_600)
    var (upper, lower) = (Estimate(), Estimate())
    for _ in 0..<notebook.samples(default: 100_000) {
      let draw = simulation.draw(using: &generator)
      upper.add(draw.upper)
      lower.add(draw.lower)
    }
    notebook.check(
      .monteCarlo(
        "3.16", "upper bound − log p(x) = E_x D(p(z|x)‖q), simulated", estimate: upper.mean,
        standardError: upper.standardError, exact: simulation.gaps.upper, promise: 0.01))
    notebook.check(
      .monteCarlo(
        "3.16", "lower bound − log p(x) = −E_x D(q‖p(z|x)), simulated", estimate: lower.mean,
        standardError: lower.standardError, exact: -simulation.gaps.lower, promise: 0.01))
  }

  // MARK: 3.17

  static func showSurgery(in notebook: Notebook) {
    notebook.section("3.17", "ELBO surgery")
    notebook.text(
      """
      Eight x of the neural model, each with the normal guide that has its posterior's mean and variance; the \
      same guides four times as wide; and guides that have all become the prior (posterior collapse). The mean \
      regulariser is closed-form KL, its two parts are quadratures.
      """)
    var generator = Threefry(seed: notebook.seed, stream: 31_700)
    let guides = momentMatchedGuides(count: 8, using: &generator)
    let wide = guides.map {
      Normal(mean: $0.mean, standardDeviation: 4 * $0.standardDeviation)
    }
    let cases: [(name: String, surgery: Surgery)] = [
      ("posterior moments", Surgery(guides: guides, prior: .standard)),
      ("four times as wide", Surgery(guides: wide, prior: .standard)),
      ("collapsed", Surgery(guides: guides.map { _ in .standard }, prior: .standard)),
    ]
    notebook.table(
      ["guides", "mean D(q(z|x)‖p(z))", "I_q(n; z)", "D(q(z)‖p(z))", "sum", "log N"],
      cases.map { name, surgery in
        let (information, rest) = (surgery.mutualInformation, surgery.aggregateDivergence)
        return [name]
          + [
            surgery.meanDivergence, information.value, rest.value, information.value + rest.value,
            log(8),
          ].map { (abs($0) < 1e-12 ? 0 : $0).decimals(9) }
      })
    for (name, surgery) in cases {
      let parts = surgery.mutualInformation + surgery.aggregateDivergence
      notebook.check(
        .exact(
          "3.17", "mean D(q(z|x)‖p(z)) = I_q + D(q(z)‖p(z)): \(name)", surgery.meanDivergence,
          parts.value, allowance: parts.error + rounding(parts.value)))
    }
    notebook.check(
      .bound(
        "3.17", "I_q ≤ log N: posterior moments",
        lower: cases[0].surgery.mutualInformation.value, upper: log(8)))
  }

  // MARK: 3.18

  static func showExactBound(in notebook: Notebook) {
    notebook.section("3.18", "The k-sample bound without sampling")
    notebook.text(
      """
      L_k = ∫₀^∞ (e^{−t} − ψ(t/k)^k) dt/t with ψ(t) = E_q[e^{−tw}] is what 3.15 leaned on. At k = 1 it must \
      be the ELBO, by direct quadrature; for exponential weights it must be digamma(k) − log k; at k = 2 it \
      must be a double integral over two draws.
      """)
    for check in exactBoundChecks() { notebook.check(check) }
  }
}

/// Guides with the posterior's mean and variance, for x drawn from the neural model.
func momentMatchedGuides(
  count: Int, using generator: inout some RandomNumberGenerator
) -> [Normal] {
  (0..<count).map { _ in
    let posterior = Example.neural.posterior(given: Example.neural.sample(using: &generator).x)
    let mean = posterior.expectation { $0 }.value
    return Normal(mean: mean, variance: posterior.expectation { ($0 - mean) * ($0 - mean) }.value)
  }
}

func exactBoundChecks() -> [Check] {
  let single = [2.25, 0.3].map { ratio in
    let guide = LineGuide(shift: 0.3, varianceRatio: ratio)
    let bound = KSampleBound(under: guide.q, logWeight: guide.logWeight)(1)
    let elbo = guide.q.expectation(of: guide.logWeight)
    return Check.exact(
      "3.18", "L₁ = E_q[log w] by direct quadrature, variance ratio \(ratio)", bound.value,
      elbo.value, allowance: bound.error + elbo.error + rounding(elbo.value))
  }
  let neural = Example.normalGuides[0].q
  func logWeight(_ z: Double) -> Double {
    Example.neural.logJoint(Example.crossing, z) - neural.logDensity(z)
  }
  let bound = KSampleBound(under: neural, spacing: 1.0 / 64, logWeight: logWeight)(1)
  let elbo = neural.expectation(of: logWeight)
  return single + [
    .exact(
      "3.18", "L₁ = ELBO: neural, the prior p(z)", bound.value, elbo.value,
      allowance: bound.error + elbo.error + rounding(elbo.value))
  ] + [exponentialCheck(10), pairCheck()]
}

/// w = −log Φ(−u) is exponential for u ~ N(0, 1), the sum of k of them a gamma variable, and
/// L_k = digamma(k) − log k with digamma(k) = −γ + 1 + ½ + … + 1/(k − 1).
private func exponentialCheck(_ k: Int) -> Check {
  let bound = KSampleBound(under: .standard) { log(-Normal.standard.logCDF(-$0)) }(k)
  let euler = 0.577215664901532861
  let digamma = (1..<k).reduce(-euler) { $0 + 1 / Double($1) }
  return .exact(
    "3.18", "L_k = digamma(k) − log k for exponential weights, k = \(k)", bound.value,
    digamma - log(Double(k)), allowance: bound.error + rounding(1))
}

/// L₂ = E log((w(z₁) + w(z₂))/2) as a double quadrature over both draws.
private func pairCheck() -> Check {
  let guide = LineGuide(shift: 0.3, varianceRatio: 2.25)
  let bound = KSampleBound(under: guide.q, logWeight: guide.logWeight)(2)
  let grid = Grid(over: -9...9, count: 144)
  func logWeight(_ u: Double) -> Double {
    guide.logWeight(guide.q.mean + guide.q.standardDeviation * u)
  }
  let double = grid.integrate(with: grid) { u, v in
    let (a, b) = (logWeight(u), logWeight(v))
    let logMean = max(a, b) + log1p(exp(-abs(a - b))) - log(2)
    return Normal.standard.density(u) * Normal.standard.density(v) * logMean
  }
  return .exact(
    "3.18", "L₂ = a double integral over two draws, wide q", bound.value, double.value,
    allowance: bound.error + double.error + rounding(double.value))
}

/// L_k of a wide and of a narrow guide at k = 1, 2, 4, …, 4096.
struct Climb {
  let counts = (0...12).map { 1 << $0 }
  let wide: [Integral]
  let narrow: [Integral]
  let logEvidence: Double
  let relativeVariance: Double

  init(wide: LineGuide, narrow: LineGuide) {
    let bounds = [wide, narrow].map { KSampleBound(under: $0.q, logWeight: $0.logWeight) }
    self.wide = counts.map { bounds[0]($0) }
    self.narrow = counts.map { bounds[1]($0) }
    logEvidence = wide.logEvidence
    relativeVariance = wide.relativeVariance
  }

  private func scaledGaps(_ bounds: [Integral]) -> [Double] {
    zip(counts, bounds).map { Double($0) * (logEvidence - $1.value) }
  }

  /// The limit of k · gap_k by extrapolation: the next term of its expansion is of order 1/k and goes when
  /// 2 G_2k − G_k is formed. Its last change is the error estimate.
  var limit: Integral {
    let g = scaledGaps(wide)
    let extrapolated = zip(g, g.dropFirst()).map { 2 * $1 - $0 }
    let change = abs(extrapolated[11] - extrapolated[10])
    let noise = 4 * 4096 * (wide[12].error + 8 * .ulpOfOne * abs(logEvidence))
    return Integral(value: extrapolated[11], error: change + noise, evaluations: 0)
  }

  /// The local exponent e of gap ∝ k^{−e} between 2048 and 4096 draws.
  func exponent(_ bounds: [Integral]) -> Double {
    log2((logEvidence - bounds[11].value) / (logEvidence - bounds[12].value))
  }

  var checks: [Check] {
    let steps = [wide, narrow].flatMap { bounds in
      zip(bounds, bounds.dropFirst()).map { $1.value - $0.value }
    }
    return [
      .bound(
        "3.15", "L_k ≤ L_2k, smallest rise of 24 doublings", lower: 0, upper: steps.min()!),
      .bound(
        "3.15", "L_4096 ≤ log p(x), wide q", lower: wide[12].value, upper: logEvidence),
      .exact(
        "3.15", "k · gap → Var_q(w)/(2p²), wide q (extrapolated from k = 1024, 2048, 4096)",
        limit.value, relativeVariance / 2, allowance: limit.error),
      .bound(
        "3.15", "narrow q: the gap falls like k^−e with e < 1 between 2048 and 4096",
        lower: exponent(narrow), upper: 1),
    ]
  }

  var figure: Figure {
    func curve(_ bounds: [Integral]) -> [(Double, Double)] {
      zip(counts, bounds).map { (Double($0), $1.value) }
    }
    func gaps(_ bounds: [Integral]) -> [(Double, Double)] {
      zip(counts, bounds).map { (Double($0), logEvidence - $1.value) }
    }
    return Figure(
      "More samples, tighter bound", width: 760, height: 360,
      panels: [
        Panel(
          title: "Lₖ climbs to the evidence", x: Axis("k", scale: .log10), y: Axis("nats"),
          marks: [
            .horizontal(at: logEvidence, colour: .ink),
            .text("log p(x)", at: (1.2, logEvidence + 0.012), align: .leading),
            .line(curve(wide), label: "wide q"), .points(curve(wide)),
            .line(curve(narrow), label: "narrow q", colour: .second),
            .points(curve(narrow), colour: .second),
          ]),
        Panel(
          title: "What is missing", x: Axis("k", scale: .log10),
          y: Axis("log p(x) − Lₖ", scale: .log10),
          marks: [
            .line(
              over: 1...4096, label: "Var(w)/(2k p²)", colour: .muted, style: .dashed
            ) { relativeVariance / 2 / $0 },
            .line(gaps(wide), label: "wide q"), .points(gaps(wide)),
            .line(gaps(narrow), label: "narrow q", colour: .second),
            .points(gaps(narrow), colour: .second),
          ]),
      ])
  }
}

/// A sandwich with the two divergences that should fill it, from formulas or other quadratures.
private struct SandwichRow {
  let name: String
  let lower: Integral
  let upper: Integral
  let evidence: Integral
  let below: Integral
  let above: Integral

  var margin: Double { evidence.value - lower.value }
  var upperMargin: Double { upper.value - evidence.value }

  var lowerCheck: Check {
    .exact(
      "3.16", "log p(x) − E_q[log w] = D(q‖p(z|x)), worst: \(name)", margin, below.value,
      allowance: lower.error + evidence.error + below.error + rounding(lower.value))
  }

  var upperCheck: Check {
    .exact(
      "3.16", "E_p(z|x)[log w] − log p(x) = D(p(z|x)‖q), worst: \(name)", upperMargin, above.value,
      allowance: upper.error + evidence.error + above.error + rounding(upper.value))
  }
}

private func sandwichRows() -> [SandwichRow] {
  func row<Model: LatentVariableModel>(
    _ model: Model, _ x: Model.Observation, _ q: some LatentDistribution<Model.Latent>,
    _ name: String, below: Integral, above: Integral
  ) -> SandwichRow {
    let (lower, upper) = sandwich(model, at: x, guide: q)
    return SandwichRow(
      name: "\(model.name), \(name)", lower: lower, upper: upper,
      evidence: model.logEvidence(of: x), below: below, above: above)
  }
  let discrete = Example.mixture.posterior(given: Example.number)
  let gaussian = Example.plane.posterior(given: Example.triple)
  return Example.discreteGuides.prefix(3).map { name, q in
    row(
      Example.mixture, Example.number, q, name,
      below: exactly(klDivergence(q, relativeTo: discrete)),
      above: exactly(klDivergence(discrete, relativeTo: q)))
  }
    + Example.gaussianGuides.prefix(3).map { name, q in
      row(
        Example.plane, Example.triple, q, name,
        below: exactly(klDivergence(q, relativeTo: gaussian)),
        above: exactly(klDivergence(gaussian, relativeTo: q)))
    }
    + [0, 2].map { k in
      let (name, q) = Example.normalGuides[k]
      let (below, above) = neuralDivergences(q)
      return row(Example.neural, Example.crossing, q, name, below: below, above: above)
    }
}

/// D(q ‖ p(z|x)) and D(p(z|x) ‖ q) of the neural model by double exponential quadrature over z, the
/// posterior normalised by a rule of its own.
private func neuralDivergences(_ q: Normal) -> (below: Integral, above: Integral) {
  let posterior = Example.neural.posterior(given: Example.crossing)
  let below = integrate(over: -14...14) { z in
    q.density(z) * (q.logDensity(z) - posterior.logDensity(z))
  }
  let above = integrate(over: -8...8) { z in
    let logDensity = posterior.logDensity(z)
    return exp(logDensity) * (logDensity - q.logDensity(z))
  }
  return (below, above)
}
