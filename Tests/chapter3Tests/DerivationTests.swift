import Foundation
import Notebook
import Testing
import TinyNumerics
import ToyModels

@testable import chapter3

/// Goldens of this target: mpmath at 30 digits, from the models' parameters written out again; sums
/// for the mixture, `mpmath.quad` for the neural model, matrix formulas for the linear-Gaussian
/// ones.
@Suite("eq. 3.1–3.6: the derivation")
struct DerivationTests {
  @Test("quadratures add and subtract like numbers; errors and evaluations only add up")
  func arithmetic() {
    let a = Integral(value: 5, error: 0.25, evaluations: 7)
    let b = Integral(value: 2, error: 0.5, evaluations: 4)
    for (c, value) in [(a + b, 7.0), (a - b, 3), (b - a, -3)] {
      #expect((c.value, c.error, c.evaluations) == (value, 0.75, 11))
    }
    #expect((-a).value == -5 && (-a).error == 0.25)
  }

  @Test("eq. 3.6: golden bounds, gaps and evidences")
  func goldens() {
    let mixture = Derivation(
      Example.mixture, at: Example.number, guide: Example.discreteGuides[1].q)
    expectParts(mixture, elbo: -2.900638861511133, logEvidence: -2.780198196076101)
    let plane = Derivation(Example.plane, at: Example.triple, guide: Example.gaussianGuides[2].q)
    expectParts(plane, elbo: -4.886161828686038, logEvidence: -4.804535148548022)
    let peak = Derivation(Example.neural, at: Example.crossing, guide: Example.normalGuides[1].q)
    expectParts(peak, elbo: -2.783612480066499, logEvidence: -2.018469113979193)
    let wide = Derivation(Example.neural, at: Example.crossing, guide: Example.normalGuides[2].q)
    expectParts(wide, elbo: -16.163577673391418, logEvidence: -2.018469113979193)
  }

  private func expectParts<Model, Guide>(
    _ derivation: Derivation<Model, Guide>, elbo: Double, logEvidence: Double
  ) {
    #expect(abs(derivation.elbo.value - elbo) < 1e-11)
    #expect(abs(derivation.logEvidence.value - logEvidence) < 1e-11)
    #expect(abs(derivation.definition.value - (logEvidence - elbo)) < 1e-11)
    #expect(abs(derivation.boundPlusGap.value - logEvidence) < 1e-11)
  }

  @Test("eq. 3.1–3.6: every printed check holds, for thirteen guides")
  func printed() {
    let rows = derivationRows()
    #expect(rows.count == 13)
    let checks = derivationChecks(rows)
    #expect(checks.map(\.label) == ["3.1", "3.2", "3.3", "3.4", "3.5", "3.6"])
    #expect(checks.allSatisfy { $0.holds })
    #expect(checks.allSatisfy { $0.allowance < 1e-10 })
  }

  @Test("eq. 3.1–3.5: each line equals the first, for random x and q", arguments: 1...12)
  func lines(seed: Int) {
    var generator = Threefry(seed: UInt64(seed), stream: 3)
    let mixture = Example.mixture
    expectLines(
      Derivation(
        mixture, at: mixture.sample(using: &generator).x,
        guide: Discrete.random(outcomes: 3, using: &generator)))
    let plane = Example.plane
    expectLines(
      Derivation(
        plane, at: plane.sample(using: &generator).x,
        guide: Gaussian.random(dimension: 2, using: &generator)))
    let neural = Example.neural
    expectLines(
      Derivation(
        neural, at: neural.sample(using: &generator).x, guide: Normal.random(using: &generator)))
  }

  private func expectLines<Model, Guide>(_ derivation: Derivation<Model, Guide>) {
    let first = derivation.definition
    let scale = rounding(1, derivation.elbo.value, derivation.logEvidence.value, first.value)
    for line in [
      derivation.bayesPutIn, derivation.logarithmSplit, derivation.evidenceTakenOut,
    ] {
      #expect(abs(line.value - first.value) <= line.error + first.error + scale)
    }
    let evidence = derivation.evidenceUnderTheSum
    #expect(abs(evidence.value - derivation.logEvidence.value) <= evidence.error + scale)
    #expect(first.value >= -first.error)
    #expect(first.error < 1e-9)
  }

