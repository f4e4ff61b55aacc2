import ImageModels
import TinyNumerics

/// Row 6.7: three likelihoods for pixels of 17 grey levels, and what they cost in bits a pixel:
///   bits = −log p(x) / (J log 2).
///
/// Categorical and discretised Gaussian give probabilities to the same images, so their bits
/// compare. A Gaussian's density of the dequantised pixels x = (k + u)/17 compares after a
/// correction. By Jensen's inequality
///   log ∫ p(k + u) du ≥ ∫ log p(k + u) du,
/// and the density of x on [0, 1] is 17 times that of 17x, so
///   −log₂ P(k) ≤ E_u[−log₂ p(x)] + log₂ 17  a pixel:
/// an upper bound on the discretised Gaussian's bits. Bernoulli pixels are another data set, one
/// bit each, and compare only with the categorical's own probabilities of "level ≥ 8".
///
/// - Source: dequantisation as a bound: Theis, van den Oord and Bethge, "A note on the evaluation
///   of generative models", ICLR 2016, section 3.1.
struct PixelLikelihoods {
  /// Trained models, for the checks of single pixels.
  let categoricalModel: PixelModel
  let gaussianModel: PixelModel
  /// Mean bits a pixel of the held-out images and their standard errors.
  let categorical: Bits
  let cells: Bits
  let dequantised: Bits
  let bernoulli: Bits
  let coarse: Bits
  /// Per image: log p of the coarse image minus log p of the fine one, with the same draws; never
  /// negative.
  let smallestCoarseGain: Double

  /// 17 grey levels.
  static let levels = 17

  /// How often `eachStep` is told: three models are trained, and five times an evidence is
  /// estimated.
  static let steps = 8

  init(_ studies: DigitStudies, draws: Int, eachStep: () -> Void = {}) throws {
    let pixels = studies.dataset.pixels
    func trained(_ kind: PixelEncoding.Kind) throws -> PixelModel {
      defer { eachStep() }
      return try PixelModel(kind, of: studies)
    }
    func evidence(_ model: PixelModel, _ scoring: Scoring? = nil) -> EstimatedEvidence {
      defer { eachStep() }
      return model.evidence(scoring: scoring, draws: draws, seed: studies.seed)
    }
    categoricalModel = try trained(.categorical)
    let fine = evidence(categoricalModel)
    let halves = evidence(
      categoricalModel,
      .coarse(levels: PixelLikelihoods.levels, threshold: Int(Digits.threshold)))
    categorical = Bits(fine, pixels: pixels)
    coarse = Bits(halves, pixels: pixels)
    smallestCoarseGain = zip(halves.logEvidence, fine.logEvidence).map(-).min() ?? .nan

    gaussianModel = try trained(.gaussian)
    cells = Bits(
      evidence(
        gaussianModel,
        .cells(PixelLikelihoods.levels, varianceFloor: PixelEncoding.varianceFloor)),
      pixels: pixels)
    dequantised = Bits(
      evidence(gaussianModel), pixels: pixels, offset: log2(Double(PixelLikelihoods.levels)))

    bernoulli = Bits(evidence(try trained(.bernoulli)), pixels: pixels)
  }
}
