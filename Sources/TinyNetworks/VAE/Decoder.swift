import TinyNumerics

/// p_θ(x|z): a network from latents to the parameters of a likelihood. Whatever draws images from
/// latents is one: a VAE's decoder, an autoencoder's, a GAN's generator.
public struct Decoder<Scalar: NetworkScalar>: Sendable {
  public var network: DenseNetwork<Scalar>
  public let likelihood: Likelihood

  /// - Requires: as many outputs as the likelihood needs for whole entries of x.
  public init(_ network: DenseNetwork<Scalar>, _ likelihood: Likelihood) {
    require(network.outputWidth % likelihood.outputsPerEntry == 0, "outputs for whole entries")
    self.network = network
    self.likelihood = likelihood
  }

  /// The same decoder in another number type.
  public init(_ other: Decoder<some NetworkScalar>) {
    self.init(DenseNetwork(other.network), other.likelihood)
  }

  /// D.
  public var latentDimension: Int { network.inputWidth }
  /// J.
  public var dataWidth: Int { network.outputWidth / likelihood.outputsPerEntry }

  /// The likelihood's parameters for each latent.
  public func callAsFunction(_ latents: Rows<Scalar>) -> Rows<Scalar> { network(latents) }
}
