import TinyNumerics

/// A latent-variable model p(x, z) = p(x|z) p(z) small enough that its evidence p(x) is known, so
/// that everything a VAE approximates can be compared with the truth. One derivation step is
/// written once against this protocol and evaluated on every model.
public protocol LatentVariableModel: Sendable {
  associatedtype Latent
  associatedtype Observation: Sendable
  associatedtype Prior: LatentDistribution<Latent>
  associatedtype Posterior: LatentDistribution<Latent>

  /// For tables: "mixture".
  var name: String { get }
  /// p(z).
  var prior: Prior { get }
  /// log p(x|z), in nats.
  func logLikelihood(_ x: Observation, given z: Latent) -> Double
  /// log p(x), in nats, by the best route the model has.
  func logEvidence(of x: Observation) -> Integral
  /// log p(x) again, by a route that shares no step with the first: what a divergence or a
  /// posterior is normalised with when it is compared with `logEvidence`.
  func logEvidenceByAnotherRoute(of x: Observation) -> Integral
  /// p(z|x), in the model's own form; it does not call `logEvidence`.
  func posterior(given x: Observation) -> Posterior
  /// x ~ p(x|z).
  func sampleObservation(given z: Latent, using generator: inout some RandomNumberGenerator)
    -> Observation
}

extension LatentVariableModel {
  /// log p(x, z) = log p(x|z) + log p(z).
  @inlinable
  public func logJoint(_ x: Observation, _ z: Latent) -> Double {
    logLikelihood(x, given: z) + prior.logDensity(z)
  }

  /// Ancestral sampling: first z ~ p(z), then x ~ p(x|z).
  @inlinable
  public func sample(using generator: inout some RandomNumberGenerator) -> (
    z: Latent, x: Observation
  ) {
    let z = prior.sample(using: &generator)
    return (z, sampleObservation(given: z, using: &generator))
  }
}
