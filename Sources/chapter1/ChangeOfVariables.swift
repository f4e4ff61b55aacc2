import Foundation
import Notebook
import TinyNumerics

/// An invertible, differentiable map z ↦ y of the real line onto an interval.
struct ChangeOfVariables: Sendable {
  let name: String
  let image: ClosedRange<Double>
  /// y(z).
  let forward: @Sendable (Double) -> Double
  /// z(y).
  let inverse: @Sendable (Double) -> Double
  /// log |dy/dz|, at z.
  let logSlope: @Sendable (Double) -> Double

  /// y = eᶻ.
  static let exponential = ChangeOfVariables(
    name: "y = eᶻ", image: 0 ... .infinity, forward: { exp($0) }, inverse: { log($0) },
    logSlope: { $0 })

  /// y = a + bz.
  ///
  /// - Requires: b ≠ 0.
  static func affine(_ a: Double, _ b: Double, name: String) -> ChangeOfVariables {
    ChangeOfVariables(
      name: name, image: -.infinity ... .infinity, forward: { a + b * $0 },
      inverse: { ($0 - a) / b }, logSlope: { _ in log(abs(b)) })
  }

  /// log f_Y(y) = log f_Z(z) − log |dy/dz| at z = z(y): mass is kept, so density thins where y(z)
  /// is steep.
  func logDensity(of z: Normal, at y: Double) -> Double {
    let z0 = inverse(y)
    return z.logDensity(z0) - logSlope(z0)
  }

  /// E[g(Y)] for Y = y(Z), Z ~ q, as an integral over y.
  func expectation(under q: Normal, of g: (Double) -> Double) -> Integral {
    integrate(
      over: image, centre: forward(q.mean),
      scale: exp(logSlope(q.mean)) * q.standardDeviation
    ) { y in
      let density = exp(logDensity(of: q, at: y))
      return density == 0 ? 0 : density * g(y)
    }
  }

  /// Eq. 1.7, in nats, by quadrature over y: D(q_Y ‖ p_Y), the same number as D(q ‖ p).
  func divergence(_ q: Normal, relativeTo p: Normal) -> Integral {
    expectation(under: q) { logDensity(of: q, at: $0) - logDensity(of: p, at: $0) }
  }

  /// The differential entropy H(Y) = −∫ f_Y log f_Y dy in nats, by quadrature over y. It depends on
  /// the units of y: H(Y) = H(Z) + E[log |dy/dz|].
  func entropy(of q: Normal) -> Integral {
    expectation(under: q) { -logDensity(of: q, at: $0) }
  }
}

extension Chapter1 {
  private static let maps: [ChangeOfVariables] = [
    .affine(3, -0.25, name: "y = 3 − z/4"), .affine(0, 1000, name: "y = 1000 z"), .exponential,
  ]

  static func showChangeOfVariables(in notebook: Notebook) {
    notebook.section("1.7", "D does not depend on the units; entropy does")
    notebook.text(
      """
      Write the same two random variables in another coordinate y(z). Both densities are divided \
      by |dy/dz|, so their ratio, and D with it, stays; the entropy moves by E log |dy/dz|. Every \
      number but H(Z), which is ½ log(2πe σ²), is an integral over its own variable, z or y. \
      Below, q = N(0.5, 0.6²) and p = N(−0.2, 1).
      """)
    let (q, p) = (
      Normal(mean: 0.5, standardDeviation: 0.6), Normal(mean: -0.2, standardDeviation: 1)
    )
    let inZ = divergenceByQuadrature(q, relativeTo: p).value
    notebook.table(
      ["", "D over z", "D over y", "H(Z)", "H(Y)", "E log |dy/dz|"],
      maps.map { map in
        let slope = expectation(under: q, of: map.logSlope).value
        return [map.name]
          + [
            inZ, map.divergence(q, relativeTo: p).value, q.entropy, map.entropy(of: q).value, slope,
          ]
          .map { $0.decimals(6) }
      })
    let pairs = gaussianPairs(means: [-0.5, 0, 1], deviations: [0.3, 1, 1.5])
    notebook.check(
      .worst(of: maps.flatMap { map in pairs.map { divergenceCheck(map, $0.q, $0.p) } }))
    notebook.check(
      .worst(of: maps.flatMap { map in pairs.map { entropyCheck(map, $0.q) } }))
    notebook.check(
      .worst(of: maps.flatMap { map in pairs.map { meanCheck(map, $0.q) } }))
  }

  /// Whether `inverse` undoes `forward`.
  private static func meanCheck(_ map: ChangeOfVariables, _ q: Normal) -> Check {
    let inY = map.expectation(under: q) { $0 }
    let inZ = expectation(under: q, of: map.forward)
    let size = expectation(under: q) { abs(map.forward($0)) }.value
    return .exact(
      "1.7", "E[Y]: ∫ y q(y) dy = ∫ y(z) q(z) dz", inY.value, inZ.value,
      allowance: inY.allowance(magnitude: size) + inZ.allowance(magnitude: size))
  }

  private static func divergenceCheck(_ map: ChangeOfVariables, _ q: Normal, _ p: Normal) -> Check {
    let (inY, inZ) = (map.divergence(q, relativeTo: p), divergenceByQuadrature(q, relativeTo: p))
    return .exact(
      "1.7", "∫ q(y) log q(y)/p(y) dy = ∫ q(z) log q(z)/p(z) dz", inY.value, inZ.value,
      allowance: inY.allowance(magnitude: 1 + inZ.value)
        + inZ.allowance(magnitude: 1 + inZ.value))
  }

  private static func entropyCheck(_ map: ChangeOfVariables, _ q: Normal) -> Check {
    let (entropy, slope) = (map.entropy(of: q), expectation(under: q, of: map.logSlope))
    return .exact(
      "1.7", "H(Y) = H(Z) + E log |dy/dz|", entropy.value, q.entropy + slope.value,
      allowance: entropy.allowance(magnitude: 1 + abs(q.entropy) + abs(slope.value))
        + slope.allowance(magnitude: 1 + abs(slope.value)))
  }
}
