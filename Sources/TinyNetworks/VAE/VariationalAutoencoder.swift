import TinyNumerics

/// A variational autoencoder: prior p(z) = N(0, I), decoder network for p_θ(x|z), encoder network
/// for the guide q_φ(z|x) = N(µ, diag σ²).
///
/// The encoder's outputs are µ₁ … µ_D and then log σ₁² … log σ_D².
public struct VariationalAutoencoder<Scalar: NetworkScalar>: Sendable {
  public var encoder: DenseNetwork<Scalar>
  public var decoder: Decoder<Scalar>

  /// Encoder J → hidden → 2D, decoder D → hidden, mirrored → J × outputs of the likelihood.
  public init(
    dataWidth: Int, hidden: [Int], latentDimension: Int, activation: Activation,
    likelihood: Likelihood, using generator: inout some RandomNumberGenerator
  ) {
    encoder = DenseNetwork(
      widths: [dataWidth] + hidden + [2 * latentDimension], activation: activation,
      using: &generator)
    decoder = Decoder(
      DenseNetwork(
        widths: [latentDimension] + hidden.reversed() + [dataWidth * likelihood.outputsPerEntry],
        activation: activation, using: &generator), likelihood)
  }

  init(encoder: DenseNetwork<Scalar>, decoder: Decoder<Scalar>) {
    (self.encoder, self.decoder) = (encoder, decoder)
  }

  /// The same model in another number type.
  public init(_ other: VariationalAutoencoder<some NetworkScalar>) {
    self.init(encoder: DenseNetwork(other.encoder), decoder: Decoder(other.decoder))
  }

  public var latentDimension: Int { decoder.latentDimension }
  public var dataWidth: Int { encoder.inputWidth }

  /// q_φ(z|x) for each data point.
  public func guides(for data: Rows<Scalar>) -> [DiagonalGaussian] {
    encoder(data).map { parameters in
      DiagonalGaussian(
        mean: parameters.prefix(latentDimension).map { Double($0) },
        logVariance: parameters.suffix(latentDimension).map { Double($0) })
    }
  }
}
