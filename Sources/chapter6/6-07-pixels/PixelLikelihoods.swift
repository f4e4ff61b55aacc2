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
  /// The trained models.
  let categoricalModel: PixelModel
  let gaussianModel: PixelModel
  let bernoulliModel: PixelModel
  /// Mean bits a pixel of the held-out images.
  let categorical: Bits
  let cells: Bits
  let dequantised: Bits
  let bernoulli: Bits
  let coarse: Bits

  /// 17 grey levels.
  static let levels = 17
  static let cellScoring = Scoring.cells(levels, varianceFloor: PixelEncoding.varianceFloor)
  static let coarseScoring = Scoring.coarse(levels: levels, threshold: Int(Digits.threshold))

  /// How often `eachStep` is told: three models are trained, and five evidences are computed.
  static let steps = 8

  init(_ studies: DigitStudies, draws: Int, eachStep: () -> Void = {}) throws {
    func trained(_ kind: PixelEncoding.Kind) throws -> PixelModel {
      defer { eachStep() }
      return try PixelModel(kind, of: studies)
    }
    func bits(
      _ model: PixelModel, _ scoring: Scoring? = nil, placement: Scoring? = nil, offset: Double = 0
    ) -> Bits {
      defer { eachStep() }
      return model.bits(
        scoring, placement: placement, offset: offset, draws: draws, seed: studies.seed)
    }
    categoricalModel = try trained(.categorical)
    categorical = bits(categoricalModel)
    coarse = bits(categoricalModel, PixelLikelihoods.coarseScoring)
    gaussianModel = try trained(.gaussian)
    cells = bits(
      gaussianModel, PixelLikelihoods.cellScoring,
      placement: .density(gaussianModel.model.decoder.likelihood))
    dequantised = bits(gaussianModel, offset: log2(Double(PixelLikelihoods.levels)))
    bernoulliModel = try trained(.bernoulli)
    bernoulli = bits(bernoulliModel)
  }
}
