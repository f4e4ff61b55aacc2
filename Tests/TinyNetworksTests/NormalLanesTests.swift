import Foundation
import Testing

@testable import TinyNetworks
@testable import TinyNumerics

@Suite("normals in lanes")
struct NormalLanesTests {
  private func draws(_ count: Int, seed: UInt64) -> [Float] {
    var generator = Threefry(seed: seed)
    var values = [Float](repeating: .nan, count: count)
    values.withUnsafeMutableBufferPointer { generator.fillNormals($0) }
    return values
  }

  @Test("they pass a Kolmogorov–Smirnov test", arguments: [1, 2, 3] as [UInt64])
  func distribution(seed: UInt64) {
    let fit = GoodnessOfFit.kolmogorovSmirnov(draws(200_000, seed: seed).map { Double($0) }) {
      Normal.standard.cdf($0)
    }
    #expect(fit.pValue > 1e-6)
  }

  @Test("moments up to the fourth, and independence of a pair's coordinates")
  func moments() {
    let z = draws(400_000, seed: 4).map { Double($0) }
    func near(_ values: [Double], _ exact: Double) -> Bool {
      let estimate = Estimate(values)
      return abs(estimate.mean - exact) < 5 * estimate.standardError
    }
    #expect(near(z, 0))
    #expect(near(z.map { $0 * $0 }, 1))
    #expect(near(z.map { $0 * $0 * $0 }, 0))
    #expect(near(z.map { $0 * $0 * $0 * $0 }, 3))
    // Coordinates of one pair lie eight apart; their squares are independent too.
    var products: [Double] = []
    var squares: [Double] = []
    for i in z.indices where i % 16 < 8 {
      let (x, y) = (z[i], z[i + 8])
      products.append(x * y)
      squares.append((x * x - 1) * (y * y - 1))
    }
    #expect(near(products, 0))
    #expect(near(squares, 0))
  }

  /// Each lane against Box and Muller written out in double precision, from the same bits.
  @Test("tails: the smallest and largest u, and every quarter of the circle")
  func bits() {
    let radii: [UInt32] = [0, 1, 2, 12_345, 2_147_483_648, .max]
    let angles: [UInt32] = (0..<43).map { UInt32($0) * 99_999_999 }
    for radius in radii {
      for angle in angles {
        let (x, y) = Threefry.normals(
          radiusBits: SIMD8(repeating: radius), angleBits: SIMD8(repeating: angle))
        // Rounded to single precision: that moves radii near 0 only, by up to 2e-4.
        let u = Double(Float((Double(radius) + 0.5) / 4_294_967_296))
        let r = (-2 * Foundation.log(u)).squareRoot()
        let place = (Double(angle &<< 2) + 0.5) / 4_294_967_296 - 0.5
        let phi = place * .pi / 2
        let c: Double = r * Foundation.cos(phi)
        let s: Double = r * Foundation.sin(phi)
        let corners: [[Double]] = [[c, s], [-c, -s], [s, -c], [-s, c]]
        let expected = corners[Int(angle >> 30)]
        let error = max(abs(Double(x[3]) - expected[0]), abs(Double(y[3]) - expected[1]))
        #expect(error < 5 * 0x1p-23 * max(r, 1), "\(radius) \(angle)")
      }
    }
  }

  /// P(|z| > 4) = 6.334248366623996e-05 (SciPy: 2*norm.sf(4)); 20 million draws expect 1266.8 ±
  /// 35.6.
  @Test("the tail beyond four standard deviations has its mass")
  func tailMass() {
    let count = draws(20_000_000, seed: 5).count { abs($0) > 4 }
    #expect(abs(Double(count) - 1266.85) < 5 * 35.6)
  }

  @Test("any length, nothing past the end, and the same draws every time")
  func lengths() {
    for count in [0, 1, 7, 8, 9, 31, 32, 33, 100] {
      let values = draws(count, seed: 6)
      #expect(values.allSatisfy { $0.isFinite })
      #expect(values == Array(draws(100, seed: 6).prefix(count)))
    }
  }
}
