import TinyNumerics

/// Eq. 5.11: gradients of L_k = E[log (1/k) Σ_i ω_i], ω_i = p(x, z_i)/q(z_i), on the channel of
/// 5.7, each from k draws z_i = µ + σε_i, weighted by ω̃_i = ω_i/Σ_j ω_j. All unbiased.
///
/// - Source: Burda, Grosse and Salakhutdinov, ICLR 2016 (the bound); Rainforth, Kosiorek, Le,
///   Maddison, Igl, Wood and Teh, "Tighter variational bounds are not necessarily better", ICML
///   2018 (signal and noise).
enum BoundGradient: String, CaseIterable {
  /// ∂/∂w of the decoder: Σ ω̃_i ∂_w log p(x|z_i).
  case decoder
  /// ∂/∂µ of the guide: Σ ω̃_i d log ω_i/dµ, path and density (5.7's sampled KL).
  case encoder
  /// ∂/∂µ without the density's part, whose expectation moves into a second weight: Σ ω̃_i² ∂_z log
  /// ω_i.
  ///
  /// - Source: Tucker, Lawson, Gu and Maddison, "Doubly reparameterized gradient estimators for
  ///   Monte Carlo objectives", ICLR 2019.
  case doublyReparameterized = "doubly reparameterized"

  /// How often a weight multiplies its draw's own gradient.
  var power: Int { self == .doublyReparameterized ? 2 : 1 }

  /// A single draw's own gradient.
  func term(_ channel: Channel, _ q: Normal, noise: Double) -> Double {
    switch self {
    case .decoder:
      let z = NormalPath(to: q)(noise)
      return z * (channel.x - channel.weight * z) / square(channel.noise)
    case .encoder: return ELBOGradient.sampledDivergence(channel, q, noise: noise).mean
    case .doublyReparameterized: return ELBOGradient.pathOnly(channel, q, noise: noise).mean
    }
  }

  /// One draw of the gradient, from k draws of noise.
  func callAsFunction(_ channel: Channel, _ q: Normal, noise: [Double]) -> Double {
    let logWeights = noise.map { channel.logWeight(q, noise: $0) }
    let logSum = logSumExp(logWeights)
    return zip(noise, logWeights).reduce(0) { sum, draw in
      let weight = exp(draw.1 - logSum)
      return sum + (power == 1 ? weight : weight * weight) * term(channel, q, noise: draw.0)
    }
  }
}

extension Channel {
  /// log ω = log p(x, z) − log q(z) at z = µ + σε, in nats.
  func logWeight(_ q: Normal, noise: Double) -> Double {
    let z = NormalPath(to: q)(noise)
    return logLikelihood(z) + Normal.standard.logDensity(z) - q.logDensity(z)
  }

  /// The same channel with another weight.
  func moved(weight: Double) -> Channel { Channel(weight: weight, noise: noise, x: x) }
}

/// L_k of k draws, in nats, by the integral of 3.18 over nodes of the noise.
func bound(_ channel: Channel, _ q: Normal, _ k: Int) -> Integral {
  let grid = Grid(over: -8...8, count: 240)
  let noise = (0..<grid.count).map { grid.node($0) }
  return expectedLogMean(
    logWeights: noise.map { channel.logWeight(q, noise: $0) },
    under: Discrete(weights: noise.map(Normal.standard.density)), draws: k)
}
