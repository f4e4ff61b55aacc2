/// Central differences (f(x + heᵢ) − f(x − heᵢ)) / 2h in every entry of a point.
///
/// The error is h²f‴/6 from Taylor's next term and about 1e-16 |f|/h from rounding; h = 1e-5
/// balances them near 1e-11 for functions of moderate size.
func centralDifferences(
  at point: [Double], step h: Double = 1e-5, _ f: ([Double]) -> Double
) -> [Double] {
  point.indices.map { i in
    var (up, down) = (point, point)
    up[i] += h
    down[i] -= h
    return (f(up) - f(down)) / (2 * h)
  }
}

/// f′(x) from four neighbours, (8(f(x+h) − f(x−h)) − (f(x+2h) − f(x−2h)))/12h: exact for
/// polynomials up to degree 4, error h⁴f⁽⁵⁾/30 beyond, rounding about 1e-16 |f|/h.
func fivePointDerivative(at x: Double = 0, step h: Double = 5e-3, _ f: (Double) -> Double)
  -> Double
{
  (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h)
}

/// ‖a − b‖ / ‖b‖: the error of a whole gradient. (A component alone may be far smaller than the
/// others, and then has fewer digits.) Two zeros agree: behind a layer whose ReLUs all are off,
/// both must be 0.
func normwiseError(_ a: some Collection<Double>, _ b: some Collection<Double>) -> Double {
  let distance = zip(a, b).reduce(0) { $0 + square($1.0 - $1.1) }
  return distance == 0 ? 0 : (distance / b.reduce(0) { $0 + square($1) }).squareRoot()
}
