import TinyNumerics

/// Logistic regression, p(y = 1 | x) = sigmoid(w_0 + Σ_k w_k x_k), with the prior N(0, 1/λ) on
/// every weight: the maximum of
///   L(w) = Σ_i c_i log p(y_i | x_i) − ½ λ ‖w‖²,   c_i how often row i was seen,
/// by Newton's full steps from w = 0. L is concave: there is one maximum, and no seed.
///
/// With a = (1, x) and s = sigmoid(w·a):  ∇L = Σ c (y − s) a − λw,  −∇²L = Σ c s(1 − s) aaᵀ + λI.
struct LogisticRegression {
  struct Row {
    let features: [Double]
    let label: Bool
    let weight: Double
  }

  /// w, the intercept w_0 first.
  private(set) var weights: [Double]
  /// ‖∇L‖ at w.
  private(set) var gradientNorm = Double.infinity
  /// How far w may be from the maximum: ‖∇L‖ and its rounding over the smallest curvature; not a
  /// number if the steps have not got there.
  private(set) var error = Double.nan
  private(set) var steps = 0

  var intercept: Double { weights[0] }
  var slopes: [Double] { Array(weights.dropFirst()) }

  /// - Parameter limit: the most steps. Where there is no maximum (a constant label, separable
  ///   rows, and λ = 0) they walk away for ever; they end early where the curvature has vanished.
  init(_ rows: [Row], priorPrecision lambda: Double, steps limit: Int = 30) {
    let size = 1 + rows[0].features.count
    weights = Array(repeating: 0, count: size)
    let total = rows.reduce(0) { $0 + $1.weight }
    while true {
      let (gradient, curvature) = derivatives(rows, lambda)
      gradientNorm = dot(gradient, gradient).squareRoot()
      guard let factor = Cholesky(curvature) else { return }
      let noise = rounding(total, terms: rows.count)
      if gradientNorm <= noise {
        error = (gradientNorm + noise) / (SymmetricEigen(curvature).eigenvalues.last ?? 0)
      }
      guard gradientNorm > noise, steps < limit else { return }
      weights = zip(weights, factor.solve(gradient)).map(+)
      steps += 1
    }
  }

  func logit(_ features: [Double]) -> Double { intercept + dot(slopes, features) }

  /// ∇L and −∇²L. Features that are 0 are passed over: of binary rows most are.
  private func derivatives(_ rows: [Row], _ lambda: Double) -> ([Double], Matrix) {
    var gradient = weights.map { -lambda * $0 }
    let size = weights.count
    var curvature = [Double](repeating: 0, count: size * size)
    for row in rows {
      let a = [1] + row.features
      let active = a.indices.filter { a[$0] != 0 }
      let s = sigmoid(active.reduce(0) { $0 + weights[$1] * a[$1] })
      let residual = row.weight * ((row.label ? 1 : 0) - s)
      let variance = row.weight * s * (1 - s)
      for i in active {
        gradient[i] += residual * a[i]
        for k in active where k <= i { curvature[i * size + k] += variance * a[i] * a[k] }
      }
    }
    let symmetric = Matrix(rows: size, columns: size) { i, k in
      curvature[max(i, k) * size + min(i, k)] + (i == k ? lambda : 0)
    }
    return (gradient, symmetric)
  }
}
