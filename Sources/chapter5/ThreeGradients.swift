import TinyNumerics
import ToyModels

/// The smallest VAE: z ~ N(0, 1), x | z ~ N(wz, s²), one observed x, guide q = N(µ, σ²).
struct Channel {
  let weight: Double
  let noise: Double
  let x: Double
  /// p(z|x) = N(m, v²), from the linear-Gaussian model.
  let posterior: Normal
  /// log p(x), in nats, from the same.
  let logEvidence: Double

  init(weight: Double, noise: Double, x: Double) {
    let model = LinearGaussianModel(
      weights: Matrix([[weight]]), offset: [0], noiseCovariance: Matrix([[noise * noise]]))
    let posterior = model.posterior(given: [x])
    self.weight = weight
    self.noise = noise
    self.x = x
    self.posterior = Normal(mean: posterior.mean[0], variance: posterior.covariance[0, 0])
    logEvidence = model.logEvidence(of: [x]).value
  }

  static let example = Channel(weight: 0.75, noise: 0.5, x: 1.2)

  /// log p(x|z), in nats.
  func logLikelihood(_ z: Double) -> Double {
    Normal(mean: weight * z, standardDeviation: noise).logDensity(x)
  }

  /// ∂_z log p(x|z) = w(x − wz)/s².
  func likelihoodSlope(_ z: Double) -> Double {
    weight * (x - weight * z) / (noise * noise)
  }

  /// log p(x) − D(q ‖ p(z|x)), in nats (eq. 3.6).
  func elbo(_ q: Normal) -> Double {
    logEvidence - klDivergence(q, relativeTo: posterior)
  }
}

/// Eq. 5.7: three estimators of the ELBO's gradient in µ and σ from one draw z = µ + σε. All
/// unbiased.
enum ELBOGradient: String, CaseIterable {
  /// Differentiate log p(x|z) + log p(z) − log q(z; µ, σ) with all that depends on µ and σ: the
  /// path, and the density q itself.
  case sampledDivergence = "sampled KL"
  /// The path alone: the dropped −∂ log q, with z held fixed, averages to 0.
  ///
  /// - Source: Roeder, Wu and Duvenaud, "Sticking the landing", NeurIPS 2017.
  case pathOnly = "path only"
  /// Sample E_q[log p(x|z)] only; D(q ‖ p(z)) = ½(µ² + σ² − 1 − log σ²) in closed form (eq. 1.9).
  case closedFormDivergence = "closed-form KL"

  /// One draw.
  func callAsFunction(_ channel: Channel, _ q: Normal, noise: Double) -> NormalGradient {
    let z = NormalPath(to: q)(noise)
    let likelihood = channel.likelihoodSlope(z)
    // ∂_z [log p(x|z) + log p(z) − log q(z)]
    let slope = likelihood - z + (z - q.mean) / q.variance
    switch self {
    case .sampledDivergence:
      let direct = score(of: q, at: z)
      return NormalGradient(
        mean: slope - direct.mean, standardDeviation: slope * noise - direct.standardDeviation)
    case .pathOnly:
      return NormalGradient(mean: slope, standardDeviation: slope * noise)
    case .closedFormDivergence:
      return NormalGradient(
        mean: likelihood - q.mean,
        standardDeviation: likelihood * noise - q.standardDeviation + 1 / q.standardDeviation)
    }
  }

  /// Var of one draw, with p(z|x) = N(m, v²) and a = (m − µ)/v². Of ∂_µ:
  ///   σ²/v⁴ | (σ/v² − 1/σ)² | σ²w⁴/s⁴,
  /// and of ∂_σ twice as much and the square of a, of a, of a + µ. Exact.
  func variance(_ channel: Channel, _ q: Normal) -> NormalGradient {
    let sigma = q.standardDeviation
    let precision = 1 / channel.posterior.variance
    let pull = (channel.posterior.mean - q.mean) * precision
    let spread =
      switch self {
      case .sampledDivergence: sigma * precision
      case .pathOnly: sigma * precision - 1 / sigma
      case .closedFormDivergence: sigma * square(channel.weight / channel.noise)
      }
    let centre = self == .closedFormDivergence ? pull + q.mean : pull
    return NormalGradient(
      mean: square(spread), standardDeviation: square(centre) + 2 * square(spread))
  }
}

/// The ELBO's gradient without sampling: −∂D(q ‖ N(m, v²)) = ((m − µ)/v², 1/σ − σ/v²).
func elboGradient(_ channel: Channel, _ q: Normal) -> NormalGradient {
  let posterior = channel.posterior
  return NormalGradient(
    mean: (posterior.mean - q.mean) / posterior.variance,
    standardDeviation: 1 / q.standardDeviation - q.standardDeviation / posterior.variance)
}
