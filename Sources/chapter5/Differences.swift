import TinyNumerics

/// Central differences (f(x + heᵢ) − f(x − heᵢ)) / 2h in every entry of a point.
///
/// The error is h²f‴/6 from Taylor's next term, at most what a step of 2h changes, and f's rounding
/// divided by h; h = 1e-5 balances them for functions of moderate size.
func centralDifferences(
  at point: [Double], step h: Double = 1e-5, _ f: ([Double]) -> Double
) -> [Integral] {
  let rounding = rounding(f(point)) / h
  return point.indices.map { i in
    func slope(_ h: Double) -> Double {
      var (up, down) = (point, point)
      up[i] += h
      down[i] -= h
      return (f(up) - f(down)) / (2 * h)
    }
    let (fine, coarse) = (slope(h), slope(2 * h))
    return Integral(value: fine, error: abs(fine - coarse) + rounding, evaluations: 4)
  }
}

/// ‖a − b‖ / ‖b‖: the error of a whole gradient. (A component alone may be far smaller than the
/// others, and then has fewer digits.) Two zeros agree: behind a layer whose ReLUs all are off,
/// both must be 0.
func normwiseError(_ a: [Double], _ b: [Double]) -> Double {
  let distance = zip(a, b).reduce(0) { $0 + square($1.0 - $1.1) }
  return distance == 0 ? 0 : (distance / b.reduce(0) { $0 + square($1) }).squareRoot()
}
