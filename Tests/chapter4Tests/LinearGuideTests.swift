import Foundation
import Testing
import TinyNumerics
import ToyModels

@testable import chapter4

@Suite("eq. 4.3: a linear guide for the linear-Gaussian model")
struct LinearGuideTests {
  private func data(_ model: LinearGaussianModel, _ count: Int, seed: UInt64) -> [[Double]] {
    var generator = Threefry(seed: seed, stream: 43)
    return (0..<count).map { _ in model.sample(using: &generator).x }
  }

  /// A model that no example is: three latents, four data dimensions.
  private let space = LinearGaussianModel(
    weights: Matrix([[1, 0.2, -0.5], [0.3, -1, 0.4], [0.7, 0.1, 0.9], [-0.2, 0.8, 0.6]]),
    offset: [1, 0, -2, 0.5], noiseCovariance: .diagonal([0.5, 0.8, 1.2, 0.4]))

  @Test(
    "the closed-form ELBO = E_q[log p(x|z)] − D(q‖p(z)) by quadrature; its gradient by differences")
  func closedFormELBO() {
    for (model, lambda) in [
      (LinearGaussianModel.line, [0.4, -1.3]), (.plane, [0.4, -0.7, -1.3, 0.6]),
    ] {
      let d = model.latentDimension
      let x = data(model, 1, seed: 1)[0]
      let q = DiagonalGaussian(
        mean: Array(lambda.prefix(d)), logVariance: Array(lambda.suffix(d)))
      let expectation = Gaussian(q).expectation { model.logLikelihood(x, given: $0) }.value
      let elbo = expectation - klDivergence(q, relativeTo: .standard(dimension: d))
      let closed = linearELBO(lambda, at: x, model: model)
      #expect(abs(closed.value - elbo) < 1e-11)
      let numerical = numericalGradient(lambda) { linearELBO($0, at: x, model: model).value }
      #expect(relativeDistance(closed.gradient, numerical) < 1e-8)
    }
  }

  /// mpmath, 40 digits: K = Λ⁻¹WᵀΣ⁻¹ (a row of weights for each data dimension), −Kb, −log Λ_dd.
  @Test("eq. 4.3: golden φ of the two example models")
  func golden() {
    let line = [
      0.385454545454545455, 0, -0.4, 0, 0.207272727272727273, -2.28456658749136737,
    ]
    let plane = [
      0.426661354151751158, 0.0581678879225368919, 0, 0, -0.352348401368802671,
      0.543889466486539208, 0, 0, 0.142255038069564893, 0.230969886756273852, 0, 0,
      -0.40376150958431646, 0.0293412689024883737, -1.59275078091931493, -1.54123486801608942,
    ]
    for (closed, exact) in [
      (closedFormGuide(for: .line), line), (closedFormGuide(for: .plane), plane),
    ] {
      #expect(closed.count == exact.count)
      #expect(zip(closed, exact).allSatisfy { abs($0 - $1) < 1e-14 })
    }
    let gap = meanFieldGap(precision: posteriorPrecision(of: .plane))
    #expect(abs(gap - 0.037119179805850235908) < 1e-15)
  }

  /// mpmath, 40 digits: m_i = (x_i − b)ᵀΣ⁻¹W/Λ, then the mean of Λ (m_i − m̄)²/2.
  @Test("eq. 4.3: golden gap of the constant guide")
  func goldenConstantGap() {
    let gap = constantGuideGap(for: .line, on: [[0.5, 1], [1, 0], [-1, 2.5]])
    #expect(abs(gap - 2.6602741702741702742) < 1e-14)
  }

