import Notebook
import TinyNumerics

/// What is trained, and how: the options of the command line.
struct Experiment {
  var hidden = 128
  var epochs = 300
  var batchSize = 100
  var learningRate = 1e-3
  var seed: UInt64 = 1
}

/// The ELBO by epoch, in nats an image, for the images trained on and the ones held out.
struct History {
  var training: [ELBOTerms] = []
  var heldOut: [ELBOTerms] = []
}

/// Trains a Bernoulli VAE with a two-dimensional latent on binarised images, `width` pixels each.
///
/// One draw of the ELBO an image and an epoch on both sets, so each entry of the history is sampled; the
/// divergence in it is exact.
func train(
  _ experiment: Experiment, on images: [Double], heldOut: [Double], width: Int,
  eachEpoch: (Int, History) -> Void = { _, _ in }
) -> (model: VariationalAutoencoder<Double>, history: History) {
  var generator = Threefry(seed: experiment.seed)
  let untrained = VariationalAutoencoder<Float>(
    dataWidth: width, hidden: [experiment.hidden], latentDimension: 2, activation: .softplus,
    likelihood: .bernoulli, using: &generator)
  var trainer = Trainer(
    untrained, batchSize: experiment.batchSize, learningRate: experiment.learningRate,
    seed: experiment.seed)
  let (trainingSet, heldOutSet) = (images.map { Float($0) }, heldOut.map { Float($0) })
  var history = History()
  for epoch in 1...experiment.epochs {
    history.training.append(trainer.epoch(over: trainingSet))
    history.heldOut.append(trainer.evaluate(heldOutSet))
    eachEpoch(epoch, history)
  }
  // Whatever is examined from here on is computed in double precision.
  return (VariationalAutoencoder<Double>(trainer.model), history)
}

/// Steps that are too long end in numbers of which no distribution can be made. Every |µ| and |log σ²| has
/// to stay below 1400: exp(½ · 1400) = 1e304 is as far as `Double` goes.
func requireUsable(
  _ model: VariationalAutoencoder<Double>, for images: [Double], learningRate: Double
) throws(Failure) {
  let outputs = model.encoder(images, rows: images.count / model.dataWidth)
  guard outputs.allSatisfy({ abs($0) < 1400 }), model.decoder.parameters.allSatisfy(\.isFinite)
  else {
    throw Failure(
      .wrongCommandLine,
      "training diverged with --learning-rate \(learningRate): choose a smaller one, such as 0.001")
  }
}
