import Testing
import TinyNumerics
import ToyModels

@testable import chapter3

@Suite("eq. 3.20: the joint view")
struct JointViewTests {
  /// mpmath: Gaussian divergences of 2 × 2 and 1 × 1 matrices written out.
  @Test("eq. 3.20: both wrong, golden")
  func golden() {
    let view = JointView.training[0].view
    #expect(abs(view.jointDivergence - 1.2703741134948583049) < 1e-14)
    #expect(abs(view.loss.value - 1.2703741134948583049) < 1e-12)
    #expect(abs(view.dataDivergence - 0.26350774440883544307) < 1e-14)
  }

  @Test("eq. 3.20: the three sides for random models, data and guides", arguments: 1...6)
  func random(seed: Int) {
    var generator = Threefry(seed: UInt64(seed), row: 20)
    func matrix(_ rows: Int, _ columns: Int) -> Matrix {
      Matrix(rows: rows, columns: columns) { _, _ in generator.normal() }
    }
    let d = 1 + seed % 2
    let view = JointView(
      model: LinearGaussianModel(
        weights: matrix(2, d), offset: [0.3, -0.2],
        noiseCovariance: Matrix([[0.7, 0.2], [0.2, 0.5]])),
      data: .random(dimension: 2, using: &generator), slope: matrix(d, 2),
      offset: (0..<d).map { _ in generator.normal() },
      spread: Gaussian.random(dimension: d, using: &generator).covariance)
    let joint = view.jointDivergence
    #expect(abs(view.loss.value - joint) <= view.loss.error + 1e-12 * (1 + joint))
    let parts = view.dataDivergence + view.guideDivergence.value
    #expect(abs(parts - joint) <= view.guideDivergence.error + 1e-12 * (1 + joint))
    let best = view.withBestGuide
    #expect(abs(best.guideDivergence.value) < 1e-12)
    #expect(abs(best.jointDivergence - view.dataDivergence) < 1e-12 * (1 + view.dataDivergence))
  }
}

@Suite("eq. 3.21: Gibbs, Donsker and Varadhan")
struct GibbsTests {
  /// mpmath: `log(quad(lambda z: npdf(z)*exp(2*cos(3*z)), linspace(-12, 12, 97)))`
  @Test("eq. 3.21: golden value of 2 cos 3z, by quadrature and by the series")
  func cosine() {
    let exact = 0.83937775698304144298
    #expect(abs(logMeanExponential { 2 * cos(3 * $0) }.value - exact) < 1e-13)
    #expect(abs(logMeanExponentialOfCosine(amplitude: 1, frequency: 3) - exact) < 1e-13)
    // f = a cos wz ∓: amplitude and frequency have their places.
    let other = logMeanExponential { 0.6 * cos(1.5 * $0) }
    #expect(abs(logMeanExponentialOfCosine(amplitude: 0.3, frequency: 1.5) - other.value) < 1e-13)
  }

  /// mpmath: `quad(q (log q/p + sin)) − log(quad(q exp(sin)))` for q = N(1, ½²), p = N(0, 1).
  @Test("eq. 3.21: golden value of a critic that is off by a sine; none exceeds D")
  func critic() {
    let q = Normal(mean: 1, standardDeviation: 0.5)
    let bound = donskerVaradhan(q) { z in
      q.logDensity(z) - Normal.standard.logDensity(z) + sin(z)
    }
    #expect(abs(bound.value - 0.78535989901624995892) < 1e-12)
    let divergence = klDivergence(q, relativeTo: .standard)
    for amplitude in [-2.0, -0.5, 0, 0.5, 2] {
      #expect(donskerVaradhan(q) { amplitude * $0 }.value < divergence)
    }
  }

  @Test("eq. 3.21: the tilted density attains the maximum, no other guide does", arguments: 1...10)
  func maximum(seed: Int) {
    var generator = Threefry(seed: UInt64(seed), row: 21)
    let (a, w) = (generator.normal(), 1 + generator.uniform())
    let f: @Sendable (Double) -> Double = { a * sin(w * $0) }
    let (best, value) = (tilted(by: f), logMeanExponential(f).value)
    #expect(abs(gibbsObjective(best, f).value - value) < 1e-12)
    let q = Normal.random(using: &generator)
    let objective = gibbsObjective(q, f)
    #expect(objective.value < value)
    #expect(abs(value - objective.value - q.divergence(from: best).value) < 1e-9)
  }
}
