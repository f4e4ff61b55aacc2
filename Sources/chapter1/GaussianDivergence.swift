import Foundation
import Notebook
import TinyNumerics

/// D(q ‖ p) = ∫ q(z) [log q(z) − log p(z)] dz in nats, by quadrature: what eq. 1.8 gives in closed
/// form.
///
/// The terms' absolute values add up to at most D + 2/e, less than 1 + D, because ∫ q log(p/q) over
/// p > q is at most ∫ p/e (as log t ≤ t/e).
func divergenceByQuadrature(_ q: Normal, relativeTo p: Normal) -> Integral {
  expectation(under: q) { q.logDensity($0) - p.logDensity($0) }
}

/// log N(x; µ, Σ) in the plane, with the inverse and the determinant of Σ = [[a, b], [b, c]]
/// written out. It shares no step with a Cholesky factor.
struct PlanarDensity {
  let gaussian: Gaussian

  func log(_ x: Double, _ y: Double) -> Double {
    let (a, b, c) = (
      gaussian.covariance[0, 0], gaussian.covariance[1, 0], gaussian.covariance[1, 1]
    )
    let (dx, dy) = (x - gaussian.mean[0], y - gaussian.mean[1])
    let determinant = a * c - b * b
    let distance = (c * dx * dx - 2 * b * dx * dy + a * dy * dy) / determinant
    return -0.5 * distance - 0.5 * Foundation.log(determinant) - logTwoPi
  }

  /// A grid for one coordinate: nine standard deviations to either side, with a spacing of at most
  /// 0.6 of the narrowest direction's; what the sum over a Gaussian then misses is about e⁻⁵⁵.
  func grid(_ coordinate: Int) -> Grid {
    let narrowest = SymmetricEigen(gaussian.covariance).eigenvalues[1].squareRoot()
    let halfWidth = 9 * gaussian.covariance[coordinate, coordinate].squareRoot()
    let centre = gaussian.mean[coordinate]
    return Grid(
      over: centre - halfWidth...centre + halfWidth,
      count: Int((2 * halfWidth / (0.6 * narrowest)).rounded(.up)))
  }
}

/// Eq. 1.8 in the plane, in nats, by a product of two grids.
///
/// - Requires: two dimensions.
func divergenceByQuadrature(_ q: Gaussian, relativeTo p: Gaussian) -> Integral {
  let (logQ, logP) = (PlanarDensity(gaussian: q), PlanarDensity(gaussian: p))
  return logQ.grid(0).integrate(with: logQ.grid(1)) { x, y in
    let value = logQ.log(x, y)
    return exp(value) * (value - logP.log(x, y))
  }
}

/// The distribution of A z + b for z ~ q: N(Aµ + b, A diag(σ²) Aᵀ). An invertible A changes no
/// divergence (eq. 1.7).
func affineImage(of q: DiagonalGaussian, by a: Matrix, shift b: [Double]) -> Gaussian {
  let variances = Matrix.diagonal(q.standardDeviation.map { $0 * $0 })
  return Gaussian(mean: zip(a * q.mean, b).map(+), covariance: a * variances * a.transpose)
}

/// A rotation by angle α about the third axis, then by β about the first.
func rotation(_ alpha: Double, _ beta: Double) -> Matrix {
  let first = Matrix([[cos(alpha), -sin(alpha), 0], [sin(alpha), cos(alpha), 0], [0, 0, 1]])
  let second = Matrix([[1, 0, 0], [0, cos(beta), -sin(beta)], [0, sin(beta), cos(beta)]])
  return second * first
}

enum GaussianPair {
  static let example = (
    q: Gaussian(
      mean: [1, -2, 0.5], covariance: Matrix([[2, 0.6, -0.3], [0.6, 1, 0.2], [-0.3, 0.2, 0.5]])),
    p: Gaussian(
      mean: [0, 0, 0], covariance: Matrix([[1, 0.2, 0], [0.2, 1.5, -0.1], [0, -0.1, 0.8]]))
  )

  /// In the plane, with the given correlation.
  static func planar(_ mean: [Double], _ deviations: [Double], correlation: Double) -> Gaussian {
    let (a, c) = (deviations[0] * deviations[0], deviations[1] * deviations[1])
    let b = correlation * deviations[0] * deviations[1]
    return Gaussian(mean: mean, covariance: Matrix([[a, b], [b, c]]))
  }

  static let planarExamples: [(q: Gaussian, p: Gaussian)] = {
    let all = [
      planar([0, 0], [1, 1], correlation: 0), planar([0.5, -1], [1, 0.5], correlation: 0.8),
      planar([1, 1], [2, 1], correlation: -0.9), planar([-1, 0], [0.4, 1.5], correlation: 0.3),
    ]
    return all.flatMap { q in all.filter { $0 != q }.map { (q, $0) } }
  }()
}

