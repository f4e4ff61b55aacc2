import Foundation
import Testing
import TinyNumerics

@testable import chapter5

/// Golden costs: `mpmath`, 40 digits, each formula written out for w = 3/4, s = 1/2, x = 6/5.
@Suite("eq. 5.T: traps")
struct TrapTests {
  @Test("the gradient stopped at σ: σ goes to 1, µ to m; D(N(m, 1) ‖ p(z|x)) is lost")
  func stopped() {
    let channel = Channel.example
    for start in [Normal(mean: -2, standardDeviation: 0.2), Normal(mean: 3, standardDeviation: 2)] {
      let q = ascentStoppedAtSigma(channel, from: start)
      #expect(abs(q.standardDeviation - 1) < 1e-12)
      #expect(abs(q.mean - channel.posterior.mean) < 1e-12)
      #expect(relativeError(channel.elbo(q), -2.23694519879857359) < 1e-12)
    }
  }

  @Test("one ε for the batch: scatter, golden; equal to own noise only for a batch of one")
  func sharedNoise() {
    let batch = Chapter5.batch(100)
    #expect(relativeError(batchDeviation(batch, shared: false), 0.0670790167168164093) < 1e-12)
    #expect(relativeError(batchDeviation(batch, shared: true), 0.489535463898379055) < 1e-12)
    let one = Chapter5.batch(1)
    let (own, shared) = (batchDeviation(one, shared: false), batchDeviation(one, shared: true))
    #expect(relativeError(own, shared) < 1e-12)
    // Own noise averages out as 1/√B for equal data points.
    let equal = Array(repeating: Channel.example, count: 16)
    let single = batchDeviation([.example], shared: false)
    #expect(relativeError(batchDeviation(equal, shared: false), single / 4) < 1e-12)
    #expect(relativeError(batchDeviation(equal, shared: true), single) < 1e-12)
  }

  @Test("the batch's scatter in closed form")
  func closedFormScatter() {
    let batch = Chapter5.batch(100)
    let (shared, own) = batchDeviations(batch)
    #expect(relativeError(own, 0.0670790167168164093) < 1e-14)
    #expect(relativeError(shared, 0.489535463898379055) < 1e-14)
    // a lopsided batch keeps a linear term in the shared noise
    let lopsided = Array(batch.suffix(7))
    let exact = batchDeviations(lopsided)
    #expect(relativeError(batchDeviation(lopsided, shared: true), exact.shared) < 1e-12)
    #expect(relativeError(batchDeviation(lopsided, shared: false), exact.own) < 1e-12)
  }

  @Test("eps = (z − µ)/log σ²: golden, above log p(x); off by ½ (σ²/(log σ²)² − 1)")
  func wrongNoise() {
    let channel = Channel.example
    func wrong(_ q: Normal) -> Double {
      reportedELBO { channel.drawWithNoiseOverLogVariance(q, noise: $0) }
    }
    let q = Normal(mean: channel.posterior.mean, standardDeviation: 0.9)
    #expect(relativeError(wrong(q), 6.58737710443963703) < 1e-12)
    #expect(wrong(q) > channel.logEvidence && channel.elbo(q) < channel.logEvidence)
    for q in guideGrid where q.standardDeviation != 1 {
      let off = 0.5 * (q.variance / square(log(q.variance)) - 1)
      #expect(abs(wrong(q) - channel.elbo(q) - off) < 1e-11 * (1 + abs(off) + abs(wrong(q))))
    }
  }

  @Test("σ = exp(h) where h = log σ²: golden, above log p(x); harmless at σ = 1 alone")
  func wrongScale() {
    let channel = Channel.example
    func wrong(_ q: Normal) -> Double {
      reportedELBO { channel.drawWithSampledVariance(q, noise: $0) }
    }
    #expect(relativeError(wrong(channel.posterior), -1.46162772655519546) < 1e-12)
    #expect(wrong(channel.posterior) > channel.logEvidence)
    for q in guideGrid {
      let sampled = Normal(mean: q.mean, standardDeviation: q.variance)
      let byRule = rule.expectation(under: sampled, of: channel.logLikelihood)
      let divergence = klDivergence(q, relativeTo: .standard)
      #expect(abs(wrong(q) - (byRule - divergence)) < 1e-11 * (1 + abs(byRule)))
      let agrees = abs(wrong(q) - channel.elbo(q)) < 1e-10
      #expect(agrees == (q.standardDeviation == 1))
      #expect(
        abs(reportedELBO { channel.draw(q, noise: $0) } - channel.elbo(q)) < 1e-11
          * (1 + abs(channel.elbo(q))))
    }
  }

  @Test("a climb up a discrete guide's ELBO: the score's finds the posterior, the path's stays")
  func climbs() {
    for x in [-0.4, 0.9] {
      let start = DiscreteGuide(model: .example, x: x, logits: [0.5, 0, -0.2])
      let best = chapter5.climb(start)
      #expect(abs(best.elbo - start.model.logEvidence(of: x).value) < 1e-13)
      let posterior = start.model.posterior(given: x).probabilities
      for (a, b) in zip(best.q.probabilities, posterior) { #expect(abs(a - b) < 1e-7) }
      #expect(chapter5.climb(start, pathwiseOver: [0.1, 0.35, 0.8]).logits == start.logits)
    }
  }
}
