import Notebook
import TinyNetworks
import TinyNumerics

/// What is trained, and how: the options of the command line.
public struct Experiment: Sendable {
  /// What a pixel is.
  public var likelihood: PixelEncoding.Kind
  /// D, the dimension of z.
  public var latent: Int
  /// The widths of the encoder's hidden layers; the decoder's are these in reverse.
  public var hidden: [Int]
  /// What every hidden layer ends with.
  public var activation: Activation
  /// Passes over the training images.
  public var epochs: Int
  /// Images a step.
  public var batchSize: Int
  /// Adam's.
  public var learningRate: Double
  /// The weight of the divergence: 1 for the ELBO.
  public var beta: Double
  /// β grows from 0 to its full weight over so many epochs.
  public var warmUp: Int
  /// λ: each dimension's divergence counts as at least this much.
  public var freeBits: Double
  /// Without noise and KL: z = µ(x), a plain autoencoder.
  public var isAutoencoder: Bool
  /// Of the first weights, the order of the images and all noise.
  public var seed: UInt64

  /// The command line's defaults, but for what is given.
  public init(
    likelihood: PixelEncoding.Kind = .bernoulli, latent: Int = 2, hidden: [Int] = [128],
    activation: Activation = .softplus, epochs: Int = 300, batchSize: Int = 100,
    learningRate: Double = 1e-3, beta: Double = 1, warmUp: Int = 0, freeBits: Double = 0,
    isAutoencoder: Bool = false, seed: UInt64 = 1
  ) {
    (self.likelihood, self.latent, self.hidden) = (likelihood, latent, hidden)
    (self.activation, self.epochs, self.batchSize) = (activation, epochs, batchSize)
    (self.learningRate, self.beta) = (learningRate, beta)
    (self.warmUp, self.freeBits) = (warmUp, freeBits)
    (self.isAutoencoder, self.seed) = (isAutoencoder, seed)
  }

  /// What the command line takes, and what a saved model may claim.
  public enum Limits {
    public static let latent = 1...256
    public static let width = 1...4096
    public static let depth = 8
    public static let batchSize = 1...100_000
    public static let learningRate = 1e-8...1
    public static let beta = 0.0...1000
    public static let warmUp = 0...100_000
    public static let freeBits = 0.0...100
  }
}

extension Experiment {
  /// β in an epoch, the first being 1: β min(1, (epoch − 1)/N) with a warm-up of N epochs.
  public func beta(inEpoch epoch: Int) -> Double {
    guard !isAutoencoder else { return 0 }
    return warmUp == 0 ? beta : beta * min(1, Double(epoch - 1) / Double(warmUp))
  }
}

/// The ELBO by epoch, in nats an image, for the images trained on and the ones held out.
public struct History: Sendable {
  public var training: [ELBOTerms] = []
  public var heldOut: [ELBOTerms] = []

  public init() {}
}

/// What training leaves: the model in double precision, for whatever is examined from here on, and
/// how it went.
public struct Trained: Sendable {
  /// As it was after the last batch.
  public var model: VariationalAutoencoder<Double>
  /// One entry an epoch; none for a model that was loaded.
  public var history: History
  /// Whether training was told to stop before its last epoch.
  public var wasInterrupted: Bool

  public init(
    model: VariationalAutoencoder<Double>, history: History = History(),
    wasInterrupted: Bool = false
  ) {
    (self.model, self.history, self.wasInterrupted) = (model, history, wasInterrupted)
  }
}

/// A model that has learned nothing yet.
public func untrained(
  _ experiment: Experiment, encoding: PixelEncoding, pixels: Int
) -> VariationalAutoencoder<Float> {
  var generator = Threefry(seed: experiment.seed)
  return VariationalAutoencoder(
    dataWidth: pixels, hidden: experiment.hidden, latentDimension: experiment.latent,
    activation: experiment.activation, likelihood: encoding.likelihood, using: &generator)
}

