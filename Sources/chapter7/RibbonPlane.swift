import TinyNumerics
import ToyModels

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
