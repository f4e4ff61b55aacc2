import ImageModels
import TinyNetworks
import TinyNumerics

/// Eq. 6.14: a Gaussian decoder with one σ² for all pixels of all images, whatever its means are.
/// In nats an image of J pixels,
///   E[−log N(x; f(z), σ²I)] = ½ J (log 2πσ² + MSE/σ²),
/// MSE the mean of (x_j − f_j(z))². Its derivative by log σ², ½ J (1 − MSE/σ²), is 0 at σ² = MSE.
///
/// - Source: Rybkin, Daniilidis and Levine, "Simple and effective VAE training with calibrated
///   decoders", ICML 2021, section 4.
struct SharedVariance {
  private let images: Rows<Double>
  private let means: [[Double]]

  /// The model's means at one draw of z from each image's guide.
  init(
    of model: VariationalAutoencoder<Double>, images: Rows<Double>,
    using generator: inout Threefry
  ) {
    self.images = images
    let latents = Rows(model.guides(for: images).map { $0.sample(using: &generator) })
    means = model.decoder(latents).map { Array($0.prefix(images.width)) }
  }

  var pixels: Int { images.width }

  /// How many terms a loss adds up.
  var terms: Int { images.numbers.count }

  var meanSquare: Double {
    let squares = zip(images, means).map { x, f in
      zip(x, f).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    return mean(squares) / Double(pixels)
  }

  /// The mean of −log p(x|z), pixel by pixel.
  func loss(variance: Double) -> Double {
    let deviation = variance.squareRoot()
    return mean(
      zip(images, means).map { x, f in
        zip(x, f).reduce(0) {
          $0 - Normal(mean: $1.1, standardDeviation: deviation).logDensity($1.0)
        }
      })
  }

  /// ½ J (log 2π MSE + 1): the loss at the best σ².
  var bestLoss: Double { 0.5 * Double(pixels) * (logTwoPi + log(meanSquare) + 1) }

  /// What another σ² costs: ½ J (r − 1 − log r), r = MSE/σ².
  func cost(ofVariance variance: Double) -> Double {
    0.5 * Double(pixels) * excessOverLogarithm(meanSquare / variance)
  }
}