  /// The goldens of `goldens()` above.
  @Test("eq. 3.1–3.4: the routes that the models do not take", arguments: 1...6)
  func otherRoutes(seed: Int) {
    let slope = Example.mixture.logEvidenceBySlope(at: Example.number)
    #expect(abs(slope.value + 2.780198196076101) <= slope.error && slope.error < 1e-8)
    var generator = Threefry(seed: UInt64(seed), row: 1)
    let (mixture, plane, neural) = (Example.mixture, Example.plane, Example.neural)
    let number = mixture.sample(using: &generator).x
    let (odds, rule) = (
      mixture.posterior(given: number), mixture.posteriorByBayesRule(given: number)
    )
    for k in 0..<3 { #expect(abs(odds.probabilities[k] - rule.probabilities[k]) < 1e-14) }
    let triple = plane.sample(using: &generator).x
    let conditioned = plane.posteriorByConditioning(on: triple)
    #expect(klDivergence(conditioned, relativeTo: plane.posterior(given: triple)) < 1e-25)
    let crossing = neural.sample(using: &generator).x
    let (a, b) = (
      neural.posterior(given: crossing), neural.posteriorOnAnotherGrid(given: crossing)
    )
    #expect(abs(a.logNormaliser - b.logNormaliser) < 1e-11)
    func peak() -> Normal {
      Normal(mean: generator.normal(), standardDeviation: 0.4 + generator.uniform())
    }
    let (left, right) = (peak(), peak())
    let both = DefensiveMixture(of: left, and: right, priorShare: 0.3)
    let (parts, whole) = (both.divergenceByParts(from: a), both.divergence(from: a))
    #expect(abs(parts.value - whole.value) <= parts.error + whole.error + 1e-12 * whole.value)
  }

  @Test("a joint Gaussian, by hand: v = 2u₁ − u₂ + 1 + noise")
  func jointByHand() {
    let u = Gaussian(mean: [1, 3], covariance: Matrix([[1, 0.5], [0.5, 2]]))
    let joint = jointGaussian(u, slope: Matrix([[2, -1]]), offset: [1], noise: Matrix([[0.25]]))
    #expect(joint.mean == [1, 3, 0])
    #expect(joint.covariance == Matrix([[1, 0.5, 1.5], [0.5, 2, -1], [1.5, -1, 4.25]]))
  }

  @Test(
    "eq. 3.1: not the divergence with its arguments swapped, nor without the posterior's normaliser"
  )
  func wrongDivergences() {
    let derivation = Derivation(
      Example.mixture, at: Example.number, guide: Example.discreteGuides[1].q)
    let posterior = Example.mixture.posterior(given: Example.number)
    let swapped = posterior.divergence(from: derivation.q).value
    #expect(abs(derivation.definition.value - swapped) > 0.01)
    #expect(abs(derivation.definition.value + derivation.elbo.value) > 1)
  }
}

@Suite("eq. 3.7–3.9: faces, bound, Jensen")
struct BoundTests {
  @Test(
    "eq. 3.7: four faces for random x and q; D with swapped arguments is not one", arguments: 1...8)
  func faces(seed: Int) {
    var generator = Threefry(seed: UInt64(seed), stream: 37)
    let mixture = Example.mixture
    expectFaces(
      FourFaces(
        model: mixture, x: mixture.sample(using: &generator).x,
        q: .random(outcomes: 3, using: &generator)))
    let line = Example.line
    expectFaces(
      FourFaces(
        model: line, x: line.sample(using: &generator).x,
        q: .random(dimension: 1, using: &generator)))
    let neural = Example.neural
    expectFaces(
      FourFaces(
        model: neural, x: neural.sample(using: &generator).x, q: .random(using: &generator)))
  }

  private func expectFaces<Model>(_ faces: FourFaces<Model>) {
    let first = faces.difference
    for face in [
      faces.energyAndEntropy, faces.reconstructionAndRegulariser, faces.evidenceMinusGap,
    ] {
      #expect(abs(face.value - first.value) <= face.error + first.error + rounding(1, first.value))
    }
    let (q, prior) = (faces.q, faces.model.prior)
    let (forward, backward) = (
      q.divergenceInClosedForm(from: prior), prior.divergenceInClosedForm(from: q)
    )
    #expect(abs(forward - backward) > 1e-6, "or the test cannot tell them apart")
    #expect(abs(q.divergence(from: prior).value - forward) < 1e-9 * (1 + forward))
  }

  @Test("eq. 3.7: sampled faces lie within 5 standard errors, and their variances are right")
  func sampled() {
    let faces = FourFaces(
      model: Example.neural, x: Example.crossing, q: Example.normalGuides[1].q)
    var generator = Threefry(seed: 1, stream: 371)
    let difference = faces.sampledDifference(draws: 20_000, using: &generator)
    let reconstruction = faces.sampledReconstruction(draws: 20_000, using: &generator)
    let elbo = -2.783612480066499
    #expect(abs(difference.mean - elbo) < 5 * difference.standardError)
    #expect(abs(reconstruction.mean - elbo) < 5 * reconstruction.standardError)
    #expect(difference.standardError < 0.001 && reconstruction.standardError < 0.006)
  }

