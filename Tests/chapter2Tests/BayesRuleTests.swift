import Foundation
import Testing

@testable import TinyNumerics
@testable import ToyModels
@testable import chapter2

@Suite("eq. 2.1: Bayes' rule")
struct BayesRuleTests {
  private func expectBothSides<Latent>(_ rule: [BayesRule<Latent>]) {
    for row in rule {
      #expect(abs(row.left - row.right) <= row.allowance, "z = \(row.z)")
      #expect(row.allowance < 1e-9 * max(1, abs(row.right)))
    }
  }

  private func rule<Model: LatentVariableModel>(
    of model: Model, at x: Model.Observation, latents: [Model.Latent]
  ) -> [BayesRule<Model.Latent>] {
    chapter2.bayesRule(of: model, at: x, latents: latents, posterior: model.posterior(given: x))
  }

  @Test("an allowance for rounding is none for no terms, and grows with their sizes")
  func allowance() {
    #expect(rounding() == 0 && rounding(0) == 0)
    #expect(rounding(-3, 4) == 7 * rounding(1))
    #expect(rounding(1) > .ulpOfOne && rounding(1) < 1e-12)
  }

  /// A standard normal that says how exact its evidence is.
  private struct Stated: LatentVariableModel {
    let name = "stated"
    let prior = Normal.standard
    func logLikelihood(_ x: Double, given z: Double) -> Double { 0 }
    func logEvidence(of x: Double) -> Integral { Integral(value: 0, error: 0.5, evaluations: 1) }
    func logEvidenceByAnotherRoute(of x: Double) -> Integral {
      Integral(value: 0, error: 0.25, evaluations: 1)
    }
    func posterior(given x: Double) -> Normal { .standard }
    func sampleObservation(
      given z: Double, using generator: inout some RandomNumberGenerator
    ) -> Double { 0 }
  }

  @Test("a row's allowance: the errors of evidence and normaliser, and rounding on top")
  func errorsAddUp() {
    let row = rule(of: Stated(), at: 0, latents: [1])[0]
    #expect(row.allowance > 0.75 && row.allowance < 0.75 + 1e-12)
  }

  @Test("eq. 2.1: mixtures and linear-Gaussian models at random", arguments: 1...12 as ClosedRange)
  func random(seed: Int) {
    var generator = Threefry(seed: UInt64(seed))
    let mixture = randomMixture(using: &generator)
    expectBothSides(
      rule(of: mixture, at: 3 * generator.normal(), latents: Array(0..<mixture.prior.count)))
    for (d, j) in [(1, 1), (1, 3), (2, 2), (3, 2)] {
      let model = randomLinear(d, j, using: &generator)
      let (_, x) = model.sample(using: &generator)
      let latents = (0..<20).map { _ in (0..<d).map { _ in 2 * generator.normal() } }
      expectBothSides(rule(of: model, at: x, latents: latents))
    }
  }

  @Test("eq. 2.1: the neural model, where there is a ribbon and where there is none")
  func neural() {
    for x in neuralPoints + [SIMD2(-4, 5), SIMD2(0, -3)] {
      let rule = self.rule(
        of: NeuralModel.example, at: x, latents: (-50...50).map { Double($0) / 10 })
      expectBothSides(rule)
    }
  }

  /// `scipy.stats.multivariate_normal(b, W @ W.T + S).logpdf(x)`; NumPy, 8,192 nodes over |z| ≤ 8.
  @Test("eq. 2.1: the parts of a row, against values computed elsewhere")
  func parts() {
    let line = rule(of: LinearGaussianModel.line, at: [1.5, 0], latents: [[0.3]])[0]
    #expect(abs(line.logEvidence + 2.53892211378679) < 1e-13)
    #expect(abs(line.logPrior - Normal.standard.logDensity(0.3)) < 1e-15)
    let posterior = Normal(mean: 0.7854545454545454, variance: 0.10181818181818181)
    #expect(abs(line.logPosterior - posterior.logDensity(0.3)) < 1e-12)
    let neural = rule(of: NeuralModel.example, at: SIMD2(0.48, 0.3), latents: [1.37])[0]
    #expect(abs(neural.logEvidence + 2.01846911397919) < 1e-12)
    let plane = rule(of: LinearGaussianModel.plane, at: [1, 0, -1], latents: [[0, 0]])[0]
    #expect(abs(plane.logEvidence + 6.48583270956412) < 1e-12)
  }

  @Test("eq. 2.1: the page's formulas are the neural example, and its posterior")
  func ribbonFormulas() {
    for z in [-3.0, -1.2, 0, 0.4, 1.37, 5] {
      let (mean, logVariance) = NeuralModel.example.decode(z)
      let written = ribbon(z)
      #expect(abs(mean.x - written.mean.0) < 1e-14 && abs(mean.y - written.mean.1) < 1e-14)
      #expect(abs(logVariance.x - written.logVariance.0) < 1e-14)
      #expect(abs(logVariance.y - written.logVariance.1) < 1e-14)
    }
    for x in neuralPoints {
      let (own, written) = (NeuralModel.example.posterior(given: x), ribbonPosterior(given: x))
      #expect(abs(own.logNormaliser - written.logNormaliser) < 1e-12)
      #expect(abs(own.logDensity(0.7) - written.logDensity(0.7)) < 1e-12)
    }
  }

