import TinyNetworks
import TinyNumerics

/// An untrained model, small enough to be examined by brute force; its parameters are scaled up
/// where the prior and the posterior are to differ.
public func smallModel(
  pixels: Int, latent: Int, hidden: [Int] = [4], activation: Activation = .softplus,
  likelihood: Likelihood = .bernoulli, seed: UInt64, encoderGain: Double = 1,
  decoderGain: Double = 1
) -> VariationalAutoencoder<Double> {
  var generator = Threefry(seed: seed, stream: 6)
  var model = VariationalAutoencoder<Double>(
    dataWidth: pixels, hidden: hidden, latentDimension: latent, activation: activation,
    likelihood: likelihood, using: &generator)
  model.encoder.parameters = model.encoder.parameters.map { encoderGain * $0 }
  model.decoder.network.parameters = model.decoder.network.parameters.map { decoderGain * $0 }
  return model
}

/// Images of fair coins, a row each.
public func coinImages(_ count: Int, pixels: Int, seed: UInt64) -> Rows<Double> {
  var generator = Threefry(seed: seed, stream: 7)
  return Rows(
    (0..<count * pixels).map { _ in generator.uniform() < 0.5 ? 1 : 0 }, width: pixels)
}

extension Decoder<Double> {
  /// Leaves the decoder its last biases alone: p(x|z) = p(x), and the posterior is the prior.
  public mutating func ignoreLatents() {
    let last = network.parameterCount - network.outputWidth
    for i in 0..<last { network.parameters[i] = 0 }
  }
}

extension VariationalAutoencoder<Double> {
  /// Makes the encoder's answer the same for every image: µ, then log σ².
  public mutating func answer(mean: [Double], logVariance: [Double]) {
    let biases = mean + logVariance
    let others = encoder.parameterCount - biases.count
    encoder.parameters = Array(repeating: 0, count: others) + biases
  }

  /// The encoder that puts out N(0, I).
  public mutating func answerWithPrior() {
    let zeros = Array(repeating: 0.0, count: latentDimension)
    answer(mean: zeros, logVariance: zeros)
  }
}
