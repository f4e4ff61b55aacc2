import Foundation
import Testing
import TinyNumerics

@testable import chapter5

@Suite("eq. 5.7: three gradients of one ELBO")
struct ThreeGradientsTests {
  /// `mpmath`, 40 digits, w = 3/4, s = 1/2, x = 6/5: v² = 1/(1 + w²/s²), m = v²wx/s²,
  /// `log(npdf(x, 0, sqrt(w * w + s * s)))`.
  @Test("the channel's posterior and evidence, golden")
  func channel() {
    let channel = Channel.example
    #expect(relativeError(channel.posterior.mean, 1.1076923076923076923) < 1e-15)
    #expect(relativeError(channel.posterior.standardDeviation, 0.55470019622522912202) < 1e-15)
    #expect(relativeError(channel.logEvidence, -1.7012726969693966448) < 1e-15)
    for z in [-1, 0.4, 2] {
      #expect(abs(channel.likelihoodSlope(z) - slope(at: z, channel.logLikelihood)) < 1e-8)
    }
    // ELBO = E_q log p(x|z) − D(q‖p(z))
    for q in guideGrid {
      let elbo =
        rule.expectation(under: q, of: channel.logLikelihood)
        - klDivergence(q, relativeTo: .standard)
      #expect(abs(channel.elbo(q) - elbo) < 1e-12 * (1 + abs(elbo)))
    }
  }

  /// `mpmath`, 40 digits, at q = N(0.5, 0.8²): mean and variance of one draw of ∂_µ and of ∂_σ by
  /// `quad`, each estimator written out.
  @Test(
    "golden means and variances",
    arguments: zip(
      ELBOGradient.allCases, [(6.76, 17.420625), (1.8225, 7.545625), (3.24, 12.605625)]))
  func golden(estimator: ELBOGradient, variances: (Double, Double)) {
    let q = Normal(mean: 0.5, standardDeviation: 0.8)
    let byMean = Moments { estimator(.example, q, noise: $0).mean }
    let bySigma = Moments { estimator(.example, q, noise: $0).standardDeviation }
    #expect(relativeError(byMean.mean, 1.975) < 1e-12)
    #expect(relativeError(bySigma.mean, -1.35) < 1e-12)
    #expect(relativeError(byMean.variance, variances.0) < 1e-12)
    #expect(relativeError(bySigma.variance, variances.1) < 1e-12)
    #expect(relativeError(estimator.variance(.example, q).mean, variances.0) < 1e-14)
    #expect(relativeError(estimator.variance(.example, q).standardDeviation, variances.1) < 1e-14)
  }

  @Test("the same mean, ∂ELBO by differences; variances σ²/v⁴, (σ/v² − 1/σ)², σ²w⁴/s⁴")
  func grid() {
    for channel in Chapter5.channels {
      for q in guideGrid {
        let (mean, sigma) = (q.mean, q.standardDeviation)
        let exact = elboGradient(channel, q)
        let byMean = slope(at: mean) { channel.elbo(Normal(mean: $0, standardDeviation: sigma)) }
        let h = 1e-5 * sigma
        let up = channel.elbo(Normal(mean: mean, standardDeviation: sigma + h))
        let down = channel.elbo(Normal(mean: mean, standardDeviation: sigma - h))
        let size = 1 + abs(channel.elbo(q))
        #expect(abs(exact.mean - byMean) < 1e-9 * size)
        #expect(abs(exact.standardDeviation - (up - down) / (2 * h)) < 1e-8 * size / sigma)
      }
    }
    for estimator in ELBOGradient.allCases {
      for (lhs, rhs, allowance) in Chapter5.elboGradientCases(estimator)
        + Chapter5.elboVarianceCases(estimator)
      {
        #expect(abs(lhs - rhs) <= allowance)
        #expect(allowance < 1e-8)
      }
    }
  }

  @Test("at the posterior the path-only gradient vanishes draw by draw, the others do not")
  func landing() {
    for channel in Chapter5.channels {
      let q = channel.posterior
      for noise in stride(from: -4.0, through: 4, by: 0.37) {
        let zero = ELBOGradient.pathOnly(channel, q, noise: noise)
        #expect(abs(zero.mean) < 1e-12 && abs(zero.standardDeviation) < 1e-12)
      }
      for estimator in [ELBOGradient.sampledDivergence, .closedFormDivergence] {
        #expect(estimator.variance(channel, q).mean > 0.001)
        #expect(abs(estimator(channel, q, noise: 2).mean) > 0.01)
      }
    }
  }

  @Test("each estimator is the best somewhere, but the full one beats neither everywhere")
  func noneIsBest() {
    let channel = Channel.example
    func variances(_ sigma: Double) -> [Double] {
      let q = Normal(mean: 0, standardDeviation: sigma)
      return ELBOGradient.allCases.map { $0.variance(channel, q).mean }
    }
    #expect(variances(0.1)[1] > variances(0.1)[0])
    #expect(variances(0.5)[1] < variances(0.5)[2])
    #expect(variances(0.2)[2] < variances(0.2)[1])
  }
}
