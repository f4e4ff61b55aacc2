import ImageModels
import TinyNetworks
import TinyNumerics

/// A VAE of the digits with one of the likelihoods, and the held-out digits as its entries.
struct PixelModel {
  let model: VariationalAutoencoder<Double>
  let images: Rows<Double>
}

extension PixelModel {
  /// Trained for 60 epochs.
  init(_ kind: PixelEncoding.Kind, of studies: DigitStudies) throws {
    let experiment = Experiment(
      likelihood: kind, hidden: [64], epochs: 60, learningRate: 3e-3, seed: studies.seed)
    model = try studies.trained(experiment).model
    var noise = Threefry(seed: studies.seed, row: 7)
    images = PixelEncoding(kind, brightest: 16).entries(
      studies.dataset.heldOut.levels[...], using: &noise)
  }

  /// What the held-out images cost, whatever the outputs are taken for: log p(x) on grids in the
  /// guides' coordinates (one grid for all cannot be fine enough for the posteriors of 17 levels),
  /// to a thousandth of a nat. The places of the posteriors are asked of `placement`.
  func bits(
    _ scoring: Scoring? = nil, placement: Scoring? = nil, offset: Double = 0, draws: Int,
    seed: UInt64
  ) -> Bits {
    let guides = model.guides(for: images)
    let exact = GuidedEvidence(
      of: model.decoder, guides: guides, images: images, scoring: scoring, placement: placement,
      spacing: 1.5, tolerance: 1e-3, depth: 14
    ).logEvidence
    // Twice as wide as the guide, a proposal has weights that do not vary much.
    let proposals = guides.map {
      DiagonalGaussian(mean: $0.mean, standardDeviation: $0.standardDeviation.map { 2 * $0 })
    }
    let sampled = EstimatedEvidence(
      of: model.decoder, guides: proposals, images: images, scoring: scoring, draws: draws,
      seed: seed)
    return Bits(exact, sampled, pixels: model.dataWidth, offset: offset)
  }
}

/// What an image costs, in bits a pixel.
struct Bits {
  let mean: Double
  /// The grids' own estimate of what they miss.
  let error: Double
  /// p̂(x)/p(x), p̂ sampled and p by the grid, mean over the images: 1, for p̂ is unbiased (eq.
  /// 2.5).
  let ratio: (mean: Double, standardError: Double)

  /// From log p(x) in nats an image of `pixels`, plus `offset` bits a pixel.
  init(_ exact: [Integral], _ sampled: EstimatedEvidence, pixels: Int, offset: Double = 0) {
    let scale = 1 / (Double(pixels) * log(2))
    mean = offset - TinyNumerics.mean(exact.map(\.value)) * scale
    error = TinyNumerics.mean(exact.map(\.error)) * scale
    let ratios = zip(sampled.logEvidence, exact).map { exp($0 - $1.value) }
    // The images are given, the draws are random: variances add up.
    let variance = zip(ratios, sampled.weights).reduce(0) {
      $0 + ($1.0 * $1.1.relativeStandardError) * ($1.0 * $1.1.relativeStandardError)
    }
    ratio = (TinyNumerics.mean(ratios), variance.squareRoot() / Double(exact.count))
  }
}
