import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

/// The same training twice, in loops and in kernels, and how it went.
struct PlainTraining {
  private(set) var loops = History()
  private(set) var kernels = History()
  private(set) var checks: [Check] = []
  private let experiment: Experiment
  private let images: [[Double]]
  private let heldOut: [[Double]]
  /// ε of the held-out images.
  private let noise: [[Double]]

  init(of study: Study, eachEpoch: () -> Void = {}) {
    experiment = study.experiment
    var generator = Threefry(seed: experiment.seed, row: 1, part: 1)
    func entries(_ set: ImageSet) -> [[Double]] {
      study.encoding.entries(set.levels[...], as: Double.self, using: &generator).map { Array($0) }
    }
    images = entries(study.dataset.training)
    heldOut = entries(study.dataset.heldOut)
    let latents = 0..<experiment.latent
    noise = heldOut.map { _ in latents.map { _ in generator.normal() } }

    let start = VariationalAutoencoder<Double>(
      untrained(experiment, encoding: study.encoding, pixels: study.dataset.pixels))
    var plain = PlainVAE(start)
    var trainer = Trainer(
      start, batchSize: experiment.batchSize, learningRate: experiment.learningRate,
      seed: experiment.seed)
    var ours = Threefry(seed: experiment.seed, row: 1)
    var theirs = ours
    for _ in 0..<experiment.epochs {
      loops.training.append(
        plain.epoch(
          over: images, batchSize: experiment.batchSize, rate: experiment.learningRate,
          using: &ours))
      kernels.training.append(epoch(of: &trainer, using: &theirs))
      loops.heldOut.append(evaluate(plain))
      kernels.heldOut.append(evaluate(trainer.model))
      eachEpoch()
    }
    checks =
      [gradientCheck(start, Array(images.prefix(experiment.batchSize)), seed: experiment.seed)]
      + trainingChecks(trained: plain, start)
  }

  /// Each step follows from those before it, so a wrong step would show. A step's own rounding
  /// moves the ELBO by that share of what the step gains: less than the rounding of the ELBO's
  /// terms, one a pixel.
  private func trainingChecks(
    trained plain: PlainVAE, _ start: VariationalAutoencoder<Double>
  ) -> [Check] {
    func check(_ words: String, _ a: ELBOTerms, _ b: ELBOTerms, _ images: [[Double]]) -> Check {
      let terms = images.count * images[0].count
      return .exact(
        "6.1", words, a.elbo, b.elbo,
        allowance: rounding(a.reconstruction, a.divergence, terms: terms))
    }
    var model = start
    model.encoder.parameters = Array(plain.encoder.layers.joined().joined())
    model.decoder.network.parameters = Array(plain.decoder.layers.joined().joined())
    return [
      check(
        "ELBO of the first epoch, while training: loops = kernels", loops.training[0],
        kernels.training[0], images),
      check(
        "ELBO after it, held out: loops = kernels", loops.heldOut[0], kernels.heldOut[0], heldOut),
      check(
        "ELBO of what the loops have learned, held out: loops = kernels", evaluate(plain),
        evaluate(model), heldOut),
    ]
  }

  /// The kernels' epoch, its order and ε drawn as `PlainVAE.epoch` draws them.
  private func epoch(
    of trainer: inout Trainer<Double>, using generator: inout Threefry
  ) -> ELBOTerms {
    let data = Rows(images)
    let order = Array(images.indices).shuffled(using: &generator)
    var total = ELBOTerms()
    for start in stride(from: 0, to: order.count, by: experiment.batchSize) {
      let batch = order[start..<min(start + experiment.batchSize, order.count)]
      let noise = (0..<batch.count * experiment.latent).map { _ in generator.normal() }
      total =
        total + trainer.step(data, batch, noise: Rows(noise, width: experiment.latent))
    }
    return total / Double(order.count)
  }

  /// The ELBO of the held-out images: the loops', of a copy that learns nothing from it.
  private func evaluate(_ plain: PlainVAE) -> ELBOTerms {
    var copy = plain
    let terms = zip(heldOut, noise).map { copy.differentiate($0, noise: $1) }
    return terms.reduce(ELBOTerms(), +) / Double(terms.count)
  }

  /// The kernels'.
  private func evaluate(_ model: VariationalAutoencoder<Double>) -> ELBOTerms {
    kernelPass(model, heldOut, noise, wantsGradient: false).terms / Double(heldOut.count)
  }
}
