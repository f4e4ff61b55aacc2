import Foundation
import Testing
import TinyNumerics

@testable import chapter1

@Suite("eq. 1.T: wrong regularisers")
struct MistakeTests {
  @Test("eq. 1.T: each mistake is far from the right value")
  func wrong() {
    let q = Guide.example
    let right = regulariserByQuadrature(q).value
    #expect(Mistake.all.count == 6)
    for mistake in Mistake.all { #expect(abs(mistake.value(q) - right) > 1, "\(mistake.name)") }
  }

  /// What each mistake amounts to, said in another way.
  @Test("eq. 1.T: each mistake is the one that it says it is", arguments: [0.3, 1.7], [0, -0.8])
  func named(deviation: Double, mean: Double) {
    let q = DiagonalGaussian(mean: [mean, 1], standardDeviation: [deviation, 2])
    let right = regulariser(q)
    // σ in the place of σ² is the divergence of N(µ, σ); in that of log σ², of N(µ, e^σ).
    let asVariance = DiagonalGaussian(
      mean: q.mean, standardDeviation: q.standardDeviation.map { $0.squareRoot() })
    let asLogVariance = DiagonalGaussian(mean: q.mean, logVariance: q.standardDeviation)
    let swapped = (0..<2).reduce(0) {
      $0 + divergenceByQuadrature(.standard, relativeTo: q[$1]).value
    }
    let expected = [
      2 * right, regulariser(asVariance), regulariser(asLogVariance), swapped, right / 2,
      right / log(2),
    ]
    for (mistake, value) in zip(Mistake.all, expected) {
      #expect(relativeError(mistake.value(q), value) <= 1e-11, "\(mistake.name)")
      #expect(relativeError(mistake.meaning(q).value, value) <= 1e-11, "\(mistake.name)")
    }
  }
}
