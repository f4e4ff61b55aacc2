import TinyNumerics
import ToyModels

/// A batch as a training loop sees it after one draw of ε: pixels, the decoder's logits for them,
/// and the encoder's µ and log σ².
struct TrainingBatch {
  /// One row an image: J pixels, 0 or 1.
  let images: [[Double]]
  /// One row an image: the decoder's J logits at z = µ + σε.
  let logits: [[Double]]
  /// One row an image: D numbers each.
  let means: [[Double]]
  let logVariances: [[Double]]

  var count: Int { images.count }
  var pixels: Int { images[0].count }
  var latents: Int { means[0].count }
}

/// Images, encoder outputs for them and a decoder of one layer: all that a training step holds but
/// ε.
struct TinyVAE {
  /// J × D: the logits are this times z.
  let decoder: Matrix
  let images: [[Double]]
  let means: [[Double]]
  let logVariances: [[Double]]

  /// Four random images of twelve pixels, three latents.
  static func example(using generator: inout some RandomNumberGenerator) -> TinyVAE {
    let (pixels, latents) = (12, 3)
    func numbers(_ count: Int, _ scale: Double) -> [Double] {
      (0..<count).map { _ in scale * generator.normal() }
    }
    let images = (0..<4).map { _ in (0..<pixels).map { _ in generator.uniform() < 0.5 ? 1.0 : 0 } }
    return TinyVAE(
      decoder: Matrix((0..<pixels).map { _ in numbers(latents, 1) }), images: images,
      means: images.map { _ in numbers(latents, 1) },
      logVariances: images.map { _ in numbers(latents, 0.7) })
  }

  /// One draw of ε for each image: z = µ + σε (eq. 5.1), decoded.
  func draw(using generator: inout some RandomNumberGenerator) -> TrainingBatch {
    let logits = zip(means, logVariances).map { mean, logVariance in
      decoder * zip(mean, logVariance).map { $0 + exp(0.5 * $1) * generator.normal() }
    }
    return TrainingBatch(
      images: images, logits: logits, means: means, logVariances: logVariances)
  }

  /// The ELBO itself, in nats an image, no draw in it. Under q = N(µ, diag σ²) the logit of pixel j
  /// is N(w_jᵀµ, Σ_d w_jd² σ_d²): the expectation of its log-probability is an integral over one
  /// number.
  var elbo: Integral {
    let images = zip(images, zip(means, logVariances)).map { image, code in
      let guide = DiagonalGaussian(mean: code.0, logVariance: code.1)
      let regulariser = klDivergence(guide, relativeTo: .standard(dimension: guide.dimension))
      return image.indices.reduce(Integral(exactly: -regulariser)) { sum, j in
        let row = decoder.row(j)
        let spread = zip(row, guide.standardDeviation).map(*)
        let logit = Normal(mean: dot(row, guide.mean), variance: dot(spread, spread))
        return sum
          + logit.expectation { Bernoulli(logit: $0).logProbability(image[j] == 1) }
      }
    }
    return (1 / Double(images.count)) * images.dropFirst().reduce(images[0], +)
  }
}

/// How a table of losses, one row an image, becomes one number: the frameworks' `reduction`.
enum Reduction: String {
  case sum, mean

  func callAsFunction(_ values: [Double]) -> Double {
    let sum = values.reduce(0, +)
    return self == .sum ? sum : sum / Double(values.count)
  }
}

/// Eq. 3.14, post T's loss as training code writes it, in nats: L = L_reconstruction + KL with
///   L_reconstruction = −Σ_j [x_j log p_j + (1 − x_j) log(1 − p_j)],   p_j = 1/(1 + e^{−logit_j}),
///   KL = −½ Σ_d (1 + log σ_d² − µ_d² − σ_d²),
/// pixels and latents each reduced by a sum or a mean, images always by a mean.
struct TrainingLoss {
  let reconstruction: Double
  let divergence: Double
  var total: Double { reconstruction + divergence }

  init(_ batch: TrainingBatch, pixels: Reduction = .sum, latents: Reduction = .sum) {
    let reconstructions = zip(batch.images, batch.logits).map { image, logits in
      pixels(
        zip(image, logits).map { x, logit in
          // 1 − p is computed as such: subtracted from 1, a small one would have lost its digits
          let (p, rest) = (1 / (1 + exp(-logit)), 1 / (1 + exp(logit)))
          return -(x * log(p) + (1 - x) * log(rest))
        })
    }
    let divergences = zip(batch.means, batch.logVariances).map { mean, logVariance in
      latents(zip(mean, logVariance).map { -0.5 * (1 + $1 - $0 * $0 - exp($1)) })
    }
    reconstruction = Reduction.mean(reconstructions)
    divergence = Reduction.mean(divergences)
  }
}

/// Eq. 3.14's other side, in nats an image: the ELBO of the same draws, distribution by
/// distribution: the mean over images of Σ_j log Bernoulli(x_j; logit_j) − β D(N(µ, diag σ²) ‖ N(0,
/// I)); β = 1 is the ELBO.
func elbo(of batch: TrainingBatch, beta: Double = 1) -> Double {
  let prior = DiagonalGaussian.standard(dimension: batch.latents)
  let elbos = (0..<batch.count).map { i in
    let logLikelihood = zip(batch.images[i], batch.logits[i]).reduce(0) {
      $0 + Bernoulli(logit: $1.1).logProbability($1.0 == 1)
    }
    let guide = DiagonalGaussian(mean: batch.means[i], logVariance: batch.logVariances[i])
    return logLikelihood - beta * klDivergence(guide, relativeTo: prior)
  }
  return elbos.reduce(0, +) / Double(batch.count)
}

/// Eq. 3.19, in nats: log N(x; x̂, σ²I), whose only term in x and x̂ is −‖x − x̂‖²/2σ². With σ² =
/// ½,
///   ‖x − x̂‖² = −log N(x; x̂, ½I) − (J/2) log π;
/// a mean over the J pixels, ‖x − x̂‖²/J, is the same with σ² = J/2.
func gaussianLogLikelihood(_ x: [Double], reconstruction: [Double], variance: Double) -> Double {
  let deviation = Array(repeating: variance.squareRoot(), count: x.count)
  return DiagonalGaussian(mean: reconstruction, standardDeviation: deviation).logDensity(x)
}
