import Foundation
import Testing
import TinyNumerics

/// Golden values: `mpmath` at 400 digits, with p = 1/(1 + exp(−ℓ)) and 1 − p = 1/(1 + exp(ℓ)).
@Suite("Bernoulli")
struct BernoulliTests {
  private let always = Bernoulli(probability: 1)
  private let never = Bernoulli(probability: 0)
  private let fair = Bernoulli(probability: 0.5)

  /// (ℓ, p, log p, log(1 − p), H)
  static let golden: [(Double, Double, Double, Double, Double)] = [
    (0, 0.5, -0.69314718055994531, -0.69314718055994531, 0.69314718055994531),
    (0.3, 0.57444251681165898, -0.55435524446852712, -0.85435524446852711, 0.68202248942502942),
    (-2, 0.11920292202211756, -2.1269280110429725, -0.1269280110429725, 0.36533385508720761),
    (5, 0.99330714907571514, -0.0067153484891180686, -5.0067153484891181, 0.040179603110542346),
    (40, 1, -4.248354255291589e-18, -40, 1.7418252446695515e-16),
    (-700, 9.8596765437597709e-305, -700, -9.8596765437597709e-305, 6.911633257175599e-302),
  ]

  @Test("probability, log-probabilities and entropy, golden", arguments: golden)
  func goldenValues(logit: Double, p: Double, logP: Double, logNotP: Double, entropy: Double) {
    let variable = Bernoulli(logit: logit)
    #expect(relativeError(variable.probability, p) <= 4 * ulp)
    #expect(relativeError(variable.logProbability(true), logP) <= 4 * ulp)
    #expect(relativeError(variable.logProbability(false), logNotP) <= 4 * ulp)
    #expect(relativeError(variable.entropy, entropy) <= 8 * ulp)
  }

  @Test(
    "log(p / (1 − p)) of a probability, golden",
    arguments: [
      (0.5, 0), (0.2, -1.3862943611198905), (1e-300, -690.77552789821371),
      (1e-20, -46.051701859880914), (0.999999, 13.815509557935018),
      (1 - 0x1p-53, 36.736800569677101),
    ])
  func logits(probability: Double, exact: Double) {
    let variable = Bernoulli(probability: probability)
    #expect(relativeError(variable.logit, exact) <= 4 * ulp)
    // An error δ of the logit moves p by p (1 − p) δ.
    let allowance = (2 + 4 * (1 - probability) * abs(exact)) * ulp
    #expect(relativeError(variable.probability, probability) <= allowance)
  }

  @Test("certainty: no entropy, probability 1 for what happens, log 0 for what cannot")
  func certainty() {
    #expect(always.logit == .infinity && never.logit == -.infinity)
    #expect(always.probability == 1 && never.probability == 0)
    #expect(always.logProbability(true) == 0 && always.logProbability(false) == -.infinity)
    #expect(never.logProbability(false) == 0 && never.logProbability(true) == -.infinity)
    #expect(always.entropy == 0 && never.entropy == 0)
  }

  /// (ℓ_q, ℓ_p, D(q ‖ p))
  static let divergences: [(Double, Double, Double)] = [
    (0.3, -1.2, 0.27059099808699253), (-1.2, 0.3, 0.24385995237902238),
    (5, -5, 4.9330714907571514), (40, 0, 0.69314718055994514), (0, -800, 399.30685281944005),
    (-30, -31, 3.4424771084694794e-14),
  ]

  @Test("eq. 1.1: D(q ‖ p), golden", arguments: divergences)
  func divergence(_ q: Double, _ p: Double, exact: Double) {
    let divergence = klDivergence(Bernoulli(logit: q), relativeTo: Bernoulli(logit: p))
    // Σ q(x) (log q(x) − log p(x)): each logarithm is rounded at ε times its own size.
    let sizeOfTrue = sigmoid(q) * (softplus(-q) + softplus(-p))
    let sizeOfFalse = sigmoid(-q) * (softplus(q) + softplus(p))
    let allowance = 4 * ulp * (sizeOfTrue + sizeOfFalse)
    #expect(abs(divergence - exact) <= allowance)
    let mirrored = klDivergence(Bernoulli(logit: -q), relativeTo: Bernoulli(logit: -p))
    #expect(abs(mirrored - exact) <= allowance)
    #expect(klDivergence(Bernoulli(logit: q), relativeTo: Bernoulli(logit: q)) == 0)
  }

  @Test("eq. 1.4: what q excludes is free, what only p excludes costs +∞")
  func support() {
    #expect(relativeError(klDivergence(always, relativeTo: fair), log(2)) <= ulp)
    #expect(relativeError(klDivergence(never, relativeTo: fair), log(2)) <= ulp)
    #expect(klDivergence(fair, relativeTo: always) == .infinity)
    #expect(klDivergence(fair, relativeTo: never) == .infinity)
    #expect(klDivergence(always, relativeTo: never) == .infinity)
    #expect(klDivergence(never, relativeTo: always) == .infinity)
    #expect(klDivergence(always, relativeTo: always) == 0)
    #expect(klDivergence(never, relativeTo: never) == 0)
  }

  @Test("samples: true below p, and as often as p says")
  func samples() {
    let quarter = Bernoulli(logit: -log(3))
    var (low, high) = (ChosenWords(1 << 61), ChosenWords(3 << 61))  // uniforms ⅛ and ⅜
    #expect(quarter.sample(using: &low) && !quarter.sample(using: &high))
    var (first, last) = (ChosenWords(0), ChosenWords(.max))
    #expect(always.sample(using: &first) && always.sample(using: &last))
    #expect(!never.sample(using: &first) && !never.sample(using: &last))
    var generator = Threefry(seed: 8)
    let estimate = Estimate(draws: 20_000) { quarter.sample(using: &generator) ? 1 : 0 }
    #expect(standardErrorsOff(estimate, 0.25) < 5)
  }

  @Test("a probability outside [0, 1] and a logit that is no number are refused")
  func preconditions() async {
    await #expect(processExitsWith: .failure) { _ = Bernoulli(probability: 1.1) }
    await #expect(processExitsWith: .failure) { _ = Bernoulli(probability: .nan) }
    await #expect(processExitsWith: .failure) { _ = Bernoulli(logit: .nan) }
  }
}
