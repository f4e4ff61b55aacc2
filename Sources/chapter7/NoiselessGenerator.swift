import TinyNetworks
import TinyNumerics
import ToyModels

/// A generator x = f(z) of one latent, tabulated at equally spaced z over |z| ≤ 8, and what adding noise to
/// its curve makes of it: p(x) = Σ_k h p(z_k) N(x; f(z_k), diag s_k²).
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

  /// p(x) on a rectangle of nodes, first · second. Given z the two coordinates are independent, so that the
  /// sum over z is a product of two matrices.
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

  /// The same for noise σ that is the same everywhere and small, measured from the nearest point of the
  /// curve: log p(x) = −d²/2σ² − log 2πσ² + log Σ_k h p(z_k) e^{(d² − |x − f(z_k)|²)/2σ²}.
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

/// Eq. 7.10: expectations over the ribbon p with its own noise, on a grid of the plane and on the
/// half-shifted grid (0.12 either way; p is nowhere narrower than 0.15).
struct RibbonPlane {
  private let sides: [(first: [Double], second: [Double])]
  /// p at the nodes, plain and shifted.
  private let densities: [[Double]]
  private let cell: Double

  init(_ model: NeuralModel = .example) {
    let (first, second) = (Grid(over: -5.4...6.6, count: 100), Grid(over: -6.6...6.6, count: 110))
    let sides = [false, true].map { shifted in
      (
        first: (0..<first.count).map { first.node($0, shifted: shifted) },
        second: (0..<second.count).map { second.node($0, shifted: shifted) }
      )
    }
    self.sides = sides
    let truth = NoisyCurve(model, nodes: 400)
    densities = sides.map { truth.density(first: $0.first, second: $0.second) }
    cell = first.spacing * second.spacing
  }

  /// E_p[f(x, p(x))].
  func expectation(of f: (_ x: SIMD2<Double>, _ density: Double) -> Double) -> Integral {
    average { _, x, density in [f(x, density)] }[0]
  }

  /// E_p log p_σ, and its slope in log σ, E_p[E(|x − f(z)|² | x)/σ² − 2]; z | x as p_σ has it.
  func score(noise: Double, model: NeuralModel = .example) -> (value: Integral, slope: Integral) {
    let curve = NoisyCurve(model, nodes: 400, noise: noise)
    let density = sides.map { curve.density(first: $0.first, second: $0.second) }
    let squares = sides.map { curve.density(first: $0.first, second: $0.second, power: 1) }
    let averages = average { node, _, _ in
      let density = density[node.side][node.i]
      return [log(density), squares[node.side][node.i] / density - 2]
    }
    return (averages[0], averages[1])
  }

  /// For noise near zero: E_p of log p_σ, of d², and of the nearest z's own log h p(z).
  ///
  /// f′ is nowhere above 5, so that a step of σ/5 in z is one of σ along the curve at most.
  func smallNoise(_ noise: Double, model: NeuralModel = .example) -> (
    score: Integral, squaredDistance: Integral, logWeight: Integral
  ) {
    let curve = NoisyCurve(model, nodes: Int(80 / noise), noise: noise)
    let averages = average(above: 1e-12) { _, x, _ in
      let (logDensity, squared, logWeight) = curve.small(noise, x)
      return [logDensity, squared, logWeight]
    }
    return (averages[0], averages[1], averages[2])
  }

  /// Sums over the nodes where p is above a floor, of several quantities at once.
  private func average(
    above floor: Double = 1e-20,
    _ f: (_ node: (side: Int, i: Int), SIMD2<Double>, Double) -> [Double]
  ) -> [Integral] {
    let sums = sides.indices.map { side -> [Double] in
      let (first, second) = sides[side]
      var sum: [Double] = []
      for (i, density) in densities[side].enumerated() where density > floor {
        let x = SIMD2(first[i / second.count], second[i % second.count])
        let terms = f((side, i), x, density).map { cell * density * $0 }
        sum = sum.isEmpty ? terms : zip(sum, terms).map(+)
      }
      return sum
    }
    return zip(sums[0], sums[1]).map {
      Integral($0, andShifted: $1, evaluations: 2 * densities[0].count)
    }
  }

  /// argmax_σ E_p log p_σ, where the slope is zero.
  var bestNoise: Double { root(near: 0.3, and: 0.35) { score(noise: $0).slope.value } }
}
