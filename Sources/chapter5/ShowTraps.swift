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
    notebook.check(
      .trap(
        "5.T", "gradient stopped at σ: ELBO reached", wrong: channel.elbo(stopped),
        right: channel.logEvidence, allowance: 1e-12))
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
    notebook.check(
      .trap(
        "5.T", "one ε for the batch: standard deviation of the mean ELBO", wrong: shared,
        right: own,
        allowance: 1e-12))
  }

  private static func showWrongScales(_ channel: Channel, in notebook: Notebook) {
    notebook.gap()
    notebook.text(
      """
      ε recovered as (z − µ)/log σ², to evaluate log q(z): at a guide N(m, 0.9²) the "ELBO" then \
      lies far above log p(x), which no ELBO can.
      """)
    let q = Normal(mean: channel.posterior.mean, standardDeviation: 0.9)
    notebook.check(
      .trap(
        "5.T", "eps = (z − µ)/log σ²: ELBO at N(m, 0.9²)",
        wrong: elboWithNoiseOverLogVariance(channel, q), right: channel.elbo(q), allowance: 1e-12))
    notebook.gap()
    notebook.text(
      """
      σ = exp(h) in the sample where h = log σ² in the KL: at q = p(z|x) the sample is too narrow, \
      the reconstruction too good, and the "ELBO" again above log p(x). (With σ = exp(h) in both \
      places nothing is wrong: h is then log σ.)
      """)
    notebook.check(
      .trap(
        "5.T", "σ = exp(h), h = log σ²: ELBO at p(z|x)",
        wrong: elboWithSampledVariance(channel, channel.posterior), right: channel.logEvidence,
        allowance: 1e-12))
  }

  private static func showNoPathTrap(in notebook: Notebook) {
    let guide = DiscreteGuide.example
    let logEvidence = guide.model.logEvidence(of: guide.x).value
    notebook.gap()
    notebook.text(
      """
      And 5.9 as a mistake: the pathwise gradient of a discrete z is 0, so a guide trained by it \
      stays where it began, at even odds.
      """)
    notebook.check(
      .trap(
        "5.T", "pathwise gradient of a discrete z: ELBO reached", wrong: guide.elbo,
        right: logEvidence, allowance: 1e-12))
  }
}
