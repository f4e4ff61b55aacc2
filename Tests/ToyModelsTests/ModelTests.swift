import Foundation
import Testing

@testable import TinyNumerics
@testable import ToyModels

/// What must hold of every model, whatever its latents are.
@Suite("latent-variable models")
struct ModelTests {
  static let seeds = [UInt64](1...20)

  @Test("evidence by two routes, and Bayes' rule at the z that made x", arguments: seeds)
  func bayes(seed: UInt64) {
    check(MixtureModel.example, seed)
    check(LinearGaussianModel.line, seed)
    check(LinearGaussianModel.plane, seed)
    check(NeuralModel.example, seed)
  }

  private func check(_ model: some LatentVariableModel, _ seed: UInt64) {
    var generator = Threefry(seed: seed)
    let (z, x) = model.sample(using: &generator)
    let evidence = model.logEvidence(of: x)
    let other = model.logEvidenceByAnotherRoute(of: x)
    let allowance = evidence.error + other.error + 1e-12 * (1 + abs(evidence.value))
    #expect(allowance < 1e-9, "\(model.name): \(evidence.error) \(other.error)")
    #expect(abs(evidence.value - other.value) <= allowance, "\(model.name)")
    let posterior = model.posterior(given: x)
    let joint = posterior.logDensity(z) + evidence.value
    #expect(abs(joint - model.logJoint(x, z)) <= 2 * allowance + 1e-11, "\(model.name)")
    let one = posterior.expectation { _ in 1 }
    #expect(abs(one.value - 1) <= one.error + 1e-11, "\(model.name)")
  }

