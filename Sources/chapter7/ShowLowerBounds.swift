import Notebook
import TinyNumerics

extension Chapter7 {
  static func showLowerBounds(in notebook: Notebook) {
    notebook.text(
      """
      Any other discriminator is worth less, by an average divergence of its labels from Bayes'. \
      So a GAN's value bounds from below what its generator wants small, and the bound is only as \
      good as the discriminator. Two more bounds of this kind, on D(p‖q) itself, here for p = N(0, \
      1), q = N(1, 1), where D(p‖q) = ½.
      """)
    let contest = Contest.shifted(by: 1)
    let divergence = klDivergence(contest.p, relativeTo: contest.q)
    let critics: [(String, Critic)] = [
      ("0", Critic(a: 0, b: 0)), ("−x/2", Critic(a: 0, b: -0.5)), ("−x", Critic(a: 0, b: -1)),
      ("½ − x", Critic(a: 0.5, b: -1)), ("1½ − x", Critic(a: 1.5, b: -1)),
      ("½ − 2x", Critic(a: 0.5, b: -2)),
    ]
    notebook.table(
      ["critic T", "E_p T − log E_q e^T", "E_p T − E_q e^{T−1}", "V(sigmoid T)"],
      critics.map { name, critic in
        [name]
          + [
            contest.donskerVaradhan(critic.callAsFunction),
            contest.fDivergenceBound(critic.callAsFunction),
            contest.value(of: critic.callAsFunction),
          ].map { $0.value.decimals(9) }
      } + [["at most", divergence.decimals(9), divergence.decimals(9), best(contest)]])
    for check in critics.map(\.1).map({ boundChecks(contest, $0) }).transposedWorst {
      notebook.check(check)
    }
    notebook.check(.worst(of: [-1, 0, 1, 2].flatMap { equalityChecks(contest, shift: $0) }))
    notebook.gap()
    showMemoriser(in: notebook)
  }

  private static func best(_ contest: Contest) -> String {
    contest.value(of: contest.logRatio).value.decimals(9)
  }

  /// Of one critic: both bounds in closed form, what V leaves, and the order of the two bounds.
  private static func boundChecks(_ contest: Contest, _ critic: Critic) -> [Check] {
    let t = critic.callAsFunction
    let (varadhan, other) = (contest.donskerVaradhan(t), contest.fDivergenceBound(t))
    let closed = contest.boundsInClosedForm(critic)
    let (value, shortfall, best) = (
      contest.value(of: t), contest.shortfall(of: t), contest.jensenShannon
    )
    return [
      .exact(
        "7.7", "E_p T − log E_q e^T = a + bµ_p − (a + bµ_q + ½b²)", varadhan.value,
        closed.donskerVaradhan, allowance: varadhan.error + rounding(4)),
      .exact(
        "7.7", "E_p T − E_q e^{T−1} = its closed form", other.value,
        closed.fDivergence, allowance: other.error + rounding(4)),
      .exact(
        "7.7", "V(D) = 2 JS − log 4 − 2 E_m D(D*‖D)", value.value,
        2 * best.value - log(4) - shortfall.value,
        allowance: value.error + 2 * best.error + shortfall.error + rounding(4)),
      .bound(
        "7.7", "E_p T − E_q e^{T−1} ≤ E_p T − log E_q e^T", lower: other.value - other.error,
        upper: varadhan.value + varadhan.error),
      .bound(
        "7.7", "E_p T − log E_q e^T ≤ D(p‖q)", lower: varadhan.value - varadhan.error,
        upper: klDivergence(contest.p, relativeTo: contest.q)),
    ]
  }

  /// T = log p/q + c: the first bound is D for every c, the second D + c − e^{c−1}, which is D at c
  /// = 1 only.
  private static func equalityChecks(_ contest: Contest, shift c: Double) -> [Check] {
    let divergence = klDivergence(contest.p, relativeTo: contest.q)
    let first = contest.donskerVaradhan { contest.logRatio($0) + c }
    let second = contest.fDivergenceBound { contest.logRatio($0) + c }
    let name = "T = log p/q + c: bounds D and D + c − e^{c−1}"
    return [
      .exact(
        "7.7", name, first.value, divergence, allowance: first.error + rounding(4)),
      .exact(
        "7.7", name, second.value, divergence + c - exp(c - 1),
        allowance: second.error + rounding(4)),
    ]
  }

  /// p = q: nothing can be told, and every discriminator's V is at most −log 4.
  private static func showMemoriser(in notebook: Notebook) {
    notebook.text(
      """
      On the images that D was trained on its value bounds nothing. Here p = q = N(0, 1), so that \
      V(D) ≤ −log 4; a D that has learnt 100 + 100 images by heart, and says so with a logit of \
      ±1, has −2 log(1 + 1/e) = −0.6265 on them, and less than −log 4 on fresh ones.
      """)
    var generator = Threefry(seed: notebook.seed, row: 7)
    func draw(_ count: Int) -> [Double] { (0..<count).map { _ in generator.normal() } }
    let memoriser = Memoriser(real: draw(100), generated: draw(100), certainty: 1)
    let seen = memoriser.value(memoriser.real, memoriser.generated)
    let draws = notebook.samples(default: 5_000)
    let fresh = memoriser.value(draw(draws), draw(draws))
    notebook.check(
      .exact(
        "7.7", "learnt by heart: V on its own images = −2 log(1 + e^{−1})", seen.mean,
        -2 * log(1 + exp(-1)), allowance: rounding(1, terms: 200)))
    // Right or wrong, half the time each: ½ (log s(1) + log s(−1)) a label, whatever was memorised.
    notebook.check(
      .monteCarlo(
        "7.7", "and on \(draws) fresh pairs log s(1) + log s(−1), below −log 4 = −1.3863",
        estimate: fresh.mean, standardError: fresh.standardError,
        exact: logSigmoid(1) + logSigmoid(-1), promise: 0.07))
  }
}

extension [[Check]] {
  /// Rows of like checks: of each column the worst.
  fileprivate var transposedWorst: [Check] {
    self[0].indices.map { column in .worst(of: map { $0[column] }) }
  }
}
