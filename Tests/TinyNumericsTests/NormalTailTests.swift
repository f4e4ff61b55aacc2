import Foundation
import Testing
import TinyNumerics

/// Golden values: `mpmath` at 50 digits with every argument the exact value of its `Double`:
/// `ncdf(t)`, `log(ncdf(t))` (in the far tail `log(erfc(-t / sqrt(2)) / 2)`), and for quantiles
/// `findroot(lambda x: log(ncdf(x)) - log(p), start)`.
@Suite("normal distribution function, its logarithm and its inverse")
struct NormalTailTests {
  @Test(
    "Φ(t)",
    arguments: [
      (-37, 5.7255712225245768227e-300), (-10, 7.619853024160526066e-24),
      (-3, 0.0013498980316300945267), (0, 0.5), (0.3, 0.61791142218895263307),
      (5, 0.99999971334842812081), (.infinity, 1), (-.infinity, 0),
    ])
  func cdf(t: Double, exact: Double) {
    // The argument is rounded twice, and Φ multiplies that by |t| φ/Φ ≤ t² + 1.
    let allowance = t.isFinite ? 2 * (2 + t * t) * ulp : 0
    #expect(relativeError(Normal.standard.cdf(t), exact) <= allowance)
    let other = Normal(mean: 2, standardDeviation: 0.5)
    #expect(relativeError(other.cdf(2 + 0.5 * t), exact) <= 2 * allowance)
  }

  @Test(
    "log Φ(t), from one far end to the other",
    arguments: [
      (8, -6.2209605742717860585e-16), (2, -0.023012909328963488465),
      (0.5, -0.36894641528865639307), (0, -0.69314718055994530942),
      (-1e-8, -0.69314718853879094928), (-1, -1.8410216450092635058),
      (-5, -15.064998393988725736), (-9.99, -53.130353745606015337),
      (-10, -53.231285150512470578), (-10.01, -53.332315610880728371),
      (-38, -726.5572160188201301), (-100, -5005.5242086942050886),
      (-1e4, -50000010.129278915181), (.infinity, 0), (-.infinity, -.infinity),
    ])
  func logCDF(t: Double, exact: Double) {
    // As above; as a logarithm below 0, and above it as a tail beside 1.
    let allowance = t > 0 && t.isFinite ? 2 * (2 + t * t) * ulp : 4 * ulp
    #expect(relativeError(Normal.standard.logCDF(t), exact) <= allowance)
    #expect(
      abs(Normal(mean: -1, standardDeviation: 4).logCDF(-1 + 4 * t) - exact) <= 4 * ulp * abs(exact)
        || exact.isInfinite || t > 0)
  }

  @Test("log Φ is smooth where its two forms meet, and rises everywhere")
  func seam() {
    let values = stride(from: -12.0, through: 9, by: 1e-3).map { Normal.standard.logCDF($0) }
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
    let seam = Normal.standard.logCDF(-10) - Normal.standard.logCDF((-10.0).nextUp)
    #expect(abs(seam) <= 53 * 4 * ulp)
  }

  @Test(
    "the inverse",
    arguments: [
      (.leastNonzeroMagnitude, -38.467405617144346251), (1e-300, -37.047096299361199237),
      (1e-20, -9.2623400897984075796), (1e-5, -4.2648907939228246102),
      (0.02425, -1.9729610513118848376), (0.1, -1.2815515655446004353),
      (0.24999, -0.67452121918086280569), (0.25, -0.6744897501960817432),
      (0.3, -0.52440051270804081597), (0.5000000001, 2.5066284820303539022e-10),
      (0.7, 0.52440051270804065631), (0.75, 0.6744897501960817432),
      (0.9, 1.2815515655446005935), (0.999, 3.0902323061678132778),
      (1 - 0x1p-53, 8.2095361516013868556),
    ])
  func quantile(p: Double, exact: Double) {
    #expect(relativeError(Normal.standard.quantile(p), exact) <= 8 * ulp)
    let other = Normal(mean: -1, standardDeviation: 3)
    #expect(abs(other.quantile(p) - (-1 + 3 * exact)) <= 8 * ulp * (1 + 3 * abs(exact)))
  }

  @Test("the inverse undoes the distribution function, for thousands of arguments")
  func inverse() {
    for t in stride(from: -37.0, through: 5, by: 0.0137) {
      let p = Normal.standard.cdf(t)
      // p is rounded, by more than ε where erfc is; dividing by φ turns that into an error of t.
      let slope = Normal.standard.density(t) / p
      let upper = p > 0.5 ? 1 / (1 - p) * (1 - p) / Normal.standard.density(t) : 0
      let allowance = (2 * (2 + t * t) / slope + upper) * ulp + 8 * abs(t) * ulp
      #expect(abs(Normal.standard.quantile(p) - t) <= allowance)
    }
  }

  @Test("the ends, the middle, and what is no probability")
  func edges() async {
    #expect(Normal.standard.quantile(0) == -.infinity)
    #expect(Normal.standard.quantile(1) == .infinity)
    #expect(Normal(mean: 7, standardDeviation: 2).quantile(0.5) == 7)
    #expect(Normal.standard.quantile(0.5) == 0)
    await #expect(processExitsWith: .failure) { _ = Normal.standard.quantile(1.5) }
    await #expect(processExitsWith: .failure) { _ = Normal.standard.quantile(.nan) }
  }
}
