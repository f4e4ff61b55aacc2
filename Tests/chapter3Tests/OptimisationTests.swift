import Foundation
import Testing
import TinyNumerics
import ToyModels

@testable import chapter3

@Suite("eq. 3.10: climbing the ELBO")
struct AscentTests {
  private let joint = QuadraticJoint(Example.line, at: Example.pair)

  @Test(
    "eq. 3.10: ∇ELBO = the ELBO's differences = −∇D", arguments: [-1.3, 0, 0.62, 2],
    [0.07, 0.32, 1.4])
  func gradient(mean: Double, sigma: Double) {
    func elbo(_ mean: Double, _ logSigma: Double) -> Double {
      joint.elbo(Gaussian(Normal(mean: mean, standardDeviation: exp(logSigma))))
    }
    let q = Normal(mean: mean, standardDeviation: sigma)
    let differences = [
      derivative(at: mean) { elbo($0, log(sigma)) }, derivative(at: log(sigma)) { elbo(mean, $0) },
    ]
    let posterior = Example.line.posterior(given: Example.pair)
    let descent = gapGradient(at: q) { posterior.logDensity([$0]) }
    for d in 0..<2 {
      let climb = elboGradient(joint, at: q)[d]
      #expect(abs(climb - differences[d].value) <= differences[d].error + rounding(1, climb))
      #expect(abs(climb + descent[d].value) <= descent[d].error + rounding(1, climb, 1 / sigma))
    }
  }

