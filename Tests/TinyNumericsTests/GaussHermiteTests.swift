import Foundation
import Testing
import TinyNumerics

@Suite("Gauss–Hermite quadrature")
struct GaussHermiteTests {
  /// (n, i, zᵢ, wᵢ): the middle, an outer and the outermost node. From SciPy's
  /// `x, w = roots_hermitenorm(n); w /= sqrt(2π)`, then polished by Newton's method on Heₙ at 80
  /// digits with `mpmath` (SciPy's own outermost weights are good to 1e-12 only).
  static let golden: [(Int, Int, Double, Double)] = [
    (1, 0, 0, 1), (2, 1, 1, 0.5), (5, 2, 0, 0.53333333333333333),
    (5, 3, 1.3556261799742659, 0.22207592200561264),
    (5, 4, 2.8569700138728057, 0.011257411327720689),
    (20, 10, 0.34696415708135593, 0.26079306344955486),
    (20, 15, 3.9439673506573163, 0.00012882627996192945),
    (20, 19, 7.6190485416797583, 1.257800672437927e-13),
    (64, 32, 0.19558891056727555, 0.15310831636189678),
    (64, 48, 6.6493714563417205, 4.296426248985252e-11),
    (64, 63, 14.886186143339452, 3.1231879651077212e-49),
    (128, 64, 0.13857004990306981, 0.10950785080521371),
    (128, 96, 9.2723951879832708, 2.5918912782878508e-20),
    (128, 127, 21.625898907690553, 1.0150142860927933e-102),
    (256, 128, 0.098079096926749782, 0.077880553112849072),
    (256, 192, 13.020190519967282, 1.320587994210242e-38),
    (256, 255, 31.100951037096512, 2.9540145871800835e-211),
  ]

  /// Each rule once, for all tests.
  private static let rules = Dictionary(
    uniqueKeysWithValues: [1, 2, 5, 20, 64, 128, 256].map { ($0, GaussHermite(nodes: $0)) })

  /// The recurrence takes n steps of a few roundings, and an outermost weight goes like e^{−z²/2}
  /// with z² < 4n, its node rounded: a few n ulps.
  private func allowance(_ n: Int) -> Double { 8 * Double(n) * ulp }

  @Test("nodes and weights, golden", arguments: golden)
  func goldenValues(n: Int, i: Int, node: Double, weight: Double) throws {
    let rule = try #require(GaussHermiteTests.rules[n])
    #expect(rule.nodes.count == n && rule.weights.count == n)
    #expect(abs(rule.nodes[i] - node) <= 8 * ulp * max(node, 1))
    #expect(abs(rule.nodes[n - 1 - i] + node) <= 8 * ulp * max(node, 1))
    #expect(relativeError(rule.weights[i], weight) <= allowance(n))
    #expect(relativeError(rule.weights[n - 1 - i], weight) <= allowance(n))
  }

  @Test("nodes ascend, weights are positive and sum to 1", arguments: [1, 2, 5, 20, 64, 128, 256])
  func shape(n: Int) throws {
    let rule = try #require(GaussHermiteTests.rules[n])
    #expect(zip(rule.nodes, rule.nodes.dropFirst()).allSatisfy { $0 < $1 })
    #expect(rule.weights.allSatisfy { $0 > 0 })
    #expect(abs(rule.weights.reduce(0, +) - 1) <= allowance(n))
  }

  @Test(
    "E z²ᵏ = (2k − 1)!! for degrees below 2n; degree 2n falls short by n!",
    arguments: [
      1, 2, 5, 20, 64, 128, 256,
    ])
  func polynomials(n: Int) throws {
    let rule = try #require(GaussHermiteTests.rules[n])
    var moment = 1.0  // (2k − 1)!!
    for k in 0..<min(n, 100) {  // beyond, z²ᵏ overflows
      let even = rule.expectation { pow($0, Double(2 * k)) }
      #expect(relativeError(even, moment) <= allowance(n))
      let odd = rule.expectation { pow($0, Double(2 * k + 1)) }
      let size = rule.expectation { pow(abs($0), Double(2 * k + 1)) }
      #expect(abs(odd) <= allowance(n) * size)
      moment *= Double(2 * k + 1)
    }
    // z²ⁿ = n! hₙ² + lower degrees, and the rule takes hₙ² for 0, its mean for 1.
    guard n <= 20 else { return }  // further on, n! is lost in the rounding of (2n − 1)!!
    let factorial = (1...n).reduce(1.0) { $0 * Double($1) }
    let even = rule.expectation { pow($0, Double(2 * n)) }
    #expect(abs(even - (moment - factorial)) <= allowance(n) * moment)
    #expect(allowance(n) * moment < 0.01 * factorial)
  }

  @Test("smooth integrands: E cos z = e^{−½}, E 1/(1 + z²), E log(1 + eˣ) under N(1, 4)")
  func smooth() throws {
    let rule = try #require(GaussHermiteTests.rules[256])
    #expect(abs(rule.expectation(of: cos) - 0.60653065971263342) <= allowance(256))
    #expect(relativeError(rule.expectation(of: exp), exp(0.5)) <= allowance(256))
    // mpmath: quad(lambda z: npdf(z) / (1 + z*z), linspace(-14, 14, 29)), and so on. Poles at ±i
    // and at ±iπ/2 (in standard units) leave errors like e^{−2√n·distance}: 1e-14 and smaller.
    #expect(abs(rule.expectation { 1 / (1 + $0 * $0) } - 0.65567954241879847) <= 1e-12)
    let normal = Normal(mean: 1, standardDeviation: 2)
    #expect(abs(rule.expectation(under: normal, of: softplus) - 1.6424953695288338) <= 1e-12)
  }

  @Test("under N(µ, σ²): E x = µ, E x² = µ² + σ², E x³ = µ³ + 3µσ²")
  func movedNodes() {
    let rule = GaussHermite(nodes: 2)
    let normal = Normal(mean: -1.5, standardDeviation: 2)
    #expect(abs(rule.expectation(under: normal) { $0 } + 1.5) <= 8 * ulp)
    #expect(abs(rule.expectation(under: normal) { $0 * $0 } - 6.25) <= 32 * ulp)
    #expect(abs(rule.expectation(under: normal) { $0 * $0 * $0 } + 21.375) <= 128 * ulp)
  }

  @Test("two dimensions: E[x y²] = µ₁ (µ₂² + σ₂²), each normal with its own argument")
  func twoDimensions() {
    let rule = GaussHermite(nodes: 3)
    let first = Normal(mean: 2, standardDeviation: 0.5)
    let second = Normal(mean: -1, standardDeviation: 3)
    #expect(abs(rule.expectation(under: first, second) { $0 * $1 * $1 } - 20) <= 128 * ulp)
    #expect(abs(rule.expectation(under: first, second) { $0 * $0 * $1 } + 4.25) <= 128 * ulp)
  }

  @Test("no nodes, or more than 256, are refused")
  func preconditions() async {
    await #expect(processExitsWith: .failure) { _ = GaussHermite(nodes: 0) }
    await #expect(processExitsWith: .failure) { _ = GaussHermite(nodes: 257) }
  }
}
