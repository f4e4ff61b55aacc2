import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

/// What rows 8.9 to 8.12 share: the digits, and models that are trained when a row first asks for
/// them.
final class DigitStudy {
  let digits: BinaryDigits
  let seed: UInt64
  /// Passes over the training images, for every network.
  let epochs: Int
  /// T of the diffusion that is compared with other models.
  let steps: Int
  /// Whether Ctrl-C has cut a training short: those after it end as soon as they have begun.
  private(set) var wasInterrupted = false

  private var denoisers: [Prediction: Denoiser] = [:]
  private var autoencoders: [Int: VariationalAutoencoder<Double>] = [:]
  private var scores: [Int: SampledScore] = [:]
  private var entries: [ModelOnDigits]?

  init(_ digits: BinaryDigits, seed: UInt64, epochs: Int, steps: Int) {
    (self.digits, self.seed, self.epochs, self.steps) = (digits, seed, epochs, steps)
  }

  /// Claims about trained networks are made of those that were trained.
  var isTrained: Bool { epochs >= 100 && !wasInterrupted }

  func denoiser(_ prediction: Prediction, in notebook: Notebook) throws -> Denoiser {
    if let known = denoisers[prediction] { return known }
    let name = prediction == .data ? "training the DDPM" : "training on the simple loss"
    let batches = (digits.training.count - 1) / Denoiser.batchSize + 1
    let denoiser = try underABar(name, steps: epochs * batches, in: notebook) { goOn in
      try Denoiser.trained(
        prediction, on: signs(digits.training), epochs: epochs, seed: seed,
        part: prediction == .data ? 0 : 2, goOn: goOn)
    }
    denoisers[prediction] = denoiser
    return denoiser
  }

  /// Chapter 6's VAE, 64–128–2D and D–128–64.
  func autoencoder(latent: Int, in notebook: Notebook) throws -> VariationalAutoencoder<Double> {
    if let known = autoencoders[latent] { return known }
    let experiment = Experiment(latent: latent, epochs: epochs, seed: seed)
    let encoding = PixelEncoding(.bernoulli, brightest: 16)
    let batches = (digits.training.count - 1) / experiment.batchSize + 1
    let dataset = try Dataset.digits()
    let trained = try underABar(
      "training a VAE with \(latent) latents", steps: epochs * batches, in: notebook
    ) { goOn in
      try train(
        experiment, on: dataset, encoding: encoding,
        from: untrained(experiment, encoding: encoding, pixels: dataset.pixels),
        isInterrupted: { !goOn() })
    }
    try requireUsable(
      trained.model, for: digits.heldOut, learningRate: experiment.learningRate)
    autoencoders[latent] = trained.model
    return trained.model
  }

  /// The DDPM's bound on the held-out images: several draws of every term, the more the fewer there
  /// are.
  func score(steps: Int, in notebook: Notebook) throws -> SampledScore {
    if let known = scores[steps] { return known }
    let (denoiser, schedule) = (
      try denoiser(.data, in: notebook), Schedule.pixels(steps: steps)
    )
    let score = schedule.score(
      signs(digits.heldOut), draws: max(2, min(16, 400 / steps)), seed: seed, row: 10,
      part: steps
    ) { denoiser.logOdds($0, $1, schedule) }
    scores[steps] = score
    return score
  }

  /// Chapter 7's masked network.
  func autoregression(in notebook: Notebook) throws -> PixelNetwork {
    var trainer = PixelNetworkTrainer(on: digits.training, hidden: 128, seed: seed)
    try underABar("training the autoregressive network", steps: epochs, in: notebook) { goOn in
      for _ in 0..<epochs {
        try requireNumber(trainer.pass())
        guard goOn() else { return }
      }
    }
    return trainer.model
  }

  /// Chapter 7's GAN: the generator's averaged weights, and the discriminator's size.
  func generator(
    in notebook: Notebook
  ) throws -> (decoder: Decoder<Double>, parameters: Int) {
    let data = digits.training.single
    var players = GAN(pixels: data.width, latent: 2, hidden: 128, seed: seed)
    var batches = Batches(
      of: data.count, size: 100, using: Threefry(seed: seed, row: 11, part: 1_000))
    try underABar("training the GAN", steps: epochs, in: notebook) { goOn in
      for _ in 0..<epochs {
        for batch in batches.pass() { try requireNumber(players.step(data.rows(at: batch))) }
        guard goOn() else { return }
      }
    }
    let learned = players.averaged.parameterCount + players.discriminator.network.parameterCount
    return (Decoder(Decoder(players.averaged, .bernoulli)), learned)
  }

  private func requireNumber(_ loss: Double) throws(Failure) {
    guard loss.isFinite else {
      throw Failure(
        .wrongCommandLine,
        "training diverged: the loss is no longer a number; choose another --seed")
    }
  }

  /// The table of 8.11, made once.
  func models(in notebook: Notebook) throws -> [ModelOnDigits] {
    if let entries { return entries }
    let made = try makeModels(in: notebook)
    entries = made
    return made
  }

  private func underABar<Result>(
    _ title: String, steps: Int, in notebook: Notebook,
    _ work: (_ goOn: () -> Bool) throws -> Result
  ) throws -> Result {
    let interruption = Interruption()
    let result = try notebook.working(title, steps: steps) { advance in
      try work {
        advance()
        if interruption.isRequested { wasInterrupted = true }
        return !wasInterrupted
      }
    }
    if wasInterrupted {
      notebook.isInterrupted = true
      notebook.text("Interrupted: what follows is about what was learned until then.")
    }
    return result
  }
}
