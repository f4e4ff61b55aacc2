import Foundation
import Testing
import TinyNumerics
import ToyModels

@testable import chapter5

@Suite("eq. 5.10: other paths")
struct OtherPathsTests {
  /// `scipy.stats.expon.ppf(0.3, scale=1/1.7)`, `.logpdf` there; `scipy.stats.logistic.ppf(0.3,
  /// 0.5, 0.6)`, `.logpdf` there.
  @Test("quantiles and densities, golden")
  func golden() {
    let exponential = ExponentialPath(rate: 1.7)
    #expect(relativeError(exponential(0.3), 0.20980879055219554) < 4 * ulp)
    #expect(abs(exponential.logDensity(exponential(0.3)) - 0.17395330712343798) < 1e-15)
    let logistic = LogisticPath(location: 0.5, scale: 0.6)
    #expect(relativeError(logistic(0.3), -0.0083787162323222) < 1e-14)
    #expect(abs(logistic.logDensity(logistic(0.3)) - -1.0498221244986778) < 1e-14)
    #expect(exponential(0) == 0)
  }

  @Test("change of variables; densities integrate to 1, and to u below F⁻¹(u)")
  func densities() {
    for (lhs, rhs, allowance) in Chapter5.inverseCDFCases() {
      #expect(abs(lhs - rhs) <= allowance && allowance < 1e-10)
    }
    for u in [0.1, 0.5, 0.93] {
      let exponential = ExponentialPath(rate: 0.7)
      let below = integrate(over: 0...exponential(u)) { exp(exponential.logDensity($0)) }
      #expect(abs(below.value - u) < 1e-12)
      let logistic = LogisticPath(location: -1, scale: 0.4)
      let mass = integrate(over: -.infinity...logistic(u), scale: 0.4) {
        exp(logistic.logDensity($0))
      }
      #expect(abs(mass.value - u) < 1e-11)
    }
  }

  @Test("slopes in the parameters, u held fixed", arguments: [0.05, 0.5, 0.98])
  func parameterSlopes(u: Double) {
    let rate = slope(at: 1.7) { ExponentialPath(rate: $0)(u) }
    let exponential = ExponentialPath(rate: 1.7)
    #expect(abs(exponential.rateSlope(at: exponential(u)) - rate) < 1e-8)
    let scale = slope(at: 0.6) { LogisticPath(location: 0.5, scale: $0)(u) }
    let logistic = LogisticPath(location: 0.5, scale: 0.6)
    #expect(abs(logistic.scaleSlope(at: logistic(u)) - scale) < 1e-8)
  }

  @Test("gradients of known expectations", arguments: [0.3, 0.6, 1.7, 4])
  func gradients(parameter: Double) {
    let exponential = Chapter5.exponentialGradient(rate: parameter)
    let byRate = slope(at: parameter) { $0 / (1 + $0) }
    #expect(abs(exponential.exact - byRate) < 1e-9)
    let integral = exponential.integral
    #expect(abs(integral.value - exponential.exact) <= integral.error + 8 * ulp)
    let logistic = Chapter5.logisticGradient(scale: parameter)
    let byScale = slope(at: parameter) { 0.25 + $0 * $0 * Double.pi * Double.pi / 3 }
    #expect(abs(logistic.exact - byScale) < 1e-7)
    #expect(abs(logistic.integral.value - logistic.exact) < 1e-9 * logistic.exact)
    // E e^{−2z} z²/λ² = 2/(λ (λ + 2)³)
    let second = 2 / (parameter * pow(parameter + 2, 3)) / square(exponential.exact)
    #expect(relativeError(exponential.relativeVariance, second - 1) < 1e-9)
  }

