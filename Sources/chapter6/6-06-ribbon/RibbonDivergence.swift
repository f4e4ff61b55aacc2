import Foundation
import ImageModels
import TinyNumerics

/// The plane with p_true on a grid, so that other densities can be held against it:
///   D(p_true ‖ q) = ∬ p_true (log p_true − log q) dx,
/// the mean of two sums, on a grid of 0.12 either way (p_true is nowhere narrower than 0.15) and on
/// the half-shifted grid; half of their difference is the error estimate.
struct RibbonPlane {
  /// The truth.
  let joint: RibbonJoint
  /// For the plain and the shifted grid: where the truth is at least e⁻⁴⁶ = 1e-20. (What is left
  /// out has a mass below 2e-18.)
  private let nodes: [[Node]]

  private struct Node {
    let x: SIMD2<Double>
    let logDensity: Double
    /// h₁h₂ p_true.
    let weight: Double
  }

  /// Means within (−1.4, 2.0) × (−1.2, 1.9), nine standard deviations of x | z either side.
  static let sides = (Grid(over: -5.4...6.6, count: 100), Grid(over: -6.6...6.6, count: 110))

  init(_ joint: RibbonJoint) {
    self.joint = joint
    let (first, second) = RibbonPlane.sides
    nodes = [false, true].map { shifted in
      (0..<first.count).flatMap { i in
        (0..<second.count).compactMap { j in
          let x = SIMD2(first.node(i, shifted: shifted), second.node(j, shifted: shifted))
          let logDensity = joint.logEvidence(x)
          let weight = first.spacing * second.spacing * exp(logDensity)
          return logDensity < -46 ? nil : Node(x: x, logDensity: logDensity, weight: weight)
        }
      }
    }
  }

  /// E[f(x, log p_true(x))] over p_true.
  func expectation(of f: (SIMD2<Double>, Double) -> Double) -> Integral {
    let sums = nodes.map { $0.reduce(0) { $0 + $1.weight * f($1.x, $1.logDensity) } }
    return Integral(
      sums[0], andShifted: sums[1], evaluations: nodes[0].count + nodes[1].count)
  }

  /// D(p_true ‖ q), in nats, from log q.
  func divergence(from logDensity: (SIMD2<Double>) -> Double) -> Integral {
    expectation { x, logTrue in logTrue - logDensity(x) }
  }

  /// H(p_true), in nats.
  var entropy: Integral { expectation { _, logTrue in -logTrue } }

  /// What a model's posteriors miss on average, in nats, the better of its two signs of z:
  ///   E_x D(p_true(z|x) ‖ p_θ(z|x)) = D(p_true(x, z) ‖ p_θ(x, z)) − D(p_true(x) ‖ p_θ(x)),
  /// the chain rule of eq. 1.5. The two joints share p(z), so that the first is an integral over z
  /// of divergences between Gaussians.
  func posteriorDivergence(from other: RibbonJoint, marginal: Double) -> Double {
    min(
      jointDivergence(joint, relativeTo: other), jointDivergence(joint, relativeTo: other.mirrored)
    ) - marginal
  }

  /// I(x; z) = H(x) − E_z H(x|z), in nats: what the posterior knows beyond the prior, on average.
  var information: Double {
    let conditional = zip(RibbonJoint.z, joint.logVariances).reduce(0) { sum, node in
      let entropy = 0.5 * node.1.sum() + logTwoPi + 1
      return sum + RibbonJoint.grid.spacing * Normal.standard.density(node.0) * entropy
    }
    return entropy.value - conditional
  }
}

/// D(p(x, z) ‖ q(x, z)) = ∫ p(z) D(p(x|z) ‖ q(x|z)) dz for two models with one prior, in nats: both
/// Gaussian given z, with the divergence of eq. 1.8 in each of the two coordinates.
func jointDivergence(_ p: RibbonJoint, relativeTo q: RibbonJoint) -> Double {
  RibbonJoint.z.indices.reduce(0) { sum, k in
    var divergence = 0.0
    for j in 0..<2 {
      divergence += klDivergence(
        Normal(mean: p.means[k][j], standardDeviation: exp(0.5 * p.logVariances[k][j])),
        relativeTo: Normal(
          mean: q.means[k][j], standardDeviation: exp(0.5 * q.logVariances[k][j])))
    }
    let weight = RibbonJoint.grid.spacing * Normal.standard.density(RibbonJoint.z[k])
    return sum + weight * divergence
  }
}

/// The Gaussian with the truth's own mean and covariance, by the laws of total expectation and
/// variance (eq. 2.9): E[x] = E_z f,  Cov[x] = E_z diag exp g + Cov_z f. Of all Gaussians it has
/// the smallest D(p_true ‖ ·), which is ½ log |2πe Cov| − H(p_true).
func momentGaussian(of joint: RibbonJoint) -> Gaussian {
  let weights = RibbonJoint.z.map { RibbonJoint.grid.spacing * Normal.standard.density($0) }
  func average(_ f: (Int) -> Double) -> Double {
    weights.indices.reduce(0) { $0 + weights[$1] * f($1) }
  }
  let mean = (0..<2).map { j in average { joint.means[$0][j] } }
  return Gaussian(
    mean: mean,
    covariance: Matrix(rows: 2, columns: 2) { i, j in
      let between = average { (joint.means[$0][i] - mean[i]) * (joint.means[$0][j] - mean[j]) }
      return between + (i == j ? average { exp(joint.logVariances[$0][i]) } : 0)
    })
}
