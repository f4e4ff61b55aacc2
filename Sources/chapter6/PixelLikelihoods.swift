import Foundation
import ImageModels
import TinyNetworks
import TinyNumerics

/// Row 6.7: three likelihoods for pixels of 17 grey levels, and what they cost in bits a pixel:
///   bits = −log p(x) / (J log 2).
///
/// Categorical and discretised Gaussian give probabilities to the same images, so their bits compare. A
/// Gaussian's density of the dequantised pixels x = (k + u)/17 compares after a correction. By Jensen's
/// inequality
///   log ∫ p(k + u) du ≥ ∫ log p(k + u) du,
/// and the density of x on [0, 1] is 17 times that of 17x, so
///   −log₂ P(k) ≤ E_u[−log₂ p(x)] + log₂ 17  a pixel:
/// an upper bound on the discretised Gaussian's bits. Bernoulli pixels are another data set, one bit each, and
/// compare only with the categorical's own probabilities of "level ≥ 8".
///
/// - Source: dequantisation as a bound: Theis, van den Oord and Bethge, "A note on the evaluation of generative
///   models", ICLR 2016, section 3.1.
struct PixelLikelihoods {
  /// Mean bits a pixel of the held-out images and their standard errors.
  let categorical: Bits
  let cells: Bits
  let dequantised: Bits
  let bernoulli: Bits
  let coarse: Bits
  /// Per image: log p of the coarse image minus log p of the fine one, with the same draws; never negative.
  let smallestCoarseGain: Double
  /// Trained models, for the checks of single pixels.
  let categoricalModel: VariationalAutoencoder<Double>
  let gaussianModel: VariationalAutoencoder<Double>

  struct Bits {
    let mean: Double
    let standardError: Double

    /// From estimates of log p(x) in nats an image of `pixels`, plus `offset` bits a pixel.
    init(_ evidence: EstimatedEvidence, pixels: Int, offset: Double = 0) {
      let scale = 1 / (Double(pixels) * log(2))
      mean = offset - TinyNumerics.mean(evidence.logEvidence) * scale
      standardError = evidence.standardError * scale
    }
  }

  /// How often `eachStep` is told: three models are trained, and five times an evidence is estimated.
  static let steps = 8

  init(_ studies: DigitStudies, draws: Int, eachStep: () -> Void = {}) throws {
    let pixels = studies.dataset.pixels
    let heldOut = studies.dataset.heldOut.levels[...]
    let encoding = PixelEncoding(.categorical, brightest: 16)  // 17 levels
    func model(
      _ kind: PixelEncoding.Kind, epochs: Int
    ) throws -> (VariationalAutoencoder<Double>, Rows<Double>) {
      let experiment = Experiment(
        likelihood: kind, hidden: [64], epochs: epochs, learningRate: 3e-3, seed: studies.seed)
      var noise = Threefry(seed: studies.seed, row: 7)
      let images: Rows<Double> = PixelEncoding(kind, brightest: 16).entries(heldOut, using: &noise)
      defer { eachStep() }
      return (try studies.trained(experiment).model, images)
    }
    func estimate(
      _ model: VariationalAutoencoder<Double>, _ images: Rows<Double>, _ scoring: Scoring? = nil
    ) -> EstimatedEvidence {
      defer { eachStep() }
      return EstimatedEvidence(
        of: model.decoder, guides: model.guides(for: images), images: images, scoring: scoring,
        draws: draws, seed: studies.seed)
    }
    let (byLevel, levels) = try model(.categorical, epochs: 60)
    let fine = estimate(byLevel, levels)
    let coarseEvidence = estimate(
      byLevel, levels, .coarse(levels: encoding.levels, threshold: Int(encoding.threshold)))
    categorical = Bits(fine, pixels: pixels)
    coarse = Bits(coarseEvidence, pixels: pixels)
    smallestCoarseGain =
      zip(coarseEvidence.logEvidence, fine.logEvidence).map(-).min() ?? .nan
    let (byDensity, dequantisedImages) = try model(.gaussian, epochs: 60)
    let scoring = Scoring.cells(encoding.levels, varianceFloor: PixelEncoding.varianceFloor)
    cells = Bits(estimate(byDensity, dequantisedImages, scoring), pixels: pixels)
    dequantised = Bits(
      estimate(byDensity, dequantisedImages), pixels: pixels,
      offset: log2(Double(encoding.levels)))
    let (byBit, bits) = try model(.bernoulli, epochs: 60)
    bernoulli = Bits(estimate(byBit, bits), pixels: pixels)
    (categoricalModel, gaussianModel) = (byLevel, byDensity)
  }
}
