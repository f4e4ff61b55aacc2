import Foundation
import Testing
import TinyNumerics
import ToyModels

@testable import chapter4

@Suite("eq. 4.T: traps")
struct TrapTests {
  private let line = LinearGaussianModel.line
  private var data: [[Double]] {
    var generator = Threefry(seed: 4, stream: 49)
    return (0..<30).map { _ in line.sample(using: &generator).x }
  }

  /// mpmath, 40 digits: ½ (Λ − 1 − log Λ) at Λ = 9.8214285714….
  @Test("eq. 4.T: a ReLU on log σ² costs ½ (Λ − 1 − log Λ)")
  func relu() {
    let gap = reluGap(precision: posteriorPrecision(of: line)[0, 0])
    #expect(abs(gap - 3.2684309919686020296) < 1e-14)
    let (guide, ascent) = trainedReLUGuide(for: line, on: data)
    let evidence = mean(data.map { line.logEvidence(of: $0).value })
    #expect(abs(evidence - ascent.value - gap) < 1e-10)
    let outputs = guide.network(Array(data.joined()), rows: data.count)
    #expect(data.indices.allSatisfy { outputs[2 * $0 + 1] <= 0 }, "the ReLU has closed")
    // where the posterior is as wide as the prior there is no price
    #expect(reluGap(precision: 1) == 0)
  }

  /// ½ (Λ − 1)(1/Λ − 1/Λ²), by mpmath: the reconstruction's gain when N(µ, σ⁴) stands for N(µ, σ²).
  @Test("eq. 4.T: σ = exp(log σ²) in the sampler alone reports more than log p(x)")
  func doubledLogarithm() {
    for x in data.prefix(5) {
      let posterior = line.posterior(given: x)
      let lambda = [posterior.mean[0], log(posterior.covariance[0, 0])]
      let evidence = line.logEvidence(of: x).value
      #expect(abs(linearELBO(lambda, at: x, model: line).value - evidence) < 1e-12)
      let reported = reportedELBO(lambda, at: x, model: line)
      #expect(abs(reported - evidence - 0.40336528925619834711) < 1e-12)
    }
  }

  @Test("eq. 4.T: by quadrature, with the sampler's own code")
  func doubledLogarithmByQuadrature() {
    let (x, lambda) = ([0.2, 1.4], [0.3, -1.1])
    let sampler = Normal(mean: 0.3, standardDeviation: exp(-1.1))
    let reconstruction = sampler.expectation { line.logLikelihood(x, given: [$0]) }.value
    let divergence = klDivergence(
      Normal(mean: 0.3, variance: exp(-1.1)), relativeTo: .standard)
    #expect(abs(reportedELBO(lambda, at: x, model: line) - reconstruction + divergence) < 1e-11)
  }
}
