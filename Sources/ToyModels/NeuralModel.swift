import TinyNetworks
import TinyNumerics

/// Post B's model, one latent and two data dimensions: z ~ N(0, 1) and
///   x | z ~ N(f_θ(z), diag exp g_θ(z))
/// with one tanh layer each in f (the mean) and g (the log-variance). The weights are fixed and
/// stand below. f draws a ribbon that crosses itself near (0.49, 0.31), so that an x there has
/// two explanations and a posterior of two peaks, near z = −1.19 and z = 1.37; nothing about z ↦
/// p(x, z) is in closed form, and everything is an integral over a line.
public struct NeuralModel: LatentVariableModel {
  /// f_θ and g_θ: two outputs from four hidden units.
  public let meanNetwork: TanhNetwork
  public let logVarianceNetwork: TanhNetwork

  public init(meanNetwork: TanhNetwork, logVarianceNetwork: TanhNetwork) {
    self.meanNetwork = meanNetwork
    self.logVarianceNetwork = logVarianceNetwork
  }

  /// The ribbon, whose weights were chosen by hand.
  public static let example = NeuralModel(
    meanNetwork: TanhNetwork(
      inner: SIMD4(0.8, 2.2, 1.5, 1.5), innerBias: SIMD4(0.1, 0, 1.8, -1.8),
      first: SIMD4(5, -4, 0.3, 0), second: SIMD4(0, 0.2, 1.5, -1.5), bias: SIMD2(0, -1)),
    logVarianceNetwork: TanhNetwork(
      inner: SIMD4(1, -2, 0.7, 1.5), innerBias: SIMD4(0.5, 0.3, 0, -1),
      first: SIMD4(0.8, 0, 0.4, 0), second: SIMD4(-0.6, 0.5, 0, 0.3), bias: SIMD2(-2.6, -2.2)))

  public var name: String { "neural" }
  public var prior: Normal { .standard }

  /// f_θ(z) and exp ½g_θ(z): the mean and the standard deviation of x's two coordinates.
  public func decode(_ z: Double) -> (mean: SIMD2<Double>, logVariance: SIMD2<Double>) {
    // The hidden units of both networks side by side.
    let hidden = tanh(
      SIMD8(lowHalf: meanNetwork.sums(at: z), highHalf: logVarianceNetwork.sums(at: z)))
    return (
      meanNetwork.outputs(from: hidden.lowHalf), logVarianceNetwork.outputs(from: hidden.highHalf)
    )
  }

  /// Σ_j −½ ((x_j − µ_j)²/σ_j² + log σ_j² + log 2π).
  public func logLikelihood(_ x: SIMD2<Double>, given z: Double) -> Double {
    let (mean, logVariance) = decode(z)
    let precision = SIMD2(exp(-logVariance.x), exp(-logVariance.y))
    let misfit = (x - mean) * (x - mean) * precision
    return -0.5 * (misfit + logVariance).sum() - logTwoPi
  }

  /// Where the latents live: all but 1.2e-15 of the prior.
  static let latents = -8.0...8.0

  /// log ∫ p(x|z) p(z) dz by a double exponential rule.
  public func logEvidence(of x: SIMD2<Double>) -> Integral {
    logIntegralExp(over: NeuralModel.latents) { z in logJoint(x, z) }
  }

  /// The same by the equally spaced rule, at 1,024 nodes and the same number between them.
  public func logEvidenceByAnotherRoute(of x: SIMD2<Double>) -> Integral {
    let posterior = posterior(given: x)
    return Integral(
      value: posterior.logNormaliser, error: posterior.error, evaluations: posterior.nodeCount)
  }

  public func posterior(given x: SIMD2<Double>) -> TabulatedPosterior {
    TabulatedPosterior(over: NeuralModel.latents) { z in logJoint(x, z) }
  }

  public func sampleObservation(
    given z: Double, using generator: inout some RandomNumberGenerator
  ) -> SIMD2<Double> {
    let (mean, logVariance) = decode(z)
    let noise = SIMD2(generator.normal(), generator.normal())
    return mean + SIMD2(exp(0.5 * logVariance.x), exp(0.5 * logVariance.y)) * noise
  }
}

/// Two outputs from one input by way of four hidden units: y = V tanh(a z + c) + d.
public struct TanhNetwork: Sendable, Equatable {
  /// a and c.
  public let inner: SIMD4<Double>
  public let innerBias: SIMD4<Double>
  /// The two rows of V.
  public let first: SIMD4<Double>
  public let second: SIMD4<Double>
  /// d.
  public let bias: SIMD2<Double>

  public init(
    inner: SIMD4<Double>, innerBias: SIMD4<Double>, first: SIMD4<Double>, second: SIMD4<Double>,
    bias: SIMD2<Double>
  ) {
    self.inner = inner
    self.innerBias = innerBias
    self.first = first
    self.second = second
    self.bias = bias
  }

  public func callAsFunction(_ z: Double) -> SIMD2<Double> {
    outputs(from: tanh(SIMD8(lowHalf: sums(at: z), highHalf: .zero)).lowHalf)
  }

  /// a z + c.
  func sums(at z: Double) -> SIMD4<Double> { inner * z + innerBias }

  /// V h + d.
  func outputs(from hidden: SIMD4<Double>) -> SIMD2<Double> {
    bias + SIMD2((first * hidden).sum(), (second * hidden).sum())
  }
}
