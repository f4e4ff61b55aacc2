import Foundation
import TinyNumerics
import ToyModels

/// Eq. 5.9: a guide over K classes by its logits, q(z) = exp η_z / Σ_j exp η_j, and the ELBO of the
/// mixture model at one x, ELBO(η) = Σ_z q(z) [log p(x, z) − log q(z)], in nats.
struct DiscreteGuide {
  let model: MixtureModel
  let x: Double
  var logits: [Double]

  /// From even odds, at an x between two classes.
  static let example = DiscreteGuide(model: .example, x: -0.4, logits: [0, 0, 0])

  var q: Discrete { Discrete(weights: logits.map { exp($0) }) }

  /// log p(x, z) − log q(z).
  func integrand(_ z: Int) -> Double { model.logJoint(x, z) - q.logProbability(z) }

  /// A finite sum.
  var elbo: Double {
    let q = q
    return q.expectation { model.logJoint(x, $0) - q.logProbability($0) }.value
  }

  /// log p(x) − ELBO.
  var gap: Double { klDivergence(q, relativeTo: model.posterior(given: x)) }

  /// One draw of the score-function estimate of ∂ELBO/∂η_k (eq. 5.4), with
  /// ∂_k log q(z) = [z = k] − q(k). (−∂ log q inside the brackets averages to 0 and is left out.)
  func scoreGradient(_ z: Int, _ k: Int, baseline: Double = 0) -> Double {
    (integrand(z) - baseline) * ((z == k ? 1 : 0) - q.probabilities[k])
  }

  /// The inverse-CDF "path" z(u; η): the number of classes whose cumulative probability is
  /// u or less.
  func latent(atNoise u: Double) -> Int {
    var (z, cumulative) = (0, q.probabilities[0])
    while cumulative <= u, z < q.count - 1 {
      z += 1
      cumulative += q.probabilities[z]
    }
    return z
  }

  /// ∂z/∂η_k along that path, u held fixed: the limit of (z(u; η_k + h) − z(u; η_k − h))/2h, with h
  /// small enough for this u that no edge of the staircase can pass it (an edge moves by at most
  /// h/4).
  func pathSlope(atNoise u: Double, _ k: Int) -> Double {
    let edges = (1..<q.count).map { q.probabilities[..<$0].reduce(0, +) }
    let h = edges.map { abs($0 - u) }.min()!
    guard h > 0 else { return .infinity }  // on an edge: the one place with a slope
    var (up, down) = (self, self)
    up.logits[k] += h
    down.logits[k] -= h
    return Double(up.latent(atNoise: u) - down.latent(atNoise: u)) / (2 * h)
  }
}
