import Notebook
import TinyNetworks
import TinyNumerics

/// What is trained, and how: the options of the command line.
struct Experiment {
  var likelihood = "bernoulli"
  var latent = 2
  var hidden = [128]
  var activation = Activation.softplus
  var epochs = 300
  var batchSize = 100
  var learningRate = 1e-3
  var beta = 1.0
  /// Without noise and KL: z = µ(x), a plain autoencoder.
  var isAutoencoder = false
  var seed: UInt64 = 1
}

/// The ELBO by epoch, in nats an image, for the images trained on and the ones held out.
struct History {
  var training: [ELBOTerms] = []
  var heldOut: [ELBOTerms] = []
}

/// What training leaves: the model in double precision, for whatever is examined from here on, and how it
/// went.
struct Trained {
  var model: VariationalAutoencoder<Double>
  var history = History()
  /// Whether training was told to stop before its last epoch.
  var wasInterrupted = false
}

/// A model that has learned nothing yet.
func untrained(
  _ experiment: Experiment, encoding: PixelEncoding, pixels: Int
) -> VariationalAutoencoder<Float> {
  var generator = Threefry(seed: experiment.seed)
  return VariationalAutoencoder(
    dataWidth: pixels, hidden: experiment.hidden, latentDimension: experiment.latent,
    activation: experiment.activation, likelihood: encoding.likelihood, using: &generator)
}

/// Trains a VAE on images, from `start` on.
///
/// One draw of the ELBO an image and an epoch on both sets, so each entry of the history is sampled; the
/// divergence in it is exact. A Gaussian's pixels are dequantised anew for each epoch (eq. 6.7). After each
/// batch `isInterrupted` is asked; a loss that is no number ends the training with an error.
func train(
  _ experiment: Experiment, on dataset: Dataset, encoding: PixelEncoding,
  from start: VariationalAutoencoder<Float>, isInterrupted: () -> Bool = { false },
  eachEpoch: (Int, History) -> Void = { _, _ in }
) throws(Failure) -> Trained {
  var trainer = Trainer(
    start, batchSize: experiment.batchSize, learningRate: experiment.learningRate,
    beta: experiment.isAutoencoder ? 0 : experiment.beta,
    drawsNoise: !experiment.isAutoencoder, seed: experiment.seed)
  var noise = Threefry(seed: experiment.seed, stream: 600)
  let heldOut: [Float] = encoding.entries(dataset.heldOut.levels[...], using: &noise)
  var images: [Float] = encoding.entries(dataset.training.levels[...], using: &noise)
  var history = History()
  var (stopped, broken) = (false, 0)
  for epoch in 1...experiment.epochs {
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

/// Whether distributions can be made of a model's numbers. Steps that are too long end in some of which they
/// cannot, and a file may claim any. Every |µ| and |log σ²| has to stay below 1400: exp(½ · 1400) = 1e304 is
/// as far as `Double` goes. Weights below a million, in up to nine layers, keep the decoder's outputs finite.
func isUsable(_ model: VariationalAutoencoder<Double>, for images: [Double]) -> Bool {
  func isTame(_ network: DenseNetwork<Double>) -> Bool {
    network.parameters.allSatisfy { abs($0) < 1e6 }
  }
  guard isTame(model.encoder), isTame(model.decoder) else { return false }
  let outputs = model.encoder(images, rows: images.count / model.dataWidth)
  return outputs.allSatisfy { abs($0) < 1400 }
}

/// - Throws: what to do about a training that left no usable model.
func requireUsable(
  _ model: VariationalAutoencoder<Double>, for images: [Double], learningRate: Double
) throws(Failure) {
  guard isUsable(model, for: images) else {
    throw Failure(
      .wrongCommandLine,
      "training diverged with --learning-rate \(learningRate): choose a smaller one, such as 0.001")
  }
}
