import TinyNetworks
import TinyNumerics
import ToyModels

/// Eq. 7.10: a generator x = f(z) of one latent, tabulated at equally spaced z over |z| ≤ 8, and
/// what adding noise to its curve makes of it: p(x) = Σ_k h p(z_k) N(x; f(z_k), diag s_k²).
struct NoisyCurve {
  let points: [SIMD2<Double>]
  let deviations: [SIMD2<Double>]
  /// h p(z_k).
  let weights: [Double]

  /// - Parameter noise: s_k, the same everywhere; nil for the model's own.
  init(_ model: NeuralModel, nodes: Int, noise: Double? = nil) {
    let grid = Grid(over: -8...8, count: nodes)
    let z = (0..<nodes).map { grid.node($0) }
    points = z.map { model.decode($0).mean }
    deviations = z.map {
      let own = 0.5 * model.decode($0).logVariance
      return noise.map { SIMD2(repeating: $0) } ?? SIMD2(exp(own.x), exp(own.y))
    }
    weights = z.map { grid.spacing * Normal.standard.density($0) }
  }

  /// p(x) on a rectangle of nodes, first · second. Given z the two coordinates are independent, so
  /// that the sum over z is a product of two matrices.
  ///
  /// - Parameter power: |x − f(z)|² under the sum, 0 or 1 times, in units of the noise.
  func density(first: [Double], second: [Double], power: Int = 0) -> [Double] {
    let count = points.count
    func factor(_ x: Double, _ k: Int, _ j: Int) -> (density: Double, square: Double) {
      let e = (x - points[k][j]) / deviations[k][j]
      return (exp(-0.5 * e * e - 0.5 * logTwoPi) / deviations[k][j], e * e)
    }
    var sum = [Double](repeating: 0, count: first.count * second.count)
    // Σ_k w_k A_k B_k, and with the square Σ_k w_k (A_k a_k² B_k + A_k B_k b_k²)
    for squared in 0...power {
      let left = first.flatMap { x in
        (0..<count).map { k -> Double in
          let (density, square) = factor(x, k, 0)
          return weights[k] * density * (power == 1 && squared == 0 ? square : 1)
        }
      }
      let right = (0..<count).flatMap { k in
        second.map { x -> Double in
          let (density, square) = factor(x, k, 1)
          return density * (squared == 1 ? square : 1)
        }
      }
      var product = sum
      matrixProduct(
        left, right, rows: first.count, depth: count, columns: second.count, into: &product)
      for i in sum.indices { sum[i] += product[i] }
    }
    return sum
  }

  /// log p(x), by the logarithm of a sum.
  func logDensity(_ x: SIMD2<Double>) -> Double {
    var sum = LogSum()
    for k in points.indices {
      let e = (x - points[k]) / deviations[k]
      let volume = deviations[k].x * deviations[k].y
      sum.add(log(weights[k]) - 0.5 * (e * e).sum() - logTwoPi - log(volume))
    }
    return sum.value
  }

  /// The same for noise σ that is the same everywhere and small, measured from the nearest point of
  /// the curve: log p(x) = −d²/2σ² − log 2πσ² + log Σ_k h p(z_k) e^{(d² − |x − f(z_k)|²)/2σ²}.
  ///
  /// - Returns: also d² and log h p(z) of that point. What is e⁻⁴⁰ of its term or less is left out.
  func small(_ noise: Double, _ x: SIMD2<Double>) -> (
    logDensity: Double, squaredDistance: Double, logWeight: Double
  ) {
    var nearest = (k: 0, squared: Double.infinity)
    for k in points.indices {
      let e = x - points[k]
      let squared = (e * e).sum()
      if squared < nearest.squared { nearest = (k, squared) }
    }
    let scale = 2 * noise * noise
    var sum = 0.0
    for k in points.indices {
      let e = x - points[k]
      let excess = (e * e).sum() - nearest.squared
      if excess < 40 * scale { sum += weights[k] * exp(-excess / scale) }
    }
    let logDensity = log(sum) - nearest.squared / scale - log(.pi * scale)
    return (logDensity, nearest.squared, log(weights[nearest.k]))
  }
}