  @Test("eq. 2.1: without the prior, or with prior and likelihood of different z, it fails")
  func wrong() {
    let rule = self.rule(of: NeuralModel.example, at: SIMD2(0.48, 0.3), latents: [-1.2, 0.3, 1.4])
    for row in rule { #expect(abs(row.left - row.logLikelihood) > 0.5) }
    #expect(abs(rule[0].left - (rule[0].logLikelihood + rule[2].logPrior)) > 0.1)
  }
}

@Suite("eq. 2.2: the posterior has mass 1")
struct PosteriorMassTests {
  @Test("eq. 2.2: models at random", arguments: 1...10 as ClosedRange)
  func random(seed: Int) {
    var generator = Threefry(seed: UInt64(100 + seed))
    let mixture = randomMixture(using: &generator)
    let mixtureMass = posteriorMass(of: mixture, given: 3 * generator.normal())
    #expect(abs(mixtureMass.value - 1) <= mixtureMass.error && mixtureMass.error < 1e-9)
    for (d, j) in [(1, 2), (2, 2), (2, 3)] {
      let model = randomLinear(d, j, using: &generator)
      let mass = posteriorMass(of: model, given: model.sample(using: &generator).x)
      #expect(abs(mass.value - 1) <= mass.error && mass.error < 1e-9)
    }
    let x = NeuralModel.example.sample(using: &generator).x
    let mass = posteriorMass(of: NeuralModel.example, given: x)
    #expect(abs(mass.value - 1) <= mass.error && mass.error < 1e-9)
  }

  @Test("eq. 2.2: a box holds a Gaussian to nine standard deviations, not to two")
  func box() {
    let posterior = LinearGaussianModel.line.posterior(given: [1.5, 0])
    let narrow = boxAround(posterior, halfWidth: 2, nodes: 200)[0]
    let mass = narrow.integrate { exp(posterior.logDensity([$0])) }.value
    #expect(abs(mass - erf(2.0.squareRoot())) < 1e-4)
    #expect(
      abs(narrow.bounds.lowerBound - (posterior.mean[0] - 2 * 0.10181818181818181.squareRoot()))
        < 1e-12)
  }
}

@Suite("eq. 2.3: the evidence by quadrature")
struct EvidenceByQuadratureTests {
  @Test("eq. 2.3: closed form = quadrature for linear-Gaussian models at random", arguments: 1...8)
  func closedForm(seed: Int) {
    var generator = Threefry(seed: UInt64(200 + seed))
    for (d, j) in [(1, 1), (1, 3), (2, 2)] {
      let model = randomLinear(d, j, using: &generator)
      let x = model.sample(using: &generator).x
      let quadrature = logEvidenceByQuadrature(of: model, at: x)
      let closed = model.logEvidence(of: x).value
      #expect(abs(quadrature.value - closed) <= quadrature.error + rounding(closed, 10))
      #expect(quadrature.error < 1e-9)
    }
  }

  /// NumPy, midpoint rule with 8,192 nodes over |z| ≤ 8.
  @Test("eq. 2.3: neural model, against values computed elsewhere")
  func golden() {
    let exact = [-2.01846911397919, -3.21272337801673, -5.62958172104246, -4.69596726712007]
    for (x, exact) in zip(neuralPoints, exact) {
      let value = logEvidence(of: NeuralModel.example, at: x, nodes: 512)
      #expect(abs(value.value - exact) <= value.error + 1e-13)
      #expect(value.error < 1e-11)
    }
  }

  @Test("eq. 2.3: a resolved rule's own error estimate covers its error, and falls as nodes double")
  func errorEstimates() {
    for x in neuralPoints {
      let reference = NeuralModel.example.logEvidence(of: x).value
      let levels = [64, 128, 256].map { logEvidence(of: NeuralModel.example, at: x, nodes: $0) }
      for level in levels { #expect(abs(level.value - reference) <= level.error + 1e-12) }
      #expect(levels[2].error < 1e-3 * levels[0].error)
    }
  }

  @Test("the logarithm of an integral: its value, its error, and no error left")
  func logarithm() {
    let half = Integral(value: 0.5, error: 0.125, evaluations: 3).logarithm
    #expect(half.value == log(0.5) && half.evaluations == 3)
    #expect(abs(half.error - log(0.5 / 0.375)) < 1e-15)
    #expect(Integral(value: 1, error: 2, evaluations: 1).logarithm.error == .infinity)
  }
}
