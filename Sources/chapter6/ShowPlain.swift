import Notebook
import TinyNetworks
import TinyNumerics

// `--plain`: the experiment trained by the loops of `PlainVAE`, beside the kernels with the same ε.

extension Study {
  /// Row 6.1 once more. Both trainings are in double precision, from one start.
  func showPlain(in notebook: Notebook) throws {
    for option in [Chapter6.load, Chapter6.save, Chapter6.history, Chapter6.generated]
    where notebook.isGiven(option) {
      throw Failure(.wrongCommandLine, "--\(option.name) is not for --plain: choose one of the two")
    }
    guard !notebook.isGiven(Chapter6.beta) else {
      throw Failure(.wrongCommandLine, "--plain trains with β = 1: choose it or --beta")
    }
    notebook.section("6.1", "The VAE on one page")
    notebook.text(
      """
      PlainVAE trains in ordinary loops, one image at a time. Beside it the kernels train, in double \
      precision too, from the same start, with the same order of the images and the same ε. All \
      numbers are nats an image.
      """)
    let comparison = PlainComparison(self)
    for check in comparison.firstSteps(10) { notebook.check(check) }
    notebook.gap()
    let run = notebook.working("training in plain loops", steps: experiment.epochs) {
      comparison.train(eachEpoch: $0)
    }
    let shown = [1, 2, 5, 10, 20, 50, 100, 200, 300, 500, 1000, experiment.epochs]
    notebook.table(
      ["epoch", "loops: train", "held out", "kernels: train", "held out", "difference"],
      Set(shown.filter { $0 <= experiment.epochs }).sorted().map { epoch in
        let (a, b) = (run.loops, run.kernels)
        let elbos = [a.training, a.heldOut, b.training, b.heldOut].map { $0[epoch - 1].elbo }
        return ["\(epoch)"] + elbos.map { $0.decimals(4) } + [(elbos[1] - elbos[3]).scientific]
      })
    notebook.check(run.check)
  }
}

/// The same training twice, in loops and in kernels.
private struct PlainComparison {
  let experiment: Experiment
  let start: VariationalAutoencoder<Double>
  /// The images to train on and those held out, J numbers each.
  let (images, heldOut): ([Double], [Double])
  /// ε of the held-out images.
  let heldOutNoise: [Double]

  init(_ study: Study) {
    experiment = study.experiment
    start = VariationalAutoencoder(
      untrained(study.experiment, encoding: study.encoding, pixels: study.dataset.pixels))
    var generator = Threefry(seed: experiment.seed, row: 1, part: 1)
    images = study.encoding.entries(study.dataset.training.levels[...], using: &generator)
    heldOut = study.encoding.entries(study.dataset.heldOut.levels[...], using: &generator)
    let count = study.dataset.heldOut.levels.count * experiment.latent
    heldOutNoise = (0..<count).map { _ in generator.normal() }
  }
  var count: Int { images.count / start.dataWidth }

  func rows(_ x: [Double], of width: Int) -> [[Double]] {
    stride(from: 0, to: x.count, by: width).map { Array(x[$0..<$0 + width]) }
  }

  private var trainer: Trainer<Double> {
    Trainer(
      start, batchSize: experiment.batchSize, learningRate: experiment.learningRate,
      seed: experiment.seed)
  }

  func firstSteps(_ steps: Int) -> [Check] {
    var loops = PlainVAE(start)
    var kernels = trainer
    var generator = Threefry(seed: experiment.seed, row: 1, part: 2)
    let size = min(experiment.batchSize, count)
    for t in 0..<steps {
      let batch = Array((0..<count).shuffled(using: &generator).prefix(size))
      let noise = (0..<size * experiment.latent).map { _ in generator.normal() }
      let a = loops.step(
        batch.map { Array(images[$0 * start.dataWidth..<($0 + 1) * start.dataWidth]) },
        noise: rows(noise, of: experiment.latent), rate: experiment.learningRate)
      let b = kernels.step(images, batch[...], noise: noise)
      let flat = loops.encoder.layers.flatMap { $0.flatMap { $0 } }
      let flat2 = loops.decoder.layers.flatMap { $0.flatMap { $0 } }
      print(t, a.elbo - b.elbo, a.elbo,
        zip(flat, kernels.model.encoder.parameters).map { abs($0 - $1) }.max()!,
        zip(flat2, kernels.model.decoder.parameters).map { abs($0 - $1) }.max()!)
    }
    return []
  }

  func train(
    eachEpoch: () -> Void
  ) -> (loops: History, kernels: History, check: Check) {
    var loops = PlainVAE(start)
    var kernels = trainer
    var generators = (Threefry(seed: experiment.seed, row: 1), Threefry(seed: experiment.seed, row: 1))
    var (a, b) = (History(), History())
    let rows = rows(images, of: start.dataWidth)
    for _ in 0..<experiment.epochs {
      a.training.append(
        loops.epoch(
          over: rows, batchSize: experiment.batchSize, rate: experiment.learningRate,
          using: &generators.0))
      b.training.append(epoch(of: &kernels, using: &generators.1))
      a.heldOut.append(evaluate(loops))
      b.heldOut.append(evaluate(kernels.model))
      eachEpoch()
    }
    var model = start
    model.encoder.parameters = loops.encoder.layers.flatMap { $0.flatMap { $0 } }
    model.decoder.parameters = loops.decoder.layers.flatMap { $0.flatMap { $0 } }
    let terms = a.heldOut[a.heldOut.count - 1]
    let check = Check.exact(
      "6.1", "held-out ELBO of what the loops have learned: loops = kernels", terms.elbo,
      evaluate(model).elbo, allowance: rounding(terms.reconstruction, terms.divergence))
    return (a, b, check)
  }

  /// The kernels' epoch, with the order and ε of `PlainVAE.epoch`.
  private func epoch(
    of kernels: inout Trainer<Double>, using generator: inout Threefry
  ) -> ELBOTerms {
    let order = Array(0..<count).shuffled(using: &generator)
    var total = ELBOTerms()
    for first in stride(from: 0, to: count, by: experiment.batchSize) {
      let batch = order[first..<min(first + experiment.batchSize, count)]
      let noise = (0..<batch.count * experiment.latent).map { _ in generator.normal() }
      total = total + kernels.step(images, batch, noise: noise)
    }
    return total / Double(count)
  }

  private func evaluate(_ loops: PlainVAE) -> ELBOTerms {
    var loops = loops
    let terms = zip(rows(heldOut, of: start.dataWidth), rows(heldOutNoise, of: experiment.latent)).map {
      loops.differentiate($0, noise: $1)
    }
    return terms.reduce(ELBOTerms(), +) / Double(terms.count)
  }

  private func evaluate(_ model: VariationalAutoencoder<Double>) -> ELBOTerms {
    let count = heldOut.count / start.dataWidth
    var sample = ELBOSample(of: model, rows: count)
    sample.setBatch(heldOut, indices: Array(0..<count)[...])
    sample.noise = heldOutNoise
    sample.differentiate(model, scale: 1, wantsGradient: false)
    return sample.terms / Double(count)
  }
}
