import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

extension DigitStudy {
  /// Samples of each model.
  static let sampleCount = 1_500
  /// k of L_k, a power of two.
  static let boundDraws = 1_024

  /// Every model of 8.11, the trained ones first.
  func makeModels(in notebook: Notebook) throws -> [ModelOnDigits] {
    let trained = [
      try exactAutoencoder(in: notebook), try boundedAutoencoder(in: notebook),
      try diffusion(in: notebook),
    ]
    return trained + [memoriser, independentPixels, coinFlips]
  }

  /// Two latents: log p(x) by 6.2's grid.
  private func exactAutoencoder(in notebook: Notebook) throws -> ModelOnDigits {
    let model = try autoencoder(latent: 2, in: notebook)
    let evidence = notebook.working("log p(x) on a grid", steps: Evidence.bands) { advance in
      Evidence.refined(
        of: model.decoder, images: digits.heldOut, from: Grid(over: -8...8, count: 200),
        tolerance: 1e-4, eachBand: advance)
    }
    return entry("VAE, 2 latents", model, scores: evidence.logEvidence, isBound: false, part: 0)
  }

  /// Eight latents: L_k of 6.3.
  private func boundedAutoencoder(in notebook: Notebook) throws -> ModelOnDigits {
    let model = try autoencoder(latent: 8, in: notebook)
    return entry(
      "VAE, 8 latents", model, scores: manySampleBound(of: model, in: notebook), isBound: true,
      part: 1)
  }

  /// log (1/k) Σ w of each image, one block of k draws from its guide (3.15).
  func manySampleBound(
    of model: VariationalAutoencoder<Double>, in notebook: Notebook
  ) -> [Double] {
    let (guides, images, seed) = (model.guides(for: digits.heldOut), digits.heldOut, seed)
    return notebook.working("many draws an image", steps: images.count) { advance in
      concurrentMap(images.count, each: advance) { i in
        var generator = Threefry(seed: seed, row: 11, part: 1_000 * model.latentDimension + i)
        let points = guides[i].draws(DigitStudy.boundDraws, using: &generator)
        let likelihood = LogLikelihoodGrid(model.decoder, images: images.row(i))(points)
        return logMeanExp(guides[i].logImportanceWeights(points, likelihood.numbers))
      }
    }
  }

  private func entry(
    _ name: String, _ model: VariationalAutoencoder<Double>, scores: [Double], isBound: Bool,
    part: Int
  ) -> ModelOnDigits {
    var generator = Threefry(seed: seed, row: 11, part: part)
    let prior = DiagonalGaussian.standard(dimension: model.latentDimension)
    let logits = model.decoder(prior.draws(DigitStudy.sampleCount, using: &generator))
    return ModelOnDigits(
      name: name, scores: scores, isBound: isBound,
      parameters: model.encoder.parameterCount + model.decoder.network.parameterCount, passes: 1,
      samples: Rows(
        logits.numbers.map { generator.uniform() < sigmoid($0) ? 1 : 0 }, width: logits.width))
  }

  private func diffusion(in notebook: Notebook) throws -> ModelOnDigits {
    let (denoiser, schedule, seed) = (
      try denoiser(.data, in: notebook), Schedule.pixels(steps: steps), seed
    )
    let score = try score(steps: steps, in: notebook)
    let (width, shards) = (digits.training.width, 10)
    let samples = notebook.working("drawing digits", steps: shards) { advance in
      concurrentMap(shards, each: advance) { k in
        var generator = Threefry(seed: seed, row: 11, part: 100 + k)
        return schedule.sample(
          DigitStudy.sampleCount / shards, width: width, using: &generator
        ) { denoiser.logOdds($0, $1, schedule) }
      }
    }
    return ModelOnDigits(
      name: "DDPM, T = \(steps)", scores: score.elbos, isBound: true,
      parameters: denoiser.network.parameterCount, passes: steps,
      samples: Rows(samples.flatMap(\.numbers), width: width))
  }

  private var memoriser: ModelOnDigits {
    let model = Memoriser(leavingOneOut: BitImages(digits.training))
    var generator = Threefry(seed: seed, row: 11, part: 2)
    let words = (0..<DigitStudy.sampleCount).map { _ in model.sample(using: &generator) }
    return ModelOnDigits(
      name: "training images, pixels flipped",
      scores: BitImages(digits.heldOut).words.map(model.logProbability), isBound: false,
      parameters: 1, passes: 0, samples: pixels(words))
  }

  private var independentPixels: ModelOnDigits {
    let model = digits.pixelMeans
    var generator = Threefry(seed: seed, row: 11, part: 3)
    return ModelOnDigits(
      name: "independent pixels", scores: digits.heldOut.map(model.logProbability), isBound: false,
      parameters: model.pixels.count, passes: 0,
      samples: Rows(
        (0..<DigitStudy.sampleCount).map { _ in
          model.sample(using: &generator).map { $0 > 0 ? 1 : 0 }
        }))
  }

  private var coinFlips: ModelOnDigits {
    var generator = Threefry(seed: seed, row: 11, part: 4)
    let width = digits.heldOut.width
    return ModelOnDigits(
      name: "coin flips", scores: digits.heldOut.map { _ in -Double(width) * log(2) },
      isBound: false, parameters: 0, passes: 0,
      samples: Rows(
        (0..<DigitStudy.sampleCount * width).map { _ in generator.uniform() < 0.5 ? 1 : 0 },
        width: width))
  }

  /// The images in the bits of words.
  private func pixels(_ words: [UInt64]) -> Rows<Double> {
    let width = digits.heldOut.width
    return Rows(
      words.flatMap { word in (0..<width).map { Double(word >> UInt64($0) & 1) } }, width: width)
  }
}
