import Testing
import TinyNumerics

@testable import chapter7

/// Golden values: mpmath `quad` of the definitions.
@Suite("eq. 7.5, 7.6, 7.7: the discriminator and its value")
struct GameTests {
  @Test(
    "eq. 7.6: JS, golden, four ways",
    arguments: zip(
      Contest.examples.indices, [0.111421482185, 0.336830820347, 0.632720193737, 0.128174973054]))
  func jensenShannonGolden(i: Int, golden: Double) {
    let contest = Contest.examples[i].contest
    for route in [
      contest.jensenShannon, contest.jensenShannonByEntropies, contest.jensenShannonByGame,
      contest.informationAboutLabel,
    ] {
      #expect(agrees(route.value, golden, digits: 12))
    }
  }

  @Test("eq. 7.7: the bounds of T = −x/2, golden")
  func bounds() {
    let contest = Contest.shifted(by: 1)
    let critic = Critic(a: 0, b: -0.5)
    let closed = contest.boundsInClosedForm(critic)
    for (varadhan, other) in [
      (closed.donskerVaradhan, closed.fDivergence),
      (
        contest.donskerVaradhan(critic.callAsFunction).value,
        contest.fDivergenceBound(critic.callAsFunction).value
      ),
    ] {
      #expect(agrees(varadhan, 0.375, digits: 12))
      #expect(agrees(other, -0.252839595805, digits: 12))
    }
    #expect(agrees(contest.value(of: critic.callAsFunction).value, -1.22623370967, digits: 11))
    #expect(agrees(2 * contest.jensenShannon.value - log(4), -1.16345139675, digits: 11))
  }

  @Test("eq. 7.5: coefficients of log p/q, with another p too")
  func coefficients() {
    let contest = Contest(
      p: Normal(mean: -0.7, standardDeviation: 0.6), q: Normal(mean: 1.2, standardDeviation: 1.5))
    let c = contest.logRatioCoefficients
    for x in [-2.0, 0, 0.3, 4] {
      #expect(abs(c[0] + c[1] * x + c[2] * x * x - contest.logRatio(x)) < 1e-13)
      let ratio = contest.p.density(x) / (contest.p.density(x) + contest.q.density(x))
      #expect(abs(contest.bestDiscriminator(x) - ratio) < 1e-14)
    }
  }

  @Test("JS of distributions over outcomes: 0 at p = q, log 2 where they share nothing")
  func discrete() {
    let p = Discrete(weights: [1, 2, 3])
    #expect(abs(jensenShannon(p, p)) < 1e-15)
    let (first, second) = dice(sharing: 0)
    #expect(abs(jensenShannon(first, second) - log(2)) < 1e-15)
    #expect(dice(sharing: 9).0.count == 11)
  }

  @Test("a memoriser knows the nearest image")
  func memoriser() {
    let memoriser = Memoriser(real: [0, 10], generated: [1, 4], certainty: 3)
    #expect([-5, 0.4, 9].allSatisfy { memoriser.logit($0) == 3 })
    #expect([0.6, 2, 6.9].allSatisfy { memoriser.logit($0) == -3 })
  }

  @Test("eq. 7.12: accuracy, TV and crossings, golden")
  func telling() {
    #expect(agrees(Contest.shifted(by: 1).bestAccuracy.value, 0.691462461274, digits: 12))
    #expect(agrees(Contest.wide.totalVariation, 0.39006566012, digits: 11))
    #expect(agrees(Contest.wide.crossings[0], -1.84754498497, digits: 11))
    #expect(agrees(Contest.wide.crossings[1], 1.18087831830, digits: 11))
  }

  @Test("eq. 7.T: the price of noise at 64 pixels is log 100")
  func price() {
    let price = -16 - mostlyNoise(logProbability: -16, pixels: 64)
    #expect(agrees(price, 4.605170186, digits: 9))
    #expect(agrees(priceOfNoise(logProbability: -16, pixels: 64), 4.605170186, digits: 9))
  }

  @Test("a root by secants")
  func roots() {
    #expect(abs(root(near: 1, and: 2) { $0 * $0 - 2 } - 2.0.squareRoot()) < 1e-15)
    #expect(root(near: 3, and: 4) { 2 * $0 - 6 } == 3)
  }
}
