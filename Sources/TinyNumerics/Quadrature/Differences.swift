/// f′(x) from four neighbours, (8(f(x + h) − f(x − h)) − (f(x + 2h) − f(x − 2h)))/12h: exact for
/// polynomials up to degree 4, off by h⁴f⁽⁵⁾/30 beyond.
///
/// The reported error is what a step of 2h changes, about fifteen times as much as the rule is off,
/// plus f's own rounding divided by h.
public func fivePointDerivative(
  at x: Double = 0, step h: Double = 5e-3, _ f: (Double) -> Double
) -> Integral {
  func slope(_ h: Double) -> Double {
    (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h)
  }
  let (fine, coarse) = (slope(h), slope(2 * h))
  let size = max(abs(f(x - h)), abs(f(x + h)))  // f itself may be 0 at x
  return Integral(value: fine, error: abs(fine - coarse) + rounding(size) / h, evaluations: 10)
}
