import Foundation
import Testing
import TinyNumerics

/// Golden values: `scipy.stats.multivariate_normal(m, S)`'s `logpdf` and `entropy`, and NumPy's
/// `solve` and `slogdet` for the divergences and conditionals: good to a dozen digits.
@Suite("Gaussian with full covariance")
struct GaussianTests {
  private let q = Gaussian(
    mean: [1, -2, 0.5], covariance: Matrix([[2, 0.6, -0.3], [0.6, 1, 0.2], [-0.3, 0.2, 0.5]]))
  private let p = Gaussian(
    mean: [0, 0, 0], covariance: Matrix([[1, 0.2, 0], [0.2, 1.5, -0.1], [0, -0.1, 0.8]]))

  /// The conditions of these covariances are below 20.
  private let allowance = 100 * ulp

  @Test("log-density and entropy, golden")
  func golden() {
    #expect(relativeError(q.logDensity([0.5, -1, 1]), -3.3521020570888975) <= allowance)
    #expect(relativeError(q.entropy, 3.982724894459139) <= allowance)
  }

  @Test("eq. 1.8, golden, in both orders, and 0 of a Gaussian from itself")
  func divergence() {
    #expect(relativeError(klDivergence(q, relativeTo: p), 2.709700416319228) <= allowance)
    #expect(relativeError(klDivergence(p, relativeTo: q), 7.355849302501553) <= allowance)
    #expect(abs(klDivergence(q, relativeTo: q)) <= allowance * allowance)
  }

  @Test("eq. 1.8 of nearly equal Gaussians is about ½ δ² and never negative")
  func nearlyEqual() {
    for delta in [1e-3, 1e-6, 1e-9] {
      let shifted = Gaussian(mean: q.mean.map { $0 + delta }, covariance: q.covariance)
      let exact = 0.5 * delta * delta * dot([1, 1, 1], q.cholesky.solve([1, 1, 1]))
      #expect(relativeError(klDivergence(shifted, relativeTo: q), exact) <= 100 * ulp / delta)
      // Σ(1 + δ) gives 3/2 (δ − log(1 + δ)) = ¾δ² (1 − ⅔δ + …)
      let wider = Gaussian(mean: q.mean, covariance: (1 + delta) * q.covariance)
      let divergence = klDivergence(wider, relativeTo: q)
      #expect(
        relativeError(divergence, 0.75 * delta * delta) <= delta + 100 * ulp / delta)
    }
  }

  @Test("a diagonal covariance is the product of its coordinates")
  func diagonal() {
    let a = DiagonalGaussian(mean: [1, -2], standardDeviation: [0.3, 4])
    let b = DiagonalGaussian(mean: [0, 1], standardDeviation: [1, 2])
    let x = [0.7, 3]
    #expect(relativeError(Gaussian(a).logDensity(x), a.logDensity(x)) <= allowance)
    #expect(relativeError(Gaussian(a).entropy, a.entropy) <= allowance)
    #expect(
      relativeError(
        klDivergence(Gaussian(a), relativeTo: Gaussian(b)), klDivergence(a, relativeTo: b))
        <= allowance)
  }

  @Test("marginal times conditional is the joint density, and golden conditionals")
  func conditionals() {
    let x = [0.5, -1, 1.0]
    for fixed in [[1], [2, 0], [0, 1]] {
      let values = fixed.map { x[$0] }
      let rest = (0..<3).filter { !fixed.contains($0) }.map { x[$0] }
      let product =
        q.marginal(fixed).logDensity(values)
        + q.conditional(on: fixed, equalTo: values).logDensity(rest)
      #expect(relativeError(product, q.logDensity(x)) <= allowance)
    }
    let two = q.conditional(on: [1], equalTo: [-1])
    #expect(zip(two.mean, [1.6, 0.7]).allSatisfy { abs($0 - $1) <= allowance })
    #expect(largestEntry(two.covariance - Matrix([[1.64, -0.42], [-0.42, 0.46]])) <= allowance)
    let one = q.conditional(on: [2, 0], equalTo: [1, 0.5])
    #expect(abs(one.mean[0] + 1.879120879120879) <= allowance)
    #expect(abs(one.covariance[0, 0] - 0.6351648351648351) <= allowance)
    #expect(q.marginal([2, 0]).covariance == Matrix([[0.5, -0.3], [-0.3, 2]]))
    #expect(q.marginal([2, 0]).mean == [0.5, 1])
    let free = q.conditional(on: [], equalTo: [])
    #expect(free.mean == q.mean && largestEntry(free.covariance - q.covariance) <= allowance)
    #expect(q.conditional(on: [0, 1, 2], equalTo: x).dimension == 0)
  }

  @Test("samples are µ + Lε: their standardised squared length is χ² with three degrees of freedom")
  func samples() {
    var generator = Threefry(seed: 5)
    let draws = (0..<20_000).map { _ in q.sample(using: &generator) }
    let lengths = draws.map { 2 * (q.logDensity(q.mean) - q.logDensity($0)) }
    let fit = GoodnessOfFit.kolmogorovSmirnov(lengths) {
      1 - chiSquareSurvival(max($0, 0), degreesOfFreedom: 3)
    }
    #expect(fit.z > -5)
    for i in 0..<3 {
      for j in 0...i {
        let products = Estimate(draws.map { ($0[i] - q.mean[i]) * ($0[j] - q.mean[j]) })
        #expect(standardErrorsOff(products, q.covariance[i, j]) < 5)
      }
      #expect(standardErrorsOff(Estimate(draws.map { $0[i] }), q.mean[i]) < 5)
    }
  }

  @Test("misuse is refused")
  func preconditions() async {
    await #expect(processExitsWith: .failure) {
      _ = Gaussian(mean: [0, 0], covariance: Matrix([[1, 2], [2, 1]]))
    }
    await #expect(processExitsWith: .failure) {
      _ = Gaussian(mean: [0], covariance: Matrix.identity(2))
    }
    await #expect(processExitsWith: .failure) {
      _ = Gaussian(mean: [0], covariance: Matrix.identity(1)).logDensity([0, 0])
    }
  }
}
