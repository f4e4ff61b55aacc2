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

  @Test("eps = (z − µ)/log σ²: golden, above log p(x); without the slip it is the ELBO")
  func wrongNoise() {
    let channel = Channel.example
    let q = Normal(mean: channel.posterior.mean, standardDeviation: 0.9)
    let wrong = elboWithNoiseOverLogVariance(channel, q)
    #expect(relativeError(wrong, 6.58737710443963703) < 1e-12)
    #expect(wrong > channel.logEvidence && channel.elbo(q) < channel.logEvidence)
    // E_q[log p(x, z) − wrong log q] by quadrature
    for q in guideGrid where q.standardDeviation != 1 {
      let byRule = rule.expectation(under: q) { z in
        let noise = (z - q.mean) / log(q.variance)
        let logGuide = -0.5 * noise * noise - log(q.standardDeviation) - 0.5 * logTwoPi
        return channel.logLikelihood(z) + Normal.standard.logDensity(z) - logGuide
      }
      let formula = elboWithNoiseOverLogVariance(channel, q)
      #expect(abs(formula - byRule) < 1e-11 * (1 + abs(byRule)))
    }
  }

  @Test("σ = exp(h) where h = log σ²: golden, above log p(x); harmless at σ = 1 alone")
  func wrongScale() {
    let channel = Channel.example
    let wrong = elboWithSampledVariance(channel, channel.posterior)
    #expect(relativeError(wrong, -1.46162772655519546) < 1e-12)
    #expect(wrong > channel.logEvidence)
    for q in guideGrid {
      let h = log(q.variance)
      let byRule = rule.expectation { channel.logLikelihood(q.mean + exp(h) * $0) }
      let divergence = 0.5 * (q.mean * q.mean + exp(h) - 1 - h)
      let value = elboWithSampledVariance(channel, q)
      #expect(abs(value - (byRule - divergence)) < 1e-11 * (1 + abs(byRule)))
      let agrees = abs(value - channel.elbo(q)) < 1e-10
      #expect(agrees == (q.standardDeviation == 1))
    }
  }
}
