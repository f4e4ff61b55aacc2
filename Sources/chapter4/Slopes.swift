import Notebook
import TinyNumerics

/// A gradient g of f held against f itself: along g, f has the slope ‖g‖. By five-point differences,
/// (8(f₁ − f₋₁) − (f₂ − f₋₂))/12h with f_k = f(x + kh g/‖g‖), whose error of order h⁴ is at most what a step of
/// 2h changes, and whose rounding is f's divided by h.
func slopeCheck(
  _ identity: String, label: String = "4.4", at point: [Double], _ gradient: [Double],
  of f: ([Double]) -> Double
) -> Check {
  let norm = length(gradient)
  func slope(_ h: Double) -> Double {
    func value(_ k: Double) -> Double { f(zip(point, gradient).map { $0 + k * h * $1 / norm }) }
    return (8 * (value(1) - value(-1)) - (value(2) - value(-2))) / (12 * h)
  }
  let h = 1e-3
  return .exact(
    label, "\(identity): slope = length", slope(h), norm,
    allowance: abs(slope(h) - slope(2 * h)) + rounding(f(point)) / h)
}