extension Chapter1 {
  static func showGaussians(in notebook: Notebook) {
    notebook.section("1.8", "Gaussians, in closed form")
    notebook.verbatim(
      """
      one dimension    D = ½ (σ_q²/σ_p² + (µ_q − µ_p)²/σ_p² − 1 − log(σ_q²/σ_p²))
      diagonal         the sum of that over dimensions (1.5)
      full covariance  D = ½ (tr Σ_p⁻¹Σ_q + (µ_q − µ_p)ᵀΣ_p⁻¹(µ_q − µ_p) − d − log |Σ_p⁻¹Σ_q|)
      """)
    notebook.text(
      """
      Closed forms against integrals of q log(q/p): on the line; in the plane, where the density \
      is written with its 2 × 2 inverse and the closed form works through Cholesky factors; and in \
      three dimensions a full covariance against the diagonal one that it is a rotation of.
      """)
    let (a, b) = GaussianPair.planarExamples[4]
    let table: [(String, Double, Integral)] = [
      (
        "N(1, 3²) from N(0, 1)", klDivergence(line.q, relativeTo: line.p),
        divergenceByQuadrature(line.q, relativeTo: line.p)
      ),
      (
        "N(0, 1) from N(1, 3²)", klDivergence(line.p, relativeTo: line.q),
        divergenceByQuadrature(line.p, relativeTo: line.q)
      ),
      (
        "plane, correlation 0.8 from −0.9", klDivergence(a, relativeTo: b),
        divergenceByQuadrature(a, relativeTo: b)
      ),
      (
        "plane, correlation −0.9 from 0.8", klDivergence(b, relativeTo: a),
        divergenceByQuadrature(b, relativeTo: a)
      ),
    ]
    notebook.table(
      ["", "closed form", "quadrature", "its error", "evaluations"],
      table.map { name, exact, integral in
        [
          name, exact.decimals(9), integral.value.decimals(9), integral.error.scientific,
          "\(integral.evaluations)",
        ]
      })
    notebook.check(lineCheck)
    notebook.check(diagonalCheck)
    notebook.check(planeCheck)
    notebook.check(orthogonalityCheck)
    notebook.check(rotationCheck)
  }

  private static let line = (
    q: Normal(mean: 1, standardDeviation: 3), p: Normal.standard
  )

  private static var lineCheck: Check {
    let pairs = gaussianPairs(means: [-2, 0, 0.7], deviations: [0.1, 0.6, 1, 4])
    return .worst(
      of: pairs.map { q, p in
        quadratureCheck(
          "line: closed form = quadrature", klDivergence(q, relativeTo: p),
          divergenceByQuadrature(q, relativeTo: p))
      })
  }

  private static var diagonalCheck: Check {
    let q = DiagonalGaussian(mean: [0.5, -1], standardDeviation: [0.5, 2])
    let p = DiagonalGaussian(mean: [0, 1], standardDeviation: [1, 1.5])
    return quadratureCheck(
      "diagonal: sum over dimensions = quadrature in the plane", klDivergence(q, relativeTo: p),
      divergenceByQuadrature(Gaussian(q), relativeTo: Gaussian(p)))
  }

  private static var planeCheck: Check {
    .worst(
      of: GaussianPair.planarExamples.map { q, p in
        quadratureCheck(
          "full covariance: Cholesky = quadrature in the plane", klDivergence(q, relativeTo: p),
          divergenceByQuadrature(q, relativeTo: p))
      })
  }

  private static func quadratureCheck(
    _ identity: String, _ exact: Double, _ integral: Integral
  ) -> Check {
    .exact(
      "1.8", identity, exact, integral.value,
      allowance: integral.allowance(magnitude: 1 + exact))
  }

  private static var rotationCheck: Check {
    let q = DiagonalGaussian(mean: [0.5, -1, 2], standardDeviation: [0.3, 1, 3])
    let p = DiagonalGaussian(mean: [0, 1, 1], standardDeviation: [1, 2, 0.2])
    // The covariances' condition number, 100 for both, divides the accuracy of a solution.
    let condition = (3 / 0.3) * (3 / 0.3)
    return .worst(
      of: rotations.map { a in
        let rotated = klDivergence(
          affineImage(of: q, by: a, shift: [1, 2, 3]),
          relativeTo: affineImage(of: p, by: a, shift: [1, 2, 3]))
        return .exact(
          "1.8", "three dimensions, rotated: Cholesky = diagonal", rotated,
          klDivergence(q, relativeTo: p), allowance: condition * rounding(rotated))
      })
  }

  private static var rotations: [Matrix] {
    [0, 0.4, 1.1, 2.5].flatMap { alpha in [0.2, 0.9, 1.7].map { rotation(alpha, $0) } }
  }

  private static var orthogonalityCheck: Check {
    .worst(
      of: rotations.flatMap { a in
        let product = a * a.transpose
        return (0..<9).map { i in
          Check.exact(
            "1.8", "these rotations are rotations: A Aᵀ = I", product[i / 3, i % 3],
            i % 4 == 0 ? 1 : 0, allowance: rounding(1))
        }
      })
  }
}
