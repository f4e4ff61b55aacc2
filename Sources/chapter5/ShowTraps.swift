import Notebook
import TinyNumerics

extension Chapter5 {
  // MARK: 5.T

  static func showTraps(in notebook: Notebook) {
    notebook.section("5.T", "Traps: they run, and they cost")
    let channel = Channel.example
    let best = channel.logEvidence
    notebook.text(
      """
      On the channel of 5.7, where the best ELBO is log p(x) = \(best.decimals(6)) nats, at q = \
      p(z|x). All numbers are nats.
      """)
    showStoppedGradient(channel, in: notebook)
    showSharedNoise(in: notebook)
    showWrongScales(channel, in: notebook)
    showNoPathTrap(in: notebook)
  }

  private static func showStoppedGradient(_ channel: Channel, in notebook: Notebook) {
    let start = Normal(mean: 0, standardDeviation: 0.5)
    let stopped = ascentStoppedAtSigma(channel, from: start)
    notebook.text(
      """
      The gradient stopped at σ: only the KL then speaks to σ, which settles at \
      \(stopped.standardDeviation.decimals(4)), the prior's; µ still finds \
      \(stopped.mean.decimals(4)) = m.
      """)
    let v2 = channel.posterior.variance
    let reached = reportedELBO { channel.draw(stopped, noise: $0) }
    check(
      "gradient stopped at σ: ELBO reached", wrong: reached, right: channel.logEvidence,
      "½ (1 − 1/v² − log v²), below", -0.5 * (1 / v2 - 1 + log(v2)), in: notebook)
  }

  /// A batch of 100 data points, each with its own posterior: x at the quantiles of p(x).
  static func batch(_ count: Int) -> [Channel] {
    let example = Channel.example
    let marginal = Normal(
      mean: 0, variance: square(example.weight) + square(example.noise))
    return (0..<count).map { i in
      Channel(
        weight: example.weight, noise: example.noise,
        x: marginal.quantile((Double(i) + 0.5) / Double(count)))
    }
  }

  private static func showSharedNoise(in notebook: Notebook) {
    let batch = batch(100)
    let own = batchDeviation(batch, shared: false)
    let shared = batchDeviation(batch, shared: true)
    notebook.gap()
    notebook.text(
      """
      One ε for a batch of \(batch.count), each x with its own posterior: still unbiased, but the \
      errors of the data points no longer average out. It costs the scatter of the batch's mean \
      ELBO a factor \((shared / own).decimals(1)).
      """)
    let formulas = batchDeviations(batch)
    notebook.check(
      .trap(
        "5.T", "one ε for the batch: standard deviation of the mean ELBO", wrong: shared,
        right: own, allowance: rounding(shared)))
    notebook.check(
      .exact(
        "5.T", "with one ε it is √2 w²v²/2s²", shared, formulas.shared,
        allowance: deviationRounding(batch, shared)))
    notebook.check(
      .exact(
        "5.T", "with noise of each point's own √(Σ_i ((wvr_i/s²)² + 2(w²v²/2s²)²))/B", own,
        formulas.own, allowance: deviationRounding(batch, own)))
  }

  /// A variance of terms as large as the squares of the batch's ELBOs, and its root.
  private static func deviationRounding(_ batch: [Channel], _ deviation: Double) -> Double {
    let size = batch.map { square($0.logEvidence) }.max()! + 1
    return rounding(size, terms: 40 * batch.count) / (2 * deviation)
  }

  /// A trap, and by how much it is off: what the mistake gives, by a formula of its own.
  private static func check(
    _ mistake: String, wrong: Double, right: Double, _ formula: String, _ off: Double,
    in notebook: Notebook
  ) {
    let allowance = rounding(1, wrong, right)
    notebook.check(
      .trap("5.T", mistake, wrong: wrong, right: right, allowance: allowance))
    notebook.check(
      .exact("5.T", "wrong − right = \(formula)", wrong - right, off, allowance: allowance))
  }

  private static func showWrongScales(_ channel: Channel, in notebook: Notebook) {
    notebook.gap()
    notebook.text(
      """
      ε recovered as (z − µ)/log σ², to evaluate log q(z): at a guide N(m, 0.9²) the "ELBO" then \
      lies far above log p(x), which no ELBO can.
      """)
    let q = Normal(mean: channel.posterior.mean, standardDeviation: 0.9)
    check(
      "eps = (z − µ)/log σ²: ELBO at N(m, 0.9²)",
      wrong: reportedELBO { channel.drawWithNoiseOverLogVariance(q, noise: $0) },
      right: channel.elbo(q), "½ (σ²/(log σ²)² − 1), above",
      0.5 * (q.variance / square(log(q.variance)) - 1), in: notebook)
    notebook.gap()
    notebook.text(
      """
      σ = exp(ρ) in the sample where ρ = log σ² in the KL: at q = p(z|x) the sample is too narrow, \
      the reconstruction too good, and the "ELBO" again above log p(x). (With σ = exp(ρ) in both \
      places nothing is wrong: ρ is then log σ.)
      """)
    let v2 = channel.posterior.variance
    check(
      "σ = exp(ρ), ρ = log σ²: ELBO at p(z|x)",
      wrong: reportedELBO { channel.drawWithSampledVariance(channel.posterior, noise: $0) },
      right: channel.logEvidence, "w²/2s² (v² − v⁴), above",
      0.5 * square(channel.weight / channel.noise) * (v2 - v2 * v2), in: notebook)
  }

  private static func showNoPathTrap(in notebook: Notebook) {
    let start = DiscreteGuide.example
    var generator = Threefry(seed: notebook.seed, row: 9, part: 91)
    let noise = (0..<100).map { _ in generator.uniform() }
    let (byPath, byScore) = (climb(start, pathwiseOver: noise), climb(start))
    let logEvidence = start.model.logEvidence(of: start.x).value
    notebook.gap()
    notebook.text(
      """
      And 5.9 as a mistake: two climbs from even odds, one up the pathwise gradient of 100 draws, \
      which is 0, so that it ends where it began; one up the score function's, which finds the \
      posterior.
      """)
    notebook.check(
      .trap(
        "5.T", "pathwise gradient of a discrete z: ELBO reached", wrong: byPath.elbo,
        right: byScore.elbo, allowance: rounding(1, byPath.elbo)))
    let logJoints = (0..<3).map { start.model.logJoint(start.x, $0) }
    notebook.check(
      .exact(
        "5.T", "even odds are as good as ⅓ Σ_z log p(x, z) + log 3", byPath.elbo,
        mean(logJoints) + log(3), allowance: rounding(1, byPath.elbo)))
    notebook.check(
      .exact(
        "5.T", "the score function's climb reaches log p(x)", byScore.elbo, logEvidence,
        allowance: rounding(1, logEvidence)))
  }
}
