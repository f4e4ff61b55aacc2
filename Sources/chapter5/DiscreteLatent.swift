import TinyNumerics
import ToyModels

/// Eq. 5.9: a guide over K classes by its logits, q(z) = exp η_z / Σ_j exp η_j, and the ELBO of the
/// mixture model at one x, ELBO(η) = Σ_z q(z) [log p(x, z) − log q(z)], in nats.
struct DiscreteGuide {
  let model: MixtureModel
  let x: Double
  var logits: [Double] { didSet { q = DiscreteGuide.softmax(logits) } }
  private(set) var q: Discrete

  init(model: MixtureModel, x: Double, logits: [Double]) {
    (self.model, self.x, self.logits) = (model, x, logits)
    q = DiscreteGuide.softmax(logits)
  }

  private static func softmax(_ logits: [Double]) -> Discrete {
    Discrete(weights: logits.map { exp($0) })
  }

  /// From even odds, at an x between two classes.
  static let example = DiscreteGuide(model: .example, x: -0.4, logits: [0, 0, 0])

  /// log p(x, z) − log q(z).
  func integrand(_ z: Int) -> Double { model.logJoint(x, z) - q.logProbability(z) }

  /// A finite sum.
  var elbo: Double {
    q.expectation { model.logJoint(x, $0) - q.logProbability($0) }.value
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

  /// The staircase's edges, P(z ≤ 0), P(z ≤ 1), …, without the last, 1.
  var edges: [Double] { (1..<q.count).map { q.probabilities[..<$0].reduce(0, +) } }
}

/// Eq. 5.9: along the staircase there is only a difference quotient, at a fixed step h of η_k,
///   (f(z(u; η_k + h)) − f(z(u; η_k − h)))/2h,   f frozen at η.
/// It is 0 unless an edge passes u on the way. Its mean tends to the true gradient as h falls; its
/// variance grows like 1/h.
struct StaircaseQuotient {
  let up: DiscreteGuide
  let down: DiscreteGuide
  let f: [Double]
  let step: Double

  init(_ guide: DiscreteGuide, _ k: Int, step h: Double) {
    var (up, down) = (guide, guide)
    up.logits[k] += h
    down.logits[k] -= h
    (self.up, self.down, step) = (up, down, h)
    f = (0..<guide.q.count).map(guide.integrand)
  }

  /// One draw.
  func callAsFunction(_ u: Double) -> Double {
    (f[up.latent(atNoise: u)] - f[down.latent(atNoise: u)]) / (2 * step)
  }

  /// Mean and mean square over u, and the share of u at which the quotient is 0: exact, because
  /// between two neighbours among all edges it is constant.
  var moments: (mean: Double, square: Double, zero: Double) {
    let ends = ([0, 1] + up.edges + down.edges).sorted()
    var result = (mean: 0.0, square: 0.0, zero: 0.0)
    for (a, b) in zip(ends, ends.dropFirst()) {
      let value = self((a + b) / 2)
      result.mean += (b - a) * value
      result.square += (b - a) * value * value
      result.zero += value == 0 ? b - a : 0
    }
    return result
  }
}

/// What 2h times the mean square tends to: edge j passes u with probability 2h |∂c_j/∂η_k|, c_j =
/// P(z ≤ j), and then moves f by its jump there; ∂c_j/∂η_k = Σ_{i≤j} q(i) ([i = k] − q(k)).
func jumpRate(_ guide: DiscreteGuide, _ k: Int) -> Double {
  let q = guide.q.probabilities
  var (slope, rate) = (0.0, 0.0)
  for j in 0..<q.count - 1 {
    slope += q[j] * ((j == k ? 1 : 0) - q[k])
    rate += abs(slope) * square(guide.integrand(j + 1) - guide.integrand(j))
  }
  return rate
}
