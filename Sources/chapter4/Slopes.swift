import Notebook
import TinyNumerics

/// A gradient g of f held against f itself: along g, f has the slope ‖g‖. By five-point
/// differences.
func slopeCheck(
  _ identity: String, label: String, at point: [Double], _ gradient: [Double],
  of f: ([Double]) -> Double
) -> Check {
  let norm = length(gradient)
  let slope = fivePointDerivative(step: 1e-3) { h in
    f(zip(point, gradient).map { $0 + h * $1 / norm })
  }
  return .exact(
    label, "\(identity): slope = length", slope.value, norm, allowance: slope.error)
}
