/// Where a climb to a maximum has ended.
public struct Ascent: Sendable, Equatable {
  public let point: [Double]
  public let value: Double
  public let gradientNorm: Double
  public let iterations: Int
  /// Whether the gradient's norm fell to the tolerance, at a finite value.
  public let converged: Bool
}

/// Climbs from `start` to a local maximum of a smooth function of few variables, by the BFGS
/// method: along H∇f, where H ≈ (−∇²f)⁻¹ is learnt from how the gradient changes on the way.
///
/// Deterministic, and it ends after at most `limit` steps, converged or not. Where the function is
/// NaN or infinite a step is shortened, so a domain may end without a fence. The value never falls,
/// but for rounding. Of several maxima it finds the one uphill: start from several points.
///
/// - Source: Nocedal and Wright, *Numerical Optimization* (2nd edition), chapters 3 and 6.
/// - Parameter tolerance: for the norm of the gradient, absolute.
public func maximise(
  from start: [Double], tolerance: Double = 1e-8, iterations limit: Int = 500,
  _ objective: ([Double]) -> (value: Double, gradient: [Double])
) -> Ascent {
  var here = Ground(at: start, objective)
  let steepest = Matrix.identity(start.count)
  var inverseHessian = steepest
  var iteration = 0
  while here.isFinite, here.steepness > tolerance, iteration < limit {
    iteration += 1
    let direction = inverseHessian * here.gradient
    guard let next = here.step(along: direction, objective) else {
      if inverseHessian == steepest { break }
      inverseHessian = steepest  // what was learnt has misled: forget it, once
      continue
    }
    let s = zip(next.point, here.point).map(-)
    let y = zip(here.gradient, next.gradient).map(-)
    if inverseHessian == steepest { inverseHessian = (dot(s, y) / dot(y, y)) * steepest }
    inverseHessian = updated(inverseHessian, step: s, gradientFall: y)
    here = next
  }
  return Ascent(
    point: here.point, value: here.value, gradientNorm: here.steepness, iterations: iteration,
    converged: here.isFinite && here.steepness <= tolerance)
}

/// H ← (I − s yᵀ/sᵀy) H (I − y sᵀ/sᵀy) + s sᵀ/sᵀy, so that H y = s; positive definite as sᵀy > 0.
/// Multiplied out, it is H plus a matrix of rank two, n² operations instead of n³:
///   H ← H − (v sᵀ + s vᵀ)/sᵀy + (1 + yᵀv/sᵀy) s sᵀ/sᵀy,   v = H y.
private func updated(_ h: Matrix, step s: [Double], gradientFall y: [Double]) -> Matrix {
  let sy = dot(s, y)
  let v = h * y
  let stretch = 1 + dot(y, v) / sy
  return Matrix(rows: s.count, columns: s.count) { i, j in
    h[i, j] + (stretch * s[i] * s[j] - v[i] * s[j] - s[i] * v[j]) / sy
  }
}

/// A point with the function's value and gradient there.
private struct Ground {
  let point: [Double]
  let value: Double
  let gradient: [Double]

  init(at point: [Double], _ objective: ([Double]) -> (value: Double, gradient: [Double])) {
    self.point = point
    (value, gradient) = objective(point)
    require(gradient.count == point.count, "a gradient with one entry a variable")
  }

  var isFinite: Bool { value.isFinite && gradient.allSatisfy { $0.isFinite } }
  var steepness: Double { dot(gradient, gradient).squareRoot() }

  /// The first point on a ray that fulfils Wolfe's two conditions: the value has risen by a fair
  /// share of what the slope promised, and the slope has fallen. Found by doubling the step while
  /// it is too short and halving the interval once there is one too long; `nil` if neither ends.
  func step(
    along direction: [Double], _ objective: ([Double]) -> (value: Double, gradient: [Double])
  ) -> Ground? {
    let slope = dot(gradient, direction)
    guard slope > 0, slope.isFinite else { return nil }
    let rounding = 4 * abs(value) * .ulpOfOne  // near a maximum, values differ by less than this
    var (short, long) = (0.0, Double.infinity)
    var length = 1.0
    for _ in 0..<60 {
      let next = Ground(at: zip(point, direction).map { $0 + length * $1 }, objective)
      if !next.isFinite || next.value < value + 1e-4 * length * slope - rounding {
        long = length
      } else if dot(next.gradient, direction) > 0.9 * slope {
        short = length
      } else {
        return next
      }
      length = long.isFinite ? (short + long) / 2 : 2 * length
    }
    return nil
  }
}
