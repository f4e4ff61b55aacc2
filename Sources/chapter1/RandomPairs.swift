import Foundation
import TinyNumerics

/// Kinds of pairs (P, Q) on which formulas for D(P ‖ Q) are tried.
enum PairKind: String, CaseIterable {
  case ordinary
  case nearlyEqual = "nearly equal"
  case nearlyDegenerate = "nearly degenerate"
  case both = "nearly degenerate and nearly equal"

  var isNearlyEqual: Bool { self == .nearlyEqual || self == .both }
  var isNearlyDegenerate: Bool { self == .nearlyDegenerate || self == .both }
}

/// P ∝ e^{sg} with g standard normal, over 2…64 outcomes; s = 1, or s = 40 for a P that has nearly
/// all of its mass on one outcome. Q is drawn likewise, or is P with its weights moved up or down
/// by a share of at most δ, where δ itself varies from 10⁻¹⁰ to 10⁻².
func randomPair(
  _ kind: PairKind, using generator: inout some RandomNumberGenerator
) -> (p: Discrete, q: Discrete) {
  let count = Int.random(in: 2...64, using: &generator)
  let sharpness: Double = kind.isNearlyDegenerate ? 40 : 1
  let weights = randomWeights(count, sharpness: sharpness, using: &generator)
  guard kind.isNearlyEqual else {
    let others = randomWeights(count, sharpness: sharpness, using: &generator)
    return (Discrete(weights: weights), Discrete(weights: others))
  }
  let delta = pow(10, -10 + 8 * generator.uniform())
  let moved = weights.map { $0 * (1 + delta * Double.random(in: -1...1, using: &generator)) }
  return (Discrete(weights: weights), Discrete(weights: moved))
}

func randomWeights(
  _ count: Int, sharpness: Double = 1, using generator: inout some RandomNumberGenerator
) -> [Double] {
  (0..<count).map { _ in exp(sharpness * generator.normal()) }
}
