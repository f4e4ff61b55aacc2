import TinyNumerics

/// z ~ N(0, I) in D dimensions and x = Wz + b + noise in J dimensions, noise ~ N(0, Σ). Evidence
/// and posterior are Gaussian, in closed form:
///   p(x) = N(x; b, WWᵀ + Σ),
///   p(z|x) = N(z; Λ⁻¹h, Λ⁻¹),   Λ = I + WᵀΣ⁻¹W,   h = WᵀΣ⁻¹(x − b).
/// The evidence is factored in the space of x, the posterior in the space of z: two routes.
///
/// - Source: Bishop, *Pattern Recognition and Machine Learning* (2006), section 2.3.3.
public struct LinearGaussianModel: LatentVariableModel {
  /// W, J × D.
  public let weights: Matrix
  /// b, J numbers.
  public let offset: [Double]
  /// Σ, J × J.
  public let noise: Gaussian
  public let prior: Gaussian
  /// p(x) = N(b, WWᵀ + Σ).
  public let marginal: Gaussian
  /// WᵀΣ⁻¹, D × J.
  private let weightsOverNoise: Matrix
  /// Λ⁻¹, the posterior's covariance: the same for every x.
  private let posteriorCovariance: Matrix

  /// - Requires: one offset for each row of W; a positive definite noise covariance of that size.
  public init(weights: Matrix, offset: [Double], noiseCovariance: Matrix) {
    require(weights.rows == offset.count, "one offset for each data dimension")
    self.weights = weights
    self.offset = offset
    noise = Gaussian(mean: offset.map { _ in 0 }, covariance: noiseCovariance)
    prior = Gaussian(.standard(dimension: weights.columns))
    marginal = Gaussian(mean: offset, covariance: weights * weights.transpose + noiseCovariance)
    weightsOverNoise = weights.transpose * noise.cholesky.inverse
    let precision = Matrix.identity(weights.columns) + weightsOverNoise * weights
    guard let factor = Cholesky(precision) else { fatalError("I + WᵀΣ⁻¹W is positive definite") }
    posteriorCovariance = factor.inverse
  }

  /// One latent, two data dimensions.
  public static let line = LinearGaussianModel(
    weights: Matrix([[1.5], [-0.8]]), offset: [0.5, 1],
    noiseCovariance: Matrix([[0.5, 0.1], [0.1, 0.3]]))

  /// Two latents, three data dimensions, and a posterior whose latents are correlated.
  public static let plane = LinearGaussianModel(
    weights: Matrix([[1.2, 0.7], [-0.4, 1], [0.9, 0.8]]), offset: [0.2, -0.5, 1],
    noiseCovariance: Matrix([[0.6, 0.1, 0], [0.1, 0.5, -0.1], [0, -0.1, 0.8]]))

  public var name: String { "linear-Gaussian" }
  public var latentDimension: Int { weights.columns }
  public var dataDimension: Int { weights.rows }

  public func logLikelihood(_ x: [Double], given z: [Double]) -> Double {
    let mean = weights * z
    return noise.logDensity(x.indices.map { x[$0] - mean[$0] - offset[$0] })
  }

  /// log N(x; b, WWᵀ + Σ), in closed form.
  public func logEvidence(of x: [Double]) -> Integral {
    Integral(value: marginal.logDensity(x), error: 0, evaluations: 1)
  }

  /// log ∫ p(x|z) p(z) dz: by Bayes' rule at z = 0, p(x) = p(x, 0)/p(0|x), with the posterior
  /// factored in the space of z.
  public func logEvidenceByAnotherRoute(of x: [Double]) -> Integral {
    let origin = [Double](repeating: 0, count: latentDimension)
    let value = logJoint(x, origin) - posterior(given: x).logDensity(origin)
    return Integral(value: value, error: 0, evaluations: 1)
  }

  /// N(Λ⁻¹h, Λ⁻¹).
  public func posterior(given x: [Double]) -> Gaussian {
    let h = weightsOverNoise * zip(x, offset).map(-)
    return Gaussian(mean: posteriorCovariance * h, covariance: posteriorCovariance)
  }

  public func sampleObservation(
    given z: [Double], using generator: inout some RandomNumberGenerator
  ) -> [Double] {
    let mean = weights * z
    let noise = noise.sample(using: &generator)
    return mean.indices.map { mean[$0] + offset[$0] + noise[$0] }
  }
}
