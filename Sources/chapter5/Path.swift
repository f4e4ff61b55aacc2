import TinyNumerics

/// A differentiable, increasing way z = g(ε) from noise of a fixed distribution to a latent z.
///
/// The noise knows no parameters; they all sit in g, and there they can be differentiated.
protocol Path: Sendable {
  /// log p(ε), in nats.
  func logNoiseDensity(_ noise: Double) -> Double
  /// z = g(ε).
  func callAsFunction(_ noise: Double) -> Double
  /// dz/dε > 0.
  func slope(at noise: Double) -> Double
}

extension Path {
  /// log p(z) at z = g(ε), in nats, by change of variables (eqs. 5.1, 5.10):
  /// p(z) |dz| = p(ε) |dε|, so log p(z) = log p(ε) − log dz/dε. Exact.
  func logDensity(atNoise noise: Double) -> Double {
    logNoiseDensity(noise) - log(slope(at: noise))
  }
}

/// Eq. 5.1: z = µ + σε with ε ~ N(0, 1), which has the density N(z; µ, σ²).
///
/// - Source: Kingma and Welling, "Auto-encoding variational Bayes", ICLR 2014, section 2.4; post T,
///   "z = µ + σ·N(0, 1)".
struct NormalPath: Path {
  let q: Normal

  init(to q: Normal) { self.q = q }

  func logNoiseDensity(_ noise: Double) -> Double { -0.5 * noise * noise - 0.5 * logTwoPi }

  func callAsFunction(_ noise: Double) -> Double { q.mean + q.standardDeviation * noise }

  func slope(at noise: Double) -> Double { q.standardDeviation }
}
