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
      try diffusion(in: notebook), try autoregressive(in: notebook), try adversarial(in: notebook),
    ]
    return tested(trained + [memoriser, independentPixels, coinFlips], in: notebook)
  }

  /// 7.12's test of each model's samples.
  private func tested(_ models: [ModelOnDigits], in notebook: Notebook) -> [ModelOnDigits] {
    notebook.working("telling samples from data", steps: models.count) { advance in
      models.enumerated().map { part, model in
        var model = model
        model.told =
          SampleTest(
            real: digits.training, samples: model.samples, steps: 3 * epochs, seed: seed,
            part: 10 + part
          ).accuracy
        advance()
        return model
      }
    }
  }

  /// Two latents: log p(x) by 6.2's grid.
  private func exactAutoencoder(in notebook: Notebook) throws -> ModelOnDigits {
    let model = try autoencoder(latent: 2, in: notebook)
    return entry(
      "VAE, 2 latents", model, scores: exactScores(of: model.decoder, in: notebook),
      isBound: false, part: 0)
  }

  private func exactScores(of decoder: Decoder<Double>, in notebook: Notebook) -> [Double] {
    notebook.working("log p(x) on a grid", steps: Evidence.bands) { advance in
      Evidence.refined(
        of: decoder, images: digits.heldOut, from: Grid(over: -8...8, count: 200),
        tolerance: 1e-4, eachBand: advance
      ).logEvidence
    }
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
    return ModelOnDigits(
      name: name, scores: scores, isBound: isBound,
      parameters: model.encoder.parameterCount + model.decoder.network.parameterCount, passes: 1,
      samples: model.decoder.samples(DigitStudy.sampleCount, using: &generator))
  }

  /// 7.3's network, whose log p(x) is a sum.
  private func autoregressive(in notebook: Notebook) throws -> ModelOnDigits {
    let model = try autoregression(in: notebook)
    let pixels = digits.training.width
    let used = PixelNetwork.mask(pixels: pixels, hidden: 128).count { $0 == 1 }
    var generator = Threefry(seed: seed, row: 11, part: 5)
    return ModelOnDigits(
      name: "autoregressive", scores: model.logProbabilities(of: digits.heldOut), isBound: false,
      parameters: used, passes: pixels,
      samples: model.samples(DigitStudy.sampleCount, using: &generator))
  }

  /// 7.11's generator, asked for log p(x) by the same grid as the VAE.
  private func adversarial(in notebook: Notebook) throws -> ModelOnDigits {
    let model = try generator(in: notebook)
    var generator = Threefry(seed: seed, row: 11, part: 6)
    return ModelOnDigits(
      name: "GAN", scores: exactScores(of: model.decoder, in: notebook), isBound: false,
      parameters: model.parameters, passes: 1,
      samples: model.decoder.samples(DigitStudy.sampleCount, using: &generator))
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

  /// The training images, known by heart.
  var memory: ImageMemory {
    ImageMemory(images: digits.training.bits, pixels: digits.training.width)
  }

  /// Of EM, which leaves nothing to gain after so many.
  static let turns = 60

  private var memoriser: ModelOnDigits {
    let (model, flips) = (memory, memory.bestFlips(turns: DigitStudy.turns))
    var generator = Threefry(seed: seed, row: 11, part: 2)
    let words = (0..<DigitStudy.sampleCount).map { _ in
      model.sample(flips: flips, using: &generator)
    }
    return ModelOnDigits(
      name: "memory, flipped",
      scores: digits.heldOut.bits.map { model.logProbability($0, flips: flips) }, isBound: false,
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
      words.flatMap { word in
        (0..<width).reversed().map { Double(word >> UInt64($0) & 1) }
      }, width: width)
  }
}
