import TinyNumerics

/// A variational autoencoder: prior p(z) = N(0, I), decoder network for p_θ(x|z), encoder network for
/// the guide q_φ(z|x) = N(µ, diag σ²).
///
/// The encoder's outputs are µ₁ … µ_D and then log σ₁² … log σ_D².
public struct VariationalAutoencoder<Scalar: NetworkScalar>: Sendable {
  public var encoder: DenseNetwork<Scalar>
  public var decoder: DenseNetwork<Scalar>
  public let likelihood: Likelihood

  /// Encoder J → hidden → 2D, decoder D → hidden, mirrored → J × outputs of the likelihood.
  public init(
    dataWidth: Int, hidden: [Int], latentDimension: Int, activation: Activation,
    likelihood: Likelihood, using generator: inout some RandomNumberGenerator
  ) {
    encoder = DenseNetwork(
      widths: [dataWidth] + hidden + [2 * latentDimension], activation: activation,
      using: &generator)
    decoder = DenseNetwork(
      widths: [latentDimension] + hidden.reversed() + [dataWidth * likelihood.outputsPerEntry],
      activation: activation, using: &generator)
    self.likelihood = likelihood
  }

  init(
    encoder: DenseNetwork<Scalar>, decoder: DenseNetwork<Scalar>, likelihood: Likelihood
  ) {
    (self.encoder, self.decoder, self.likelihood) = (encoder, decoder, likelihood)
  }

  /// The same model in another number type.
  public init(_ other: VariationalAutoencoder<some NetworkScalar>) {
    encoder = DenseNetwork(other.encoder)
    decoder = DenseNetwork(other.decoder)
    likelihood = other.likelihood
  }

  public var latentDimension: Int { decoder.inputWidth }
  public var dataWidth: Int { encoder.inputWidth }

  /// q_φ(z|x) for each of `rows` data points.
  public func guides(for data: [Scalar], rows: Int) -> [DiagonalGaussian] {
    let outputs = encoder(data, rows: rows).map { Double($0) }
    let d = latentDimension
    return (0..<rows).map { row in
      let parameters = outputs[2 * d * row..<2 * d * (row + 1)]
      return DiagonalGaussian(
        mean: Array(parameters.prefix(d)), logVariance: Array(parameters.suffix(d)))
    }
  }
}
