import TinyNumerics
import ToyModels

// Guides of every shape and quality, for statements about all q.

extension Discrete {
  /// Probabilities proportional to e^{3ε}, ε standard normal: from even to nearly certain.
  static func random(
    outcomes: Int, using generator: inout some RandomNumberGenerator
  ) -> Discrete {
    Discrete(weights: (0..<outcomes).map { _ in exp(3 * generator.normal()) })
  }
}

extension Normal {
  /// µ from −3 to 3, σ from 0.03 to 3.
  static func random(using generator: inout some RandomNumberGenerator) -> Normal {
    Normal(
      mean: 6 * generator.uniform() - 3,
      standardDeviation: 0.03 * pow(100, generator.uniform()))
  }
}

extension Double {
  /// How far to go from the posterior to a random guide: from a thousandth of the way to nearly all
  /// of it.
  static func randomShare(using generator: inout some RandomNumberGenerator) -> Double {
    0.999 * pow(1000, -generator.uniform())
  }
}

extension Gaussian {
  /// Mean and covariance on the straight line from this Gaussian's to the other's.
  func moved(towards other: Gaussian, share: Double) -> Gaussian {
    Gaussian(
      mean: zip(mean, other.mean).map { (1 - share) * $0 + share * $1 },
      covariance: (1 - share) * covariance + share * other.covariance)
  }

  /// A mean of independent normals and a covariance AAᵀ + 0.01 I with independent normal entries of
  /// A.
  static func random(
    dimension: Int, using generator: inout some RandomNumberGenerator
  ) -> Gaussian {
    let mean = (0..<dimension).map { _ in generator.normal() }
    let a = Matrix(rows: dimension, columns: dimension) { _, _ in 0.7 * generator.normal() }
    return Gaussian(
      mean: mean, covariance: a * a.transpose + 0.01 * Matrix.identity(dimension))
  }
}
