import ImageModels
import TinyNetworks
import TinyNumerics

/// Eq. 6.9: an autoencoder's decoder, taken for a generative model with z ~ N(0, I), against a
/// VAE's with the same networks.
///
/// An autoencoder is a VAE without the noise and without the KL, so nothing tells its codes to look
/// like draws from the prior. Its evidence is the same integral p(x) = ∫ p(x|z) p(z) dz, by the
/// grid of row 6.2.
struct Autoencoder {
  /// The trained autoencoder.
  let model: VariationalAutoencoder<Double>
  /// Mean and covariance of its codes of the images trained on.
  let codes: Gaussian

  /// Nothing, if the codes lie on a point or a line, or are no numbers: then no Gaussian fits them.
  init?(_ model: VariationalAutoencoder<Double>, training: Rows<Double>) {
    self.model = model
    guard model.encoder(training).numbers.allSatisfy({ abs($0) < 1400 }) else { return nil }
    let (mean, covariance) = covariance(of: Rows(model.guides(for: training).map(\.mean)))
    guard Cholesky(covariance) != nil else { return nil }
    codes = Gaussian(mean: mean, covariance: covariance)
  }

  /// The decoder whose latents are the autoencoder's codes in the coordinates of their own
  /// Gaussian, z = m + L u with LLᵀ the codes' covariance: u ~ N(0, I) there means z ~ N(m, LLᵀ)
  /// here. The map goes into the decoder's first layer: z·W + b = u·(LᵀW) + (m·W + b).
  var decoderOfFittedPrior: Decoder<Double> {
    var result = model.decoder
    let (dimension, width) = (model.latentDimension, model.decoder.network.widths[1])
    let factor = codes.cholesky.factor
    let weights = Array(model.decoder.network.parameters.prefix((dimension + 1) * width))
    for unit in 0..<width {
      for d in 0..<dimension {
        result.network.parameters[d * width + unit] = (0..<dimension).reduce(0) { sum, i in
          sum + factor[i, d] * weights[i * width + unit]
        }
      }
      result.network.parameters[dimension * width + unit] += (0..<dimension).reduce(0) { sum, i in
        sum + codes.mean[i] * weights[i * width + unit]
      }
    }
    return result
  }
}

/// log p(x) of each image, to a ten-thousandth of a nat: an autoencoder has no guides that would
/// say how narrow its posteriors are, so the grid finds out.
func logEvidence(
  of decoder: Decoder<Double>, images: Rows<Double>, eachBand: @Sendable () -> Void = {}
) -> (values: [Double], error: Double) {
  let evidence = Evidence.refined(
    of: decoder, images: images, from: Grid(over: -8...8, count: 240), tolerance: 1e-4,
    eachBand: eachBand)
  return (evidence.logEvidence, evidence.largestError)
}
