import TinyNumerics
import ToyModels

/// Eq. 3.11: the best guide with independent coordinates, Π_d N(m_d, s_d²), for a Gaussian
/// posterior of precision Λ. Coordinate ascent sets one factor at a time to the exact maximum of
/// the ELBO,
///   q_d(z_d) ∝ exp E_{q_{−d}}[log p(x, z)]:  m_d ← (h_d − Σ_{e≠d} Λ_de m_e)/Λ_dd,  s_d² = 1/Λ_dd.
/// The means come out right and the variances too small: s_d² is the variance of z_d *given* the
/// other coordinates.
///
/// - Source: Bishop, *Pattern Recognition and Machine Learning* (2006), section 10.1.2.
/// - Returns: the means after each update of a coordinate, the start included, and the last guide.
func meanFieldByCoordinates(
  _ joint: QuadraticJoint, from start: [Double], sweeps: Int
) -> (path: [[Double]], q: DiagonalGaussian) {
  let precision = joint.precision
  var path = [start]
  for _ in 0..<sweeps {
    for d in start.indices {
      var mean = path.last!
      let others = dot(precision.row(d), mean) - precision[d, d] * mean[d]
      mean[d] = (joint.slope[d] - others) / precision[d, d]
      path.append(mean)
    }
  }
  let q = DiagonalGaussian(
    mean: path.last!, standardDeviation: precision.diagonal.map { 1 / $0.squareRoot() })
  return (path, q)
}

/// The same guide by climbing the ELBO in (m, log s) all at once, from N(0, I):
///   ∂_m ELBO = h − Λm,   ∂_{log s_d} ELBO = 1 − Λ_dd s_d².
func meanFieldByAscent(_ joint: QuadraticJoint) -> (q: DiagonalGaussian, ascent: Ascent) {
  let dimension = joint.slope.count
  func guide(_ numbers: [Double]) -> DiagonalGaussian {
    DiagonalGaussian(
      mean: Array(numbers.prefix(dimension)),
      standardDeviation: numbers.suffix(dimension).map { exp($0) })
  }
  let start = Array(repeating: 0.0, count: 2 * dimension)
  let ascent = maximise(from: start, tolerance: ascentTolerance) { numbers in
    let q = guide(numbers)
    let byMean = zip(joint.slope, joint.precision * q.mean).map(-)
    let byScale = zip(joint.precision.diagonal, q.standardDeviation).map { 1 - $0 * $1 * $1 }
    return (joint.elbo(Gaussian(q)), byMean + byScale)
  }
  return (guide(ascent.point), ascent)
}

/// Eq. 3.11, in nats, exact: the gap that independence costs, D(q ‖ p(z|x)) = ½ (Σ_d log Λ_dd − log
/// |Λ|). It is zero exactly where Λ is diagonal (Hadamard's inequality).
///
/// - Requires: a symmetric, positive definite precision.
func meanFieldGap(precision: Matrix) -> Double {
  guard let factor = Cholesky(precision) else { fatalError("a precision is positive definite") }
  return 0.5 * (precision.diagonal.reduce(0) { $0 + log($1) } - factor.logDeterminant)
}