  @Test("eq. 3.10: the gap's gradient of a posterior without closed form")
  func neuralGradient() {
    let posterior = Example.neural.posterior(given: Example.crossing)
    let q = Normal(mean: 1.2, standardDeviation: 0.2)
    func gap(_ mean: Double, _ logSigma: Double) -> Double {
      Normal(mean: mean, standardDeviation: exp(logSigma)).divergence(from: posterior).value
    }
    let gradient = gapGradient(at: q, posterior: posterior.logDensity)
    let differences = [
      derivative(at: 1.2, step: 0.02) { gap($0, log(0.2)) },
      derivative(at: log(0.2), step: 0.02) { gap(1.2, $0) },
    ]
    for d in 0..<2 { #expect(abs(gradient[d].value - differences[d].value) < 1e-6) }
  }

  @Test("eq. 3.10: golden posterior N(0.62254…, 0.10181…), reached by plain ascent and by BFGS")
  func reachesThePosterior() {
    let start = Normal(mean: -0.6, standardDeviation: 1)
    let path = gradientAscent(on: joint, from: start, rate: 0.05, steps: 400)
    #expect(path.count == 401 && path[0] == start)
    #expect(abs(path[400].mean - 0.622545454545454545) < 1e-12)
    #expect(abs(path[400].variance - 0.101818181818181818) < 1e-12)
    let elbos = path.map { joint.elbo(Gaussian($0)) }
    #expect(zip(elbos, elbos.dropFirst()).allSatisfy { $0 <= $1 + 1e-13 })
    #expect(abs(elbos[400] + 2.265322113786795) < 1e-12)
    let best = bestGuide(for: joint)
    #expect(abs(best.q.mean[0] - 0.622545454545454545) < 1e-10)
    #expect(abs(best.ascent.value + 2.265322113786795) < 1e-12)
  }

  @Test("eq. 3.10: full covariance, two and three latents: gradient and maximum", arguments: 1...5)
  func fullCovariance(seed: Int) {
    var generator = Threefry(seed: UInt64(seed), stream: 310)
    let d = 2 + seed % 2
    let model = LinearGaussianModel(
      weights: Matrix(rows: 3, columns: d) { _, _ in generator.normal() }, offset: [0.2, 0, -1],
      noiseCovariance: Gaussian.random(dimension: 3, using: &generator).covariance
        + Matrix.identity(3))
    let (_, x) = model.sample(using: &generator)
    let joint = QuadraticJoint(model, at: x)
    let numbers = (0..<d + d * (d + 1) / 2).map { _ in 0.5 * generator.normal() }
    let gradient = GaussianCoordinates(numbers, dimension: d).elboGradient(joint)
    for k in numbers.indices {
      let difference = derivative { t in
        var moved = numbers
        moved[k] += t
        return joint.elbo(GaussianCoordinates(moved, dimension: d).guide)
      }
      #expect(abs(gradient[k] - difference.value) <= difference.error + rounding(1, gradient[k]))
    }
    let (q, ascent) = bestGuide(for: joint)
    let posterior = model.posterior(given: x)
    #expect(klDivergence(q, relativeTo: posterior) < 1e-18)
    #expect(abs(ascent.value - model.logEvidence(of: x).value) < 1e-11)
  }
}

@Suite("eq. 3.11: mean field")
struct MeanFieldTests {
  @Test("eq. 3.11: means exact, variances 1/Λ_dd, gap by Hadamard", arguments: 1...6)
  func meanField(seed: Int) {
    var generator = Threefry(seed: UInt64(seed), stream: 311)
    let d = 2 + seed % 2
    let model = LinearGaussianModel(
      weights: Matrix(rows: 2, columns: d) { _, _ in generator.normal() }, offset: [0, 1],
      noiseCovariance: Matrix([[0.7, 0.2], [0.2, 0.5]]))
    let (_, x) = model.sample(using: &generator)
    let joint = QuadraticJoint(model, at: x)
    let posterior = model.posterior(given: x)
    let precision = posterior.cholesky.inverse
    let (path, byCoordinates) = meanFieldByCoordinates(
      joint, from: Array(repeating: 3, count: d), sweeps: 400)
    let (byAscent, ascent) = meanFieldByAscent(joint)
    #expect(path.count == 1 + 400 * d && path[0] == Array(repeating: 3, count: d))
    for q in [byCoordinates, byAscent] {
      for k in 0..<d {
        #expect(abs(q.mean[k] - posterior.mean[k]) < 1e-9)
        #expect(abs(q[k].variance - 1 / precision[k, k]) < 1e-9)
        #expect(q[k].variance < posterior.covariance[k, k])
      }
      let gap = klDivergence(Gaussian(q), relativeTo: posterior)
      #expect(abs(gap - meanFieldGap(precision: precision)) < 1e-10)
      #expect(gap > 0)
    }
    #expect(
      abs(model.logEvidence(of: x).value - ascent.value - meanFieldGap(precision: precision))
        < 1e-10)
  }

  @Test("eq. 3.11: no change of a mean or a width makes the guide better", arguments: [-0.1, 0.1])
  func maximum(step: Double) {
    let joint = QuadraticJoint(Example.sum, at: Example.single)
    let (q, ascent) = meanFieldByAscent(joint)
    #expect(ascent.converged)
    for d in 0..<2 {
      var (mean, deviation) = (q.mean, q.standardDeviation)
      mean[d] += step
      #expect(
        joint.elbo(Gaussian(DiagonalGaussian(mean: mean, standardDeviation: deviation)))
          < ascent.value)
      deviation[d] *= 1 + step
      #expect(
        joint.elbo(Gaussian(DiagonalGaussian(mean: q.mean, standardDeviation: deviation)))
          < ascent.value)
    }
  }

  @Test("eq. 3.11: the gap by hand, ½ log(4/3) for unit diagonal and correlation ½; 0 without it")
  func gapByHand() {
    #expect(
      abs(meanFieldGap(precision: Matrix([[1, 0.5], [0.5, 1]])) - 0.5 * log(4.0 / 3)) < 1e-15)
    #expect(abs(meanFieldGap(precision: .diagonal([3, 0.2]))) < 1e-15)
    // The printed one. mpmath: L = eye(2) + w.T * w / 0.4 with w = [1.5, 1.4],
    // (log(L[0,0]) + log(L[1,1]) - log(det(L))) / 2
    let precision = QuadraticJoint(Example.sum, at: Example.single).precision
    #expect(abs(meanFieldGap(precision: precision) - 0.61064206695062372849) < 1e-14)
  }

  /// NumPy: `w = array([[1.5, 1.4]]); L = eye(2) + w.T @ w / 0.4; (log(diag(L)).sum() -
  /// log(det(L))) / 2`
  @Test("eq. 3.11: golden gap of the example, a sum of two latents")
  func goldenGap() {
    let precision = Example.sum.posterior(given: Example.single).cholesky.inverse
    #expect(abs(meanFieldGap(precision: precision) - 0.6106420669506234) < 1e-13)
  }
}

