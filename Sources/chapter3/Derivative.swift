import TinyNumerics

/// df/dt by central differences with steps h, h/2, h/4 and h/8, extrapolated to step 0
/// (Richardson).
///
/// The error estimate is the last change of the extrapolation, plus what errors of f cost: two
/// values, each off by δ, are divided by twice the last step, h/8, and the extrapolation at most
/// doubles that (Π (4ᵏ + 1)/(4ᵏ − 1) = 1.95 over k = 1, 2, 3). So 16 δ/h.
/// - Parameters:
///   - error: of f itself, beside rounding.
///   - terms: how many numbers f adds up.
func derivative(
  at t: Double = 0, step h: Double = 0.1, error: Double = 0, terms: Int = 64,
  of f: (Double) -> Double
) -> Integral {
  var table: [Double] = []
  var (change, largest) = (Double.infinity, 0.0)
  for level in 0..<4 {
    let step = h / Double(1 << level)
    let (above, below) = (f(t + step), f(t - step))
    var row = [(above - below) / (2 * step)]
    for (k, previous) in table.enumerated() {
      // the error's terms in step², step⁴, … go one after the other
      row.append(row[k] + (row[k] - previous) / (pow(4, Double(k + 1)) - 1))
    }
    if let coarser = table.last { change = abs(row.last! - coarser) }
    largest = max(largest, abs(above), abs(below))
    table = row
  }
  let delta = error + rounding(largest, terms: terms)
  return Integral(value: table.last!, error: change + 16 * delta / h, evaluations: 8)
}