  @Test("the evidence is the prior's expectation of the likelihood", arguments: seeds)
  func evidenceIsAnExpectation(seed: UInt64) {
    var generator = Threefry(seed: seed)
    func compare(_ model: some LatentVariableModel, tolerance: Double) {
      let (_, x) = model.sample(using: &generator)
      let expectation = model.prior.expectation { exp(model.logLikelihood(x, given: $0)) }
      let evidence = exp(model.logEvidence(of: x).value)
      #expect(
        abs(expectation.value - evidence) <= expectation.error + tolerance * evidence,
        "\(model.name)")
    }
    compare(MixtureModel.example, tolerance: 1e-14)
    compare(NeuralModel.example, tolerance: 1e-11)
    // The likelihood of a linear-Gaussian model is narrow: a wide noise lets twenty nodes see it.
    let calm = LinearGaussianModel(
      weights: Matrix([[0.5, 0.2], [-0.3, 0.4]]), offset: [1, 2],
      noiseCovariance: Matrix([[2, 0.3], [0.3, 1.5]]))
    compare(calm, tolerance: 1e-9)
  }

  /// Golden: mpmath at 30 digits from the weights written out again. The mixture is
  /// `log(sum(w*npdf(x, m, s) …))`; for the linear models, with C = WWᵀ + Σ and d = x − b,
  /// `-(d.T*C**-1*d)[0]/2 - log(det(C))/2 - len(d)*log(2*pi)/2`; for the ribbon, with its two
  /// networks f, g,
  /// `log(quad(lambda z: npdf(z)*npdf(x, f(z), sqrt(exp(g(z)))) …, [-8 + i/8 for i in
  /// range(129)]))`.
  @Test("the examples are the models they are said to be: golden evidence")
  func goldenEvidence() {
    func compare(_ evidence: Integral, _ exact: Double) {
      #expect(abs(evidence.value - exact) <= evidence.error + 1e-14 * abs(exact))
    }
    compare(MixtureModel.example.logEvidence(of: 0.7), -1.4622114682497642)
    compare(LinearGaussianModel.line.logEvidence(of: [0.3, -0.2]), -3.6427766592413401)
    compare(LinearGaussianModel.plane.logEvidence(of: [1, 0.5, -0.3]), -5.4411006076551456)
    compare(NeuralModel.example.logEvidence(of: SIMD2(0.48, 0.3)), -2.0184691139791928)
    compare(NeuralModel.example.logEvidence(of: SIMD2(-1.5, -2)), -8.0305507649173224)
  }

  /// A factorisation reads one triangle only; the noise of a marginal may stand in the other.
  @Test("the examples' noise covariances are symmetric: the factor gives both triangles back")
  func symmetricNoise() {
    for noise in [LinearGaussianModel.line.noise, LinearGaussianModel.plane.noise] {
      let product = noise.cholesky.factor * noise.cholesky.factor.transpose
      for i in 0..<noise.dimension {
        for j in 0..<noise.dimension {
          #expect(abs(product[i, j] - noise.covariance[i, j]) < 1e-15)
        }
      }
    }
  }

  @Test("expectations under a distribution's own density: mean log-density is minus the entropy")
  func entropies() {
    let gaussian = LinearGaussianModel.plane.posterior(given: [1, 0, -1])
    let e = gaussian.expectation { gaussian.logDensity($0) }
    #expect(abs(e.value + gaussian.entropy) <= e.error + 1e-12)
    let normal = Normal(mean: -3, standardDeviation: 0.2)
    let n = normal.expectation { normal.logDensity($0) }
    #expect(abs(n.value + normal.entropy) <= n.error + 1e-12)
    #expect(abs(n.value + normal.entropy) < 1e-10)
    let discrete = Discrete(probabilities: [0.25, 0, 0.75])
    #expect(abs(discrete.expectation { discrete.logDensity($0) }.value + discrete.entropy) < 1e-15)
  }

  @Test("the divergence of two Gaussians by expectation = its closed form")
  func divergence() {
    let q = Gaussian(mean: [0.3, -1], covariance: Matrix([[0.5, 0.2], [0.2, 0.9]]))
    let p = Gaussian(mean: [0, 0.5], covariance: Matrix([[1.5, -0.3], [-0.3, 0.7]]))
    #expect(abs(q.divergence(from: p).value - klDivergence(q, relativeTo: p)) < 1e-12)
  }

  @Test("an expectation is homogeneous: a power of two times f is that power times value and error")
  func homogeneous() {
    func compare<Q: LatentDistribution>(_ q: Q, _ f: (Q.Latent) -> Double) {
      let (one, tiny) = (q.expectation(of: f), q.expectation { 0x1p-200 * f($0) })
      #expect(tiny.value == 0x1p-200 * one.value && tiny.error == 0x1p-200 * one.error)
    }
    compare(LinearGaussianModel.plane.posterior(given: [1, 0, -1])) { cos($0[0] + 2 * $0[1]) }
    compare(Normal(mean: -3, standardDeviation: 0.2)) { sin($0) }
    compare(Discrete(probabilities: [0.25, 0, 0.75])) { Double($0) + 0.3 }
    compare(NeuralModel.example.posterior(given: SIMD2(0.48, 0.3))) { sin($0) }
  }

  @Test("a table of a constant: uniform, to the last cell at either end")
  func uniformTable() {
    let uniform = TabulatedPosterior(over: -1...3, count: 5) { _ in 7 }
    #expect(abs(uniform.logNormaliser - (7 + log(4.0))) < 1e-14 && uniform.error < 1e-14)
    #expect(abs(uniform.logDensity(2.9) + log(4.0)) < 1e-14)
    // The shifted nodes are right edges.
    #expect(abs(uniform.expectation { $0 }.value - 1.2) < 1e-14)
    var generator = Threefry(seed: 14)
    let draws = (0..<20_000).map { _ in uniform.sample(using: &generator) }
    #expect(draws.allSatisfy { (-1...3).contains($0) })
    #expect(GoodnessOfFit.kolmogorovSmirnov(draws) { ($0 + 1) / 4 }.z > -5)
  }

  @Test("draws follow their densities: mean and variance of a coordinate within 5 standard errors")
  func draws() {
    var generator = Threefry(seed: 11)
    let posterior = NeuralModel.example.posterior(given: SIMD2(0.48, 0.3))
    let exact = posterior.expectation { $0 }.value
    let square = posterior.expectation { ($0 - exact) * ($0 - exact) }.value
    let draws = (0..<40_000).map { _ in posterior.sample(using: &generator) }
    let mean = Estimate(draws)
    #expect(abs(mean.mean - exact) < 5 * mean.standardError)
    let spread = Estimate(draws.map { ($0 - exact) * ($0 - exact) })
    #expect(abs(spread.mean - square) < 5 * spread.standardError)
  }

  @Test("the neural posterior has two peaks where the ribbon crosses itself")
  func twoExplanations() {
    let model = NeuralModel.example
    let posterior = model.posterior(given: SIMD2(0.48, 0.3))
    let density = (-80...80).map { posterior.logDensity(Double($0) / 20) }
    let peaks = (1..<density.count - 1).filter {
      density[$0] > density[$0 - 1] && density[$0] > density[$0 + 1] && density[$0] > -5
    }
    #expect(peaks.count == 2)
  }

  @Test("ancestral samples of the linear-Gaussian model have its marginal's moments")
  func ancestral() {
    var generator = Threefry(seed: 12)
    let model = LinearGaussianModel.plane
    let draws = (0..<40_000).map { _ in model.sample(using: &generator).x }
    for j in 0..<3 {
      let mean = Estimate(draws.map { $0[j] })
      #expect(abs(mean.mean - model.offset[j]) < 5 * mean.standardError)
      for k in 0...j {
        let product = Estimate(
          draws.map { ($0[j] - model.offset[j]) * ($0[k] - model.offset[k]) })
        #expect(abs(product.mean - model.marginal.covariance[j, k]) < 5 * product.standardError)
      }
    }
  }

  @Test("importance sampling through a defensive mixture meets the evidence; weights are bounded")
  func importanceSampling() {
    var generator = Threefry(seed: 13)
    let model = NeuralModel.example
    let x = SIMD2(0.48, 0.3)
    // Far too narrow, and on one peak only.
    let q = DefensiveMixture(
      of: Normal(mean: 1.4, standardDeviation: 0.05), and: model.prior, priorShare: 0.3)
    let weights = model.importanceWeights(of: x, from: q, draws: 100_000, using: &generator)
    let exact = model.logEvidence(of: x).value
    #expect(abs(exp(weights.logMean - exact) - 1) < 5 * weights.relativeStandardError)
    #expect(weights.relativeStandardError < 0.02)
    for z in stride(from: -6, through: 6, by: 0.01) {
      let weight = model.logJoint(x, z) - q.logDensity(z)
      #expect(weight <= model.logLikelihood(x, given: z) - log(0.3) + 1e-12)
    }
    let total = q.expectation { _ in 1 }
    #expect(abs(total.value - 1) < 1e-12)
  }

  /// A distribution that says what it is told to.
  private struct Stated: LatentDistribution {
    let integral: Integral
    func logDensity(_ z: Double) -> Double { 0 }
    func expectation(of f: (Double) -> Double) -> Integral { integral }
    func sample(using generator: inout some RandomNumberGenerator) -> Double { 0 }
  }

  @Test("a mixture's expectation is the mixture of expectations, its error that of the errors")
  func mixtureOfErrors() {
    let mixture = DefensiveMixture(
      of: Stated(integral: Integral(value: 8, error: 0.5, evaluations: 3)),
      and: Stated(integral: Integral(value: -4, error: 2, evaluations: 5)), priorShare: 0.25)
    let both = mixture.expectation { $0 }
    #expect((both.value, both.error, both.evaluations) == (5, 0.875, 8))
  }
}