@Suite("eq. 3.12: Fisher's identity")
struct FisherTests {
  @Test("differences of a known function, with an honest error estimate")
  func differences() {
    for (f, slope) in [
      ({ exp($0) }, exp(0.3)), ({ sin(3 * $0) }, 3 * cos(0.9)), ({ $0 * $0 * $0 }, 0.27),
    ] as [((Double) -> Double, Double)] {
      let estimate = derivative(at: 0.3, of: f)
      #expect(abs(estimate.value - slope) <= estimate.error)
      #expect(estimate.error < 1e-8)
    }
  }

  @Test("eq. 3.12: all parameters of three models at random x", arguments: 1...5)
  func randomObservations(seed: Int) {
    var generator = Threefry(seed: UInt64(seed), stream: 312)
    let rows =
      mixtureFisher(
        Example.mixture, at: Example.mixture.sample(using: &generator).x,
        anotherGuide: Example.discreteGuides[1].q)
      + gaussianFisher(
        Example.plane, at: Example.plane.sample(using: &generator).x,
        anotherGuide: Example.gaussianGuides[1].q)
      + neuralFisher(
        Example.neural, at: Example.neural.sample(using: &generator).x,
        anotherGuide: Example.normalGuides[0].q)
    #expect(rows.count == 9 + 9 + 4)
    for row in rows {
      let (slope, mean, bound) = (
        row.slopeOfEvidence, row.posteriorMeanOfScore, row.slopeOfBound
      )
      let scale = rounding(1, slope.value)
      #expect(slope.error + mean.error + bound.error < 1e-7 * (1 + abs(slope.value)), "\(row)")
      #expect(abs(slope.value - mean.value) <= slope.error + mean.error + scale, "\(row)")
      #expect(abs(slope.value - bound.value) <= slope.error + bound.error + scale, "\(row)")
    }
    for row in rows {
      let missing = row.slopeOfEvidence - row.slopeOfAnotherBound
      #expect(
        abs(missing.value - row.slopeOfGap.value)
          <= missing.error + row.slopeOfGap.error + rounding(1, missing.value), "\(row)")
    }
    // The identity needs the posterior: another guide's bound has another slope.
    #expect(rows.contains { abs($0.slopeOfAnotherBound.value - $0.slopeOfEvidence.value) > 0.1 })
  }

  @Test("eq. 3.12: the linear-Gaussian formulas are the evidence's differences")
  func formulas() {
    let rows = gaussianFisher(
      Example.plane, at: Example.triple, anotherGuide: Example.gaussianGuides[1].q)
    // mpmath: `diff(lambda t: logpdf(x, b + t e_j, W Wᵀ + Σ), 0)`, then W_jd + t row by row.
    let golden = [
      1.3153330386547716137, -0.2513151587217591065, -1.1874217908570788224,
      0.37601550039336282063, -0.42714440736662383956, 0.19898430636469831055,
      -0.47339067277910681114, -0.86687455274264339324, 0.1021250379713816149,
    ]
    #expect(rows.count == golden.count)
    for (row, exact) in zip(rows, golden) {
      #expect(abs(row.slopeOfEvidence.value - exact) < 1e-14, "\(row.parameter)")
    }
    let model = Example.plane
    for j in 0..<3 {
      let difference = derivative { t in
        var x = Example.triple
        x[j] -= t  // moving b up is moving x down
        return model.logEvidence(of: x).value
      }
      #expect(abs(rows[j].slopeOfEvidence.value - difference.value) <= difference.error + 1e-12)
    }
  }
}