  @Test("random guides: µ fills −3 to 3, log σ what lies between log 0.03 and log 3")
  func randomNormals() {
    var generator = Threefry(seed: 8, stream: 38)
    let guides = (0..<2_000).map { _ in Normal.random(using: &generator) }
    for (values, bounds) in [
      (guides.map(\.mean), -3.0...3),
      (guides.map { log($0.standardDeviation) }, log(0.03)...log(3)),
    ] {
      let width = bounds.upperBound - bounds.lowerBound
      let fit = GoodnessOfFit.kolmogorovSmirnov(values) { ($0 - bounds.lowerBound) / width }
      #expect(values.allSatisfy(bounds.contains) && fit.z > -5)
    }
  }

  @Test("eq. 3.8: no random guide above the evidence, and Pinsker's inequality", arguments: 1...3)
  func randomGuides(seed: Int) {
    var generator = Threefry(seed: UInt64(seed), stream: 38)
    let bounds = RandomBounds(count: 2000, neuralObservations: 5, using: &generator)
    #expect(bounds.mixture.count == 2000 && bounds.gaussian.count == 2000)
    #expect(bounds.neural.count == 100)
    for cases in [bounds.mixture, bounds.gaussian, bounds.neural] {
      #expect(cases.allSatisfy { $0.margin.value > 0 && $0.check.holds })
      #expect(cases.contains { $0.margin.value > 1 }, "poor guides too")
    }
    #expect(bounds.mixture.contains { $0.margin.value < 0.01 }, "good guides too")
    for (bound, distance) in zip(bounds.mixture, bounds.totalVariations) {
      #expect(abs(distance.halfSum - distance.overlap) < 1e-13)
      #expect(bound.margin.value >= 2 * distance.halfSum * distance.halfSum - 1e-12)
    }
  }

  @Test("eq. 3.8: a guide between the posterior and another, and how far")
  func moved() {
    let (a, b) = (
      Gaussian(mean: [1, 2], covariance: .diagonal([1, 4])),
      Gaussian(mean: [3, -2], covariance: Matrix([[2, 0.5], [0.5, 3]]))
    )
    let q = a.moved(towards: b, share: 0.25)
    #expect(q.mean == [1.5, 1])
    #expect(q.covariance == Matrix([[1.25, 0.125], [0.125, 3.75]]))
    var generator = Threefry(seed: 3, row: 8)
    let shares = (0..<2000).map { _ in Double.randomShare(using: &generator) }
    let fit = GoodnessOfFit.kolmogorovSmirnov(shares) { 1 + log($0 / 0.999) / log(1000) }
    #expect(shares.allSatisfy { $0 > 0.0009 && $0 < 1 } && fit.z > -5)
  }

  @Test("eq. 3.8: the parabola's ELBO = quadrature's", arguments: 1...6)
  func parabola(seed: Int) {
    var generator = Threefry(seed: UInt64(seed), stream: 381)
    let (_, x) = Example.plane.sample(using: &generator)
    let q = Gaussian.random(dimension: 2, using: &generator)
    let joint = QuadraticJoint(Example.plane, at: x)
    let elbo = Derivation(Example.plane, at: x, guide: q).elbo
    #expect(abs(joint.elbo(q) - elbo.value) <= elbo.error + rounding(1, elbo.value))
    let line = QuadraticJoint(Example.line, at: Example.pair)
    for z in [-3, 0, 0.7] {
      #expect(abs(line(z) - Example.line.logJoint(Example.pair, [z])) < 1e-12)
    }
  }

  @Test("eq. 3.8: importance sampling meets the evidence and stays above the bound")
  func importance() {
    let (name, q) = Example.discreteGuides[1]
    let bound = ImportanceBound(
      Example.mixture, at: Example.number, guide: q, named: name, draws: 50_000,
      generator: Threefry(seed: 4))
    #expect(bound.checks.allSatisfy { $0.holds })
    #expect(abs(bound.estimate + 2.780198196076101) < 5 * bound.standardError)
    #expect(bound.standardError < 0.002)
    #expect(abs(bound.elbo.value + 2.900638861511133) < 1e-12)
  }

  @Test(
    "eq. 3.9: log E_q[w] = log p(x) and the gap is D; one peak's quadrature sees half the weight")
  func jensenGap() {
    for (_, q) in Example.discreteGuides {
      let (logOfMean, meanOfLog) = jensen(Example.mixture, at: Example.number, guide: q)
      #expect(abs(logOfMean.value + 2.780198196076101) < 1e-13)
      let posterior = Example.mixture.posterior(given: Example.number)
      let gap = klDivergence(q, relativeTo: posterior)
      #expect(abs(logOfMean.value - meanOfLog.value - gap) < 1e-13)
    }
    let (logOfMean, meanOfLog) = jensen(
      Example.neural, at: Example.crossing, guide: Example.normalGuides[0].q)
    #expect(abs(logOfMean.value + 2.018469113979193) < 1e-11)
    #expect(meanOfLog.value < logOfMean.value)
    let half = jensen(Example.neural, at: Example.crossing, guide: Example.normalGuides[1].q)
    #expect(abs(half.logOfMean.value + 2.018469113979193 - log(0.47)) < 0.01)
  }
}
