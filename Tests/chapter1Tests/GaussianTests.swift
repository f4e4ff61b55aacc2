import Foundation
import Testing
import TinyNumerics

@testable import chapter1

/// Golden values: `mpmath` at 30 digits, quadrature of `npdf(z) * log(npdf / npdf)`.
@Suite("divergences of Gaussians")
struct GaussianTests {
  private let narrow = Normal.standard
  private let wide = Normal(mean: 1, standardDeviation: 3)

  @Test("eq. 1.3: golden, in both orders")
  func asymmetryGolden() {
    #expect(relativeError(klDivergence(wide, relativeTo: narrow), 3.4013877113318903086) <= 8 * ulp)
    #expect(
      relativeError(klDivergence(narrow, relativeTo: wide), 0.70972339977922080251) <= 8 * ulp)
    #expect(relativeError(asymmetry(wide, narrow), 2.6916643115526695061) <= 16 * ulp)
    #expect(relativeError(asymmetry(narrow, wide), -2.6916643115526695061) <= 16 * ulp)
  }

  @Test("eq. 1.3: the closed form of the difference, random pairs; zero only at equal variances")
  func asymmetryRandom() {
    var generator = Threefry(seed: 8)
    for _ in 0..<2000 {
      let (q, p) = (randomNormal(using: &generator), randomNormal(using: &generator))
      let (forward, backward) = (klDivergence(q, relativeTo: p), klDivergence(p, relativeTo: q))
      #expect(abs(forward - backward - asymmetry(q, p)) <= 256 * ulp * (1 + forward + backward))
      #expect((asymmetry(q, p) > 0) == (q.variance > p.variance))
      let twin = Normal(mean: p.mean, standardDeviation: q.standardDeviation)
      #expect(asymmetry(q, twin) == 0)
      #expect(klDivergence(q, relativeTo: twin) == klDivergence(twin, relativeTo: q))
    }
  }

  private func randomNormal(using generator: inout Threefry) -> Normal {
    Normal(mean: 2 * generator.normal(), standardDeviation: exp(generator.normal()))
  }

  @Test("pairs are all ordered pairs of distinct Gaussians")
  func pairs() {
    #expect(gaussianPairs(means: [0, 1], deviations: [1, 2, 3]).count == 30)
    #expect(GaussianPair.planarExamples.count == 12)
    for gaussian in [GaussianPair.example.q, GaussianPair.example.p] {
      #expect(gaussian.covariance == gaussian.covariance.transpose)
    }
  }

  @Test("eq. 1.8: closed form against quadrature on the line, random pairs")
  func line() {
    var generator = Threefry(seed: 9)
    for _ in 0..<200 {
      let (q, p) = (randomNormal(using: &generator), randomNormal(using: &generator))
      let integral = divergenceByQuadrature(q, relativeTo: p)
      let exact = klDivergence(q, relativeTo: p)
      #expect(abs(integral.value - exact) <= integral.error + 256 * ulp * (1 + exact))
      #expect(integral.error <= 1e-10 * (1 + exact))
    }
  }

  @Test("eq. 1.8: in the plane, against Cholesky, and against the diagonal's sum")
  func plane() {
    for (q, p) in GaussianPair.planarExamples {
      let integral = divergenceByQuadrature(q, relativeTo: p)
      let exact = klDivergence(q, relativeTo: p)
      #expect(abs(integral.value - exact) <= integral.error + 2560 * ulp * (1 + exact))
      #expect(integral.error <= 1e-11 * (1 + exact))
    }
    let q = DiagonalGaussian(mean: [0.5, -1], standardDeviation: [0.5, 2])
    let p = DiagonalGaussian(mean: [0, 1], standardDeviation: [1, 1.5])
    let integral = divergenceByQuadrature(Gaussian(q), relativeTo: Gaussian(p))
    let sum = klDivergence(q[0], relativeTo: p[0]) + klDivergence(q[1], relativeTo: p[1])
    #expect(relativeError(integral.value, sum) <= 1000 * ulp)
  }

  @Test("the planar density is the library's, by another formula")
  func planarDensity() {
    let q = GaussianPair.planar([1, -1], [2, 0.5], correlation: -0.7)
    let density = PlanarDensity(gaussian: q)
    for (x, y) in [(0.0, 0.0), (1, -1), (-3, 0.2), (5, -2)] {
      #expect(relativeError(density.log(x, y), q.logDensity([x, y])) <= 100 * ulp)
    }
    let mass = density.grid(0).integrate(with: density.grid(1)) { exp(density.log($0, $1)) }
    #expect(abs(mass.value - 1) <= 1000 * ulp)
  }

  @Test("eq. 1.8: three dimensions, golden, and rotated or sheared diagonals")
  func threeDimensions() {
    // NumPy: 0.5 * (trace(solve(S1, S0)) + d @ solve(S1, d) - 3 + slogdet(S1)[1] - slogdet(S0)[1])
    let (q, p) = (GaussianPair.example.q, GaussianPair.example.p)
    #expect(relativeError(klDivergence(q, relativeTo: p), 2.709700416319228) <= 100 * ulp)
    let a = DiagonalGaussian(mean: [0.5, -1, 2], standardDeviation: [0.3, 1, 3])
    let b = DiagonalGaussian(mean: [0, 1, 1], standardDeviation: [1, 2, 0.5])
    let exact = klDivergence(a, relativeTo: b)
    let shear = Matrix([[1, 2, 0], [0, 1, -1], [0.5, 0, 3]])
    for map in [rotation(0.3, 1.2), rotation(-2, 0.1), shear, shear * rotation(1, 1)] {
      let divergence = klDivergence(
        affineImage(of: a, by: map, shift: [5, -1, 0]),
        relativeTo: affineImage(of: b, by: map, shift: [5, -1, 0]))
      #expect(relativeError(divergence, exact) <= 1e5 * ulp)
    }
    let r = rotation(0.3, 1.2)
    let deviation = r * r.transpose - .identity(3)
    #expect((0..<3).allSatisfy { i in (0..<3).allSatisfy { abs(deviation[i, $0]) <= 4 * ulp } })
    #expect(rotation(.pi / 2, 0) * [1, 0, 0] != [1, 0, 0])
  }

  @Test("eq. 1.9: golden, by closed form, by quadrature and in the library")
  func regulariserGolden() {
    // mpmath: sum(m**2 + s**2 - 1 - log(s**2)) / 2
    let exact = 4.123410716760036
    let q = Guide.example
    #expect(relativeError(regulariser(q), exact) <= 16 * ulp)
    #expect(relativeError(regulariserByQuadrature(q).value, exact) <= 256 * ulp)
    #expect(relativeError(klDivergence(q, relativeTo: .standard(dimension: 3)), exact) <= 16 * ulp)
    #expect(regulariser(.standard(dimension: 4)) == 0)
  }

  @Test("eq. 1.9: random guides of 1 to 8 dimensions")
  func regulariserRandom() {
    var generator = Threefry(seed: 10)
    for round in 0..<100 {
      let one = (0...round % 8).map { _ in randomNormal(using: &generator) }
      let q = DiagonalGaussian(
        mean: one.map(\.mean), standardDeviation: one.map(\.standardDeviation))
      let integral = regulariserByQuadrature(q)
      #expect(
        abs(integral.value - regulariser(q)) <= integral.error + 512 * ulp * (1 + regulariser(q)))
    }
  }

  @Test("eq. 1.9: the sampled regulariser has the right mean and the variance that theory gives")
  func sampled() {
    var generator = Threefry(seed: 11)
    let q = Guide.example
    let estimate = sampledRegulariser(q, draws: 40_000, using: &generator)
    #expect(standardErrorsOff(estimate, regulariser(q)) < 5)
    // Σ ½ (σ² − 1)² + µ²σ²; a variance's own standard error is below 1% of it here.
    #expect(relativeError(estimate.variance, 0.82485) < 0.05)
  }
}
