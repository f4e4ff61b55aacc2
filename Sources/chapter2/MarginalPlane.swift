import Foundation
import TinyNetworks
import TinyNumerics
import ToyModels

/// z ↦ the mean and the log-variance of the two coordinates of x.
typealias Decode = (Double) -> (mean: SIMD2<Double>, logVariance: SIMD2<Double>)

/// A density on the plane, tabulated on a rectangle of equally spaced nodes and again on the
/// half-shifted ones, so that every integral over it comes with an error estimate.
struct PlaneDensity {
  let first: Grid
  let second: Grid
  /// Values at (first node i, second node j), i · second.count + j: plain, then shifted.
  private let values: [[Double]]

  /// A decoder's marginal p(x) = ∫ N(x; f(z), diag exp g(z)) p(z) dz (eq. 2.10).
  ///
  /// Given z the two coordinates are independent, so that the sum over the nodes of z is a product
  /// of two matrices: (x₁ nodes × z nodes) times (z nodes × x₂ nodes).
  init(
    marginalOf decode: Decode, first: Grid, second: Grid,
    latents: Grid = Grid(over: -8...8, count: 768)
  ) {
    let table = DecoderTable(decode, nodes: latents)
    self.first = first
    self.second = second
    values = [false, true].map { shifted in
      table.density(
        first: (0..<first.count).map { first.node($0, shifted: shifted) },
        second: (0..<second.count).map { second.node($0, shifted: shifted) })
    }
  }

  /// Any density that can be evaluated point by point.
  init(first: Grid, second: Grid, _ density: (Double, Double) -> Double) {
    self.first = first
    self.second = second
    values = [false, true].map { shifted in
      (0..<first.count).flatMap { i in
        (0..<second.count).map { j in
          density(first.node(i, shifted: shifted), second.node(j, shifted: shifted))
        }
      }
    }
  }

  /// Σ f over the nodes of each side, 0 for plain and 1 for shifted: f is given the node and its
  /// mass, p(x) times the cell. Nodes that together hold less than 10⁻²⁰ are not asked.
  func sum(_ f: (_ side: Int, _ x: SIMD2<Double>, _ mass: Double) -> Double) -> Integral {
    let cell = first.spacing * second.spacing
    let sums = [false, true].enumerated().map { side, shifted in
      var sum = 0.0
      for i in 0..<first.count {
        let x1 = first.node(i, shifted: shifted)
        for j in 0..<second.count {
          let mass = values[side][i * second.count + j] * cell
          guard mass > 1e-25 else { continue }
          sum += f(side, SIMD2(x1, second.node(j, shifted: shifted)), mass)
        }
      }
      return sum
    }
    return Integral(sums[0], andShifted: sums[1], evaluations: 2 * first.count * second.count)
  }

  /// ∬ p(x) f(x, log p(x)) dx.
  func expectation(of f: (_ x: SIMD2<Double>, _ logDensity: Double) -> Double) -> Integral {
    let logCell = log(first.spacing * second.spacing)
    return sum { _, x, mass in mass * f(x, log(mass) - logCell) }
  }

  /// p at a node of the plain grid.
  func value(_ i: Int, _ j: Int) -> Double { values[0][i * second.count + j] }

  /// ∬ p, which is 1.
  var mass: Integral { expectation { _, _ in 1 } }

  /// H(p) = −∬ p log p, in nats.
  var entropy: Integral { expectation { _, logDensity in -logDensity } }

  /// D(p ‖ q) = ∬ p (log p − log q), in nats (eq. 1.8 by quadrature).
  func divergence(from q: Gaussian) -> Integral {
    expectation { x, logDensity in logDensity - q.logDensity([x.x, x.y]) }
  }

  /// Mean and covariance from the table alone.
  var moments: Moments {
    let mean = SIMD2(expectation { x, _ in x.x }.value, expectation { x, _ in x.y }.value)
    return Moments(
      mean: [mean.x, mean.y],
      covariance: Matrix(rows: 2, columns: 2) { i, j in
        expectation { x, _ in (x[i] - mean[i]) * (x[j] - mean[j]) }.value
      })
  }
}

/// The decoder's two outputs and the prior's weight at each node of z, computed once.
struct DecoderTable {
  private let weights: [Double]
  private let components: [(first: Normal, second: Normal)]

  init(_ decode: Decode, nodes: Grid) {
    let latents = (0..<nodes.count).map { nodes.node($0) }
    weights = latents.map { nodes.spacing * Normal.standard.density($0) }
    components = latents.map { z in
      let (mean, logVariance) = decode(z)
      return (
        Normal(mean: mean.x, variance: exp(logVariance.x)),
        Normal(mean: mean.y, variance: exp(logVariance.y))
      )
    }
  }

  /// p(x) at one point.
  func density(_ x: SIMD2<Double>) -> Double {
    var sum = 0.0
    for (weight, normals) in zip(weights, components) {
      let a = (x.x - normals.first.mean) / normals.first.standardDeviation
      let b = (x.y - normals.second.mean) / normals.second.standardDeviation
      let scale = normals.first.standardDeviation * normals.second.standardDeviation
      sum += weight / scale * exp(-0.5 * (a * a + b * b))
    }
    return sum / (2 * .pi)
  }

  /// p(x₁, x₂) for every pair of a first and a second coordinate, the first one slowest.
  func density(first: [Double], second: [Double]) -> [Double] {
    let left = first.flatMap { x in
      zip(weights, components).map { $0 * $1.first.density(x) }
    }
    let right = components.flatMap { normals in second.map { normals.second.density($0) } }
    return matrixProduct(
      left, right, rows: first.count, depth: weights.count, columns: second.count)
  }
}

extension NeuralModel {
  /// A rectangle that reaches at least nine standard deviations of p(x|z) beyond the ribbon, its
  /// spacing below half of the narrowest one.
  static let plane = (
    first: Grid(over: -6...6.6, count: 180), second: Grid(over: -6...6.6, count: 180)
  )

  /// log p(x) − log g(x) of ancestral draws x ~ p, in nats: its mean is D(p ‖ g). Sampled; each
  /// p(x) is a sum over 256 nodes of z.
  func divergenceEstimate(
    from g: Gaussian, draws: Int, using generator: inout some RandomNumberGenerator
  ) -> Estimate {
    let table = DecoderTable(decode, nodes: Grid(over: -8...8, count: 256))
    return Estimate(draws: draws) {
      let x = sample(using: &generator).x
      return log(table.density(x)) - g.logDensity([x.x, x.y])
    }
  }
}
