import Foundation
import Testing
import TinyNumerics
import ToyModels

// What the tests of this chapter share: models nobody has looked at before.

/// Weights, centres and widths at random.
func randomMixture(using generator: inout Threefry, classes: Int = 4) -> MixtureModel {
  MixtureModel(
    weights: (0..<classes).map { _ in 0.1 + generator.uniform() },
    components: (0..<classes).map { _ in
      Normal(mean: 2 * generator.normal(), standardDeviation: 0.3 + generator.uniform())
    })
}

/// A linear-Gaussian model with D latents and J data dimensions and a full noise covariance.
func randomLinear(
  _ d: Int, _ j: Int, using generator: inout Threefry
) -> LinearGaussianModel {
  let square = Matrix(rows: j, columns: j) { _, _ in 0.4 * generator.normal() }
  return LinearGaussianModel(
    weights: Matrix(rows: j, columns: d) { _, _ in generator.normal() },
    offset: (0..<j).map { _ in generator.normal() },
    noiseCovariance: square * square.transpose + 0.3 * Matrix.identity(j))
}

/// Observations of the neural model: where its ribbon crosses itself, on it, and beside it.
let neuralPoints = [SIMD2(0.48, 0.3), SIMD2(1.5, 0.5), SIMD2(-1, 0.8), SIMD2(2, 0.5)]

func standardErrorsOff(_ estimate: Estimate, _ exact: Double) -> Double {
  abs(estimate.mean - exact) / estimate.standardError
}