  @Test("eq. 5.10, Cholesky: slopes and expectations of the integrands belong together")
  func planeIntegrands() {
    for f in [PlaneIntegrand.exponential, .product] {
      for z in [[0.3, -0.8], [-1.2, 0.5]] {
        for i in 0..<2 {
          func moved(_ h: Double) -> [Double] {
            var z = z
            z[i] += h
            return z
          }
          #expect(abs(f.gradient(z)[i] - slope(at: 0) { f.value(moved($0)) }) < 1e-8)
          for j in 0..<2 {
            let second = slope(at: 0) { f.gradient(moved($0))[j] }
            #expect(abs(f.hessian(z)[i, j] - second) < 1e-8)
          }
        }
      }
      for q in Chapter5.planes {
        let byRule = q.expectation { f.value($0) }
        let exact = f.expectation(q.mean, q.covariance)
        #expect(abs(byRule.value - exact) <= byRule.error + 1e-12)
      }
    }
  }

  @Test("eq. 5.10, Cholesky: E[∂_i f ε_j] = ∂E f/∂L_ij; with i and j swapped it is not")
  func cholesky() {
    for f in [PlaneIntegrand.exponential, .product] {
      for q in Chapter5.planes {
        for k in 0..<3 {
          let (lhs, rhs, allowance) = Chapter5.choleskyCase(f, q, entry: k)
          #expect(abs(lhs - rhs) <= allowance && allowance < 1e-8)
        }
      }
      let swapped = Gaussian(.standard(dimension: 2)).expectation { noise in
        let z = zip(Chapter5.plane.mean, Chapter5.plane.cholesky.factor * noise).map(+)
        return f.gradient(z)[0] * noise[1]
      }.value
      #expect(abs(swapped - Chapter5.choleskyCase(f, Chapter5.plane, entry: 1).rhs) > 0.02)
    }
  }

  @Test("eq. 5.10, Stein: E[f (z − µ)] = Σ E ∇f; the covariances count too")
  func stein() {
    for f in GradientEstimatorTests.integrands {
      for q in guideGrid {
        let (lhs, rhs, allowance) = Chapter5.steinCase(f, q)
        #expect(abs(lhs - rhs) <= allowance && allowance < 1e-9)
        #expect(abs(lhs - q.variance * f.gradient(q).mean) <= allowance)
      }
    }
    for f in [PlaneIntegrand.exponential, .product] {
      for q in Chapter5.planes {
        for i in 0..<2 {
          let (lhs, rhs, allowance) = Chapter5.steinCase(f, q, i)
          #expect(abs(lhs - rhs) <= allowance && allowance < 1e-9)
        }
      }
      let q = Chapter5.plane
      let diagonal = q.covariance[0, 0] * q.expectation { f.gradient($0)[0] }.value
      #expect(abs(Chapter5.steinCase(f, q, 0).lhs - diagonal) > 0.1)
    }
  }

  /// Σ₁₂ of z₁²z₂²: 4µ₁µ₂ + 4Σ₁₂, by hand from Isserlis; with µ = (0.7, −0.4), Σ₁₂ = 0.5: 0.88.
  @Test("eq. 5.10, Price: on the diagonal with ½, off it without; 1-D with ½")
  func price() {
    for f in [PlaneIntegrand.exponential, .product] {
      for q in Chapter5.planes {
        for (i, j) in choleskyEntries {
          let (lhs, rhs, allowance) = Chapter5.priceCase(f, q, i, j)
          #expect(abs(lhs - rhs) <= allowance && allowance < 1e-8)
        }
      }
    }
    #expect(abs(priceGradient(of: .product, under: Chapter5.plane, 1, 0).value - 0.88) < 1e-12)
    // ½ E f₁₁ = E z₂² = 0.8 + 0.16
    #expect(abs(priceGradient(of: .product, under: Chapter5.plane, 0, 0).value - 0.96) < 1e-12)
    for f in GradientEstimatorTests.integrands {
      for q in guideGrid {
        let (lhs, rhs, allowance) = Chapter5.priceCase(f, q)
        #expect(abs(lhs - rhs) <= allowance)
        let byVariance = slope(at: q.variance) { variance in
          f.expectation(Normal(mean: q.mean, variance: max(variance, 1e-9)))
        }
        #expect(abs(lhs - byVariance) < 1e-6 * (1 + abs(f.expectation(q))))
      }
    }
  }
}
