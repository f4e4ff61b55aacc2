import TinyNetworks
import TinyNumerics

/// Eq. 8.9: the three parts of −ELBO of a diffusion of pixels ±1, in nats, the steps back with
/// variances β̃_t.
struct DenoisingBound: Sendable {
  /// L_T = −½ J log(1 − ᾱ_T).
  var prior = 0.0
  /// Σ_{t≥2} L_{t−1} = Σ ½ (SNR_{t−1} − SNR_t) E‖x_0 − x̂_0‖².
  var steps = 0.0
  /// L_0 = −E log p(x_0 | x_1), a probability of pixels.
  var reconstruction = 0.0

  var total: Double { prior + steps + reconstruction }

  static func + (a: DenoisingBound, b: DenoisingBound) -> DenoisingBound {
    DenoisingBound(
      prior: a.prior + b.prior, steps: a.steps + b.steps,
      reconstruction: a.reconstruction + b.reconstruction)
  }

  static func * (factor: Double, a: DenoisingBound) -> DenoisingBound {
    DenoisingBound(
      prior: factor * a.prior, steps: factor * a.steps, reconstruction: factor * a.reconstruction)
  }
}

extension Schedule {
  /// L_T of one pixel ±1: D(N(±√ᾱ_T, 1 − ᾱ_T) ‖ N(0, 1)), in which ᾱ_T x² − ᾱ_T is 0.
  var pixelPriorTerm: Double { -0.5 * log(noise(steps)) }

  /// Eq. 8.9 by quadrature: the bound that a denoiser which knows pixel by pixel gives, averaged
  /// over the pixel.
  func bound(_ channel: PixelChannel) -> DenoisingBound {
    var bound = DenoisingBound(
      prior: pixelPriorTerm, reconstruction: channel.crossEntropy(signalToNoise(1)))
    for t in (1...steps).dropFirst() {
      bound.steps += dataWeight(t) * channel.squaredError(signalToNoise(t))
    }
    return bound
  }

  /// Eq. 8.9 by draws: one estimate of the bound for every image, one x_t for every t.
  ///
  /// - Parameters:
  ///   - images: rows of `width` pixels ±1.
  ///   - logOdds: the denoiser. Given rows of x_t and t it returns log P(+1)/P(−1) of every pixel,
  ///     twice the argument of the tanh in x̂_0.
  func sampledBounds(
    _ images: [Double], width: Int, using generator: inout some RandomNumberGenerator,
    logOdds: (_ noisy: [Double], _ t: Int) -> [Double]
  ) -> [DenoisingBound] {
    let prior = Double(width) * pixelPriorTerm
    var bounds = (0..<images.count / width).map { _ in DenoisingBound(prior: prior) }
    for t in 1...steps {
      let (scale, deviation) = (alphaBar(t).squareRoot(), noise(t).squareRoot())
      let noisy = images.map { scale * $0 + deviation * generator.normal() }
      let weight = t == 1 ? 0 : dataWeight(t)
      for (k, odds) in logOdds(noisy, t).enumerated() {
        let margin = images[k] * odds
        if t == 1 {
          bounds[k / width].reconstruction += softplus(-margin)
        } else {
          let error = 2 * sigmoid(-margin)  // |x_0 − tanh(½ log-odds)|
          bounds[k / width].steps += weight * error * error
        }
      }
    }
    return bounds
  }
}

/// Independent pixels: the images whose log p(x) and whose best denoiser are known.
struct IndependentPixels: Sendable {
  let pixels: [Pixel]

  init(probabilities: [Double]) { pixels = probabilities.map(Pixel.init(probability:)) }

  /// Eight pixels, some nearly certain.
  static let example = IndependentPixels(
    probabilities: [0.5, 0.3, 0.1, 0.02, 0.7, 0.9, 0.4, 0.05])

  /// −E log p(x): the entropies add up.
  var entropy: Double { pixels.reduce(0) { $0 + $1.entropy } }

  func sample(using generator: inout some RandomNumberGenerator) -> [Double] {
    pixels.map { generator.uniform() < $0.probability ? 1 : -1 }
  }

  /// The exact denoiser: pixel by pixel, by 8.4.
  func logOdds(_ noisy: [Double], _ t: Int, _ schedule: Schedule) -> [Double] {
    let (alphaBar, noise) = (schedule.alphaBar(t), schedule.noise(t))
    return noisy.enumerated().map { k, xt in
      pixels[k % pixels.count].logOdds(seeing: xt, alphaBar: alphaBar, noise: noise)
    }
  }

  /// −ELBO of the exact denoiser, averaged over images of the model.
  func bound(_ schedule: Schedule) -> DenoisingBound {
    pixels.reduce(DenoisingBound()) { $0 + schedule.bound(PixelChannel($1)) }
  }

  /// log p(x) of an image 0/1.
  func logProbability(_ image: ArraySlice<Double>) -> Double {
    zip(pixels, image).reduce(0) { $0 + logSigmoid($1.1 > 0 ? $1.0.logOdds : -$1.0.logOdds) }
  }

  /// Each pixel as it is in some images 0/1, and what this model believes of it.
  func channels(of images: Rows<Double>) -> [PixelChannel] {
    pixels.enumerated().map { j, belief in
      PixelChannel(
        Pixel(probability: mean(images.map { $0[$0.startIndex + j] })), believed: belief)
    }
  }

  /// −ELBO of this model's denoiser, averaged over images that are given.
  func bound(_ schedule: Schedule, of images: Rows<Double>) -> DenoisingBound {
    channels(of: images).reduce(DenoisingBound()) { $0 + schedule.bound($1) }
  }
}