  @Test(
    "eq. 4.3: trained φ = closed-form φ, and every x keeps the gap of 3.11", arguments: [1, 2, 3])
  func trained(latents: Int) {
    let model = [LinearGaussianModel.line, .plane, space][latents - 1]
    let data = data(model, 40, seed: UInt64(latents))
    let (guide, ascent) = trainedLinearGuide(for: model, on: data)
    let shift = zip(guide.network.parameters, closedFormGuide(for: model)).map(-)
    #expect(ascent.converged)
    let allowance = parameterAllowance((guide, ascent), data: data, model: model)
    #expect(length(shift) <= allowance && allowance < 1e-6)
    let gap = meanFieldGap(precision: posteriorPrecision(of: model))
    for x in data {
      let lambda = guide.network(x, rows: 1)
      let elbo = linearELBO(lambda, at: x, model: model).value
      #expect(abs(model.logEvidence(of: x).value - elbo - gap) < 1e-10)
      let q = DiagonalGaussian(
        mean: Array(lambda.prefix(latents)), logVariance: Array(lambda.suffix(latents)))
      let divergence = klDivergence(Gaussian(q), relativeTo: model.posterior(given: x))
      #expect(abs(divergence - gap) < 1e-10)
    }
    if latents == 1 { #expect(abs(gap) < 1e-15) } else { #expect(gap > 0.01) }
  }

  @Test("eq. 4.3: each x alone finds what the linear guide says", arguments: [1, 2])
  func alone(latents: Int) {
    let model = [LinearGaussianModel.line, .plane][latents - 1]
    var network = denseNetwork(widths: [model.dataDimension, 2 * latents], activation: .tanh)
    network.parameters = closedFormGuide(for: model)
    for x in data(model, 5, seed: 7) {
      let shift = zip(localOptimum(of: x, model: model).point, network(x, rows: 1)).map(-)
      #expect(length(shift) < 1e-7)
    }
  }

  @Test(
    "eq. 4.3: a constant guide loses ½ tr(ΛS), by the closed form and by training",
    arguments: [1, 2])
  func constantGuide(latents: Int) {
    let model = [LinearGaussianModel.line, .plane][latents - 1]
    let data = data(model, 30, seed: 9)
    let (guide, ascent) = trainedLinearGuide(for: model, on: data, constant: true)
    #expect(
      guide.network.parameters.prefix(2 * latents * model.dataDimension).allSatisfy { $0 == 0 })
    let evidence = mean(data.map { model.logEvidence(of: $0).value })
    let gap = meanFieldGap(precision: posteriorPrecision(of: model))
    #expect(abs(evidence - ascent.value - gap - constantGuideGap(for: model, on: data)) < 1e-11)
  }

  /// Exercise 4 of the page: 49/50 · ½ tr A with A = Λ − I, on average over data sets of 50.
  @Test("eq. 4.3: a constant guide's gap on average over data sets", arguments: [1, 2])
  func constantGapOnAverage(latents: Int) {
    let model = [LinearGaussianModel.line, .plane][latents - 1]
    let gaps = Estimate(
      (0..<200).map { constantGuideGap(for: model, on: data(model, 50, seed: 100 + $0)) })
    let exact =
      0.5 * 49 / 50 * (posteriorPrecision(of: model).diagonal.reduce(0, +) - Double(latents))
    #expect(abs(exact - [4.32, 3.72][latents - 1]) < 0.005)
    #expect(abs(gaps.mean - exact) < 5 * gaps.standardError)
    #expect((0.4...1).contains(gaps.variance.squareRoot()))
  }

  @Test("parameterAllowance: a gradient over the smallest curvature, by hand")
  func allowance() {
    // No step is taken: the gradient's norm is 0.3. For x = ±3 in both coordinates' turn the mean
    // of (x, 1)(x, 1)ᵀ is diag(9/2, 9/2, 1).
    let ascent = maximise(from: [0], iterations: 0) { _ in (0, [0.3]) }
    var guide = Guide("", denseNetwork(widths: [2, 2], activation: .tanh))
    guide.network.parameters = closedFormGuide(for: .line)
    let corners = [[-3.0, 0], [3, 0], [0, -3], [0, 3]]
    let exact = parameterAllowance((guide, ascent), data: corners, model: .line)
    #expect(abs(exact - 0.3 / 0.5) < 1e-10)
    // a guide whose log σ² is off by log 2 may meet half of the curvature on the way
    guide.network.parameters[5] += log(2)
    let off = parameterAllowance((guide, ascent), data: corners, model: .line)
    #expect(abs(off - 0.3 / 0.25) < 1e-10)
  }

  @Test("eq. 4.3: on data that all lie in one place there is nothing to amortize")
  func onePlace() {
    let data = Array(repeating: [0.3, -1.2], count: 5)
    #expect(abs(constantGuideGap(for: .line, on: data)) < 1e-30)
  }
}