@Suite("eq. 3.13: EM")
struct EMTests {
  private func data(_ seed: Int) -> [Double] {
    var generator = Threefry(seed: UInt64(seed), stream: 313)
    return (0..<200).map { _ in Example.mixture.sample(using: &generator).x }
  }

  private let start = MixtureModel(
    weights: [0.2, 0.3, 0.5],
    components: [-3, 1, 2].map { Normal(mean: $0, standardDeviation: 1) })

  @Test("eq. 3.13: touches after E; neither bound nor evidence falls", arguments: 1...5)
  func monotone(seed: Int) {
    let history = EMHistory(data(seed), from: start, steps: 60)
    #expect(history.elbo.count == 121 && history.afterE.count == 60 && history.afterM.count == 60)
    for i in history.afterE {
      #expect(abs(history.elbo[i] - history.logEvidence[i]) < 1e-10)
      #expect(history.logEvidence[i] == history.logEvidence[i - 1])
    }
    for i in history.afterM {
      #expect(history.elbo[i] <= history.logEvidence[i] + 1e-10)
      #expect(history.logEvidence[i] >= history.logEvidence[i - 1] - 1e-10)
    }
    for i in 1..<121 { #expect(history.elbo[i] >= history.elbo[i - 1] - 1e-10) }
    #expect(history.logEvidence[120] > history.logEvidence[0] + 1)
  }

  @Test("eq. 3.13: M is the maximum over θ: every parameter's slope is zero and every step down")
  func mStepIsOptimal() {
    var em = MixtureEM(data(9), from: start)
    em.expectation()
    em.maximisation()
    #expect(em.slopes.count == 9 && em.slopes.allSatisfy { abs($0.value) < 1e-8 })
    let guides = em.guides
    func elbo(_ model: MixtureModel) -> Double {
      zip(em.data, guides).reduce(0) { sum, pair in
        sum + pair.1.expectation { z in model.logJoint(pair.0, z) }.value
      }
    }
    for k in 0..<3 {
      let (weights, components) = (em.model.prior.probabilities, em.model.components)
      let moves: [(Double) -> MixtureModel] = [
        { t in
          var weights = weights
          weights[k] *= exp(t)
          return MixtureModel(weights: weights, components: components)
        },
        { t in
          var components = components
          components[k] = Normal(
            mean: components[k].mean + t, standardDeviation: components[k].standardDeviation)
          return MixtureModel(weights: weights, components: components)
        },
        { t in
          var components = components
          components[k] = Normal(
            mean: components[k].mean, standardDeviation: components[k].standardDeviation * exp(t))
          return MixtureModel(weights: weights, components: components)
        },
      ]
      for move in moves {
        #expect(abs(derivative(step: 0.02) { elbo(move($0)) }.value) < 1e-6)
        #expect(elbo(move(0.05)) < elbo(em.model) && elbo(move(-0.05)) < elbo(em.model))
      }
    }
  }

  @Test("eq. 3.13: where EM stands still, Fisher's score of the evidence is zero")
  func stationary() {
    var em = MixtureEM(data(2), from: start)
    for _ in 0..<3000 {
      em.expectation()
      em.maximisation()
    }
    for k in 0..<3 {
      let slope = em.data.reduce(0) { sum, x in
        let component = em.model.components[k]
        let share = em.model.posterior(given: x).probabilities[k]
        return sum + share * (x - component.mean) / component.variance
      }
      #expect(abs(slope) < 1e-4)
    }
  }
}
