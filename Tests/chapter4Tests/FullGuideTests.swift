import Testing
import TinyNumerics
import ToyModels

@testable import chapter4

@Suite("eq. 4.10: a guide with full covariance")
struct FullGuideTests {
  private let numbers = [0.3, -0.2, 0.1, -0.4, 0.25]
  private let x = [1.5, -0.9, 0.4]

  @Test("its numbers: µ, then L row by row, the diagonal by its logarithm")
  func numbersOfTheGuide() {
    let q = FullGuide(numbers, dimension: 2)
    #expect(q.mean == [0.3, -0.2])
    #expect(q.factor == Matrix([[exp(0.1), 0], [-0.4, exp(0.25)]]))
    #expect((1...4).map(FullGuide.numberCount) == [2, 5, 9, 14])
  }

  @Test("the closed-form ELBO by quadrature, its gradient by differences and along the path")
  func elbo() {
    let model = LinearGaussianModel.plane
    let q = FullGuide(numbers, dimension: 2).gaussian
    let byRule = q.expectation { model.logLikelihood(x, given: $0) }.value
    let closed = fullELBO(numbers, at: x, model: model)
    #expect(abs(closed.value - byRule + klDivergence(q, relativeTo: model.prior)) < 1e-12)
    let numerical = numericalGradient(numbers) { fullELBO($0, at: x, model: model).value }
    #expect(relativeDistance(closed.gradient, numerical) < 1e-8)
    let byPath = pathwiseFullGradient(numbers, at: x, model: model).map(\.value)
    #expect(relativeDistance(closed.gradient, byPath) < 1e-13)
  }

  /// The gap of 3.11: mpmath, 40 digits, as in 4.3; and ½ (Σ log Λ_ii − log |Λ|) of the ridge.
  @Test("eq. 4.10: it finds the posterior where a diagonal guide keeps the gap of 3.11")
  func closesTheGap() {
    for (model, x, gap) in [
      (LinearGaussianModel.plane, x, 0.037119179805850235908),
      (Study.ridge.model, Study.ridge.x, 0.610642066951),
    ] {
      let (full, posterior) = (fullOptimum(of: x, model: model), model.posterior(given: x))
      let evidence = model.logEvidence(of: x).value
      #expect(full.converged && abs(full.value - evidence) < 1e-13)
      #expect(abs(evidence - localOptimum(of: x, model: model).value - gap) < 1e-11)
      let q = FullGuide(full.point, dimension: 2).gaussian
      for i in 0..<2 {
        #expect(abs(q.mean[i] - posterior.mean[i]) < 1e-8)
        for j in 0..<2 { #expect(abs(q.covariance[i, j] - posterior.covariance[i, j]) < 1e-8) }
      }
    }
  }
}
