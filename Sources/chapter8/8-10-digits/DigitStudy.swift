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
    let trained = try underABar(
      "training a VAE with \(latent) latents", steps: epochs * batches, in: notebook
    ) { goOn in
      try train(
        experiment, on: digits.dataset, encoding: encoding,
        from: untrained(experiment, encoding: encoding, pixels: digits.dataset.pixels),
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