/// Trains a VAE on images, from `start` on.
///
/// One draw of the ELBO an image and an epoch on both sets, so each entry of the history is
/// sampled; the divergence in it is exact. A Gaussian's pixels are dequantised anew for each epoch
/// (eq. 6.7). After each batch `isInterrupted` is asked; a loss that is no number ends the training
/// with an error.
public func train(
  _ experiment: Experiment, on dataset: Dataset, encoding: PixelEncoding,
  from start: VariationalAutoencoder<Float>, isInterrupted: () -> Bool = { false },
  eachEpoch: (Int, History) -> Void = { _, _ in }
) throws(Failure) -> Trained {
  var trainer = Trainer(
    start, batchSize: experiment.batchSize, learningRate: experiment.learningRate,
    beta: experiment.beta(inEpoch: 1), freeBits: experiment.freeBits,
    drawsNoise: !experiment.isAutoencoder, seed: experiment.seed)
  var noise = Threefry(seed: experiment.seed, row: 1)
  let heldOut: Rows<Float> = encoding.entries(dataset.heldOut.levels[...], using: &noise)
  var images: Rows<Float> = encoding.entries(dataset.training.levels[...], using: &noise)
  var history = History()
  var (stopped, broken) = (false, 0)
  for epoch in 1...experiment.epochs {
    trainer.beta = experiment.beta(inEpoch: epoch)
    if case .gaussian = encoding.likelihood, epoch > 1 {
      images = encoding.entries(dataset.training.levels[...], using: &noise)
    }
    let terms = trainer.epoch(over: images) { batch, terms in
      if !terms.elbo.isFinite { broken = batch }
      stopped = isInterrupted()
      return broken == 0 && !stopped
    }
    if broken > 0 { throw diverged(experiment, epoch: epoch, batch: broken) }
    history.training.append(terms)
    history.heldOut.append(trainer.evaluate(heldOut))
    eachEpoch(epoch, history)
    if stopped { break }
  }
  return Trained(
    model: VariationalAutoencoder<Double>(trainer.model), history: history, wasInterrupted: stopped)
}

private func diverged(_ experiment: Experiment, epoch: Int, batch: Int) -> Failure {
  Failure(
    .wrongCommandLine,
    "training diverged in epoch \(epoch), batch \(batch): the loss is no longer a number; choose a "
      + "--learning-rate below \(experiment.learningRate), such as \(experiment.learningRate / 10)")
}

/// Whether distributions can be made of a model's numbers. Steps that are too long end in some of
/// which they cannot, and a file may claim any.
///
/// - Weights below a million.
/// - |log σ²| < 87: training is in single precision, where both σ² and 1/σ² are numbers up to
///   e^87 = 6e37. In double precision even the squares of the ELBO's terms are, then.
/// - |µ| < 2²⁶ σ: in the sum z = µ + σε half of the digits of σε are lost at most.
/// - Outputs of the decoder below 1e50 at z = µ ± 8σ: the variance of log p(x|z) is a number.
public func isUsable(_ model: VariationalAutoencoder<Double>, for images: Rows<Double>) -> Bool {
  func isTame(_ network: DenseNetwork<Double>) -> Bool {
    network.parameters.allSatisfy { abs($0) < 1e6 }
  }
  guard isTame(model.encoder), isTame(model.decoder.network) else { return false }
  let d = model.latentDimension
  return model.encoder(images).allSatisfy { output in
    guard output.allSatisfy(\.isFinite), output.suffix(d).allSatisfy({ abs($0) < 87 }) else {
      return false
    }
    let (means, sigmas) = (Array(output.prefix(d)), output.suffix(d).map { exp($0 / 2) })
    guard zip(means, sigmas).allSatisfy({ abs($0) < 0x1p26 * $1 }) else { return false }
    let edges = [-8.0, 8].map { u in zip(means, sigmas).map { $0 + u * $1 } }
    return model.decoder(Rows(edges)).numbers.allSatisfy { abs($0) < 1e50 }
  }
}

/// - Throws: what to do about a training that left no usable model.
public func requireUsable(
  _ model: VariationalAutoencoder<Double>, for images: Rows<Double>, learningRate: Double
) throws(Failure) {
  guard isUsable(model, for: images) else {
    throw Failure(
      .wrongCommandLine,
      "training diverged with --learning-rate \(learningRate): choose a smaller one, such as 0.001")
  }
}
