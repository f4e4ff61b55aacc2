import ImageModels
import TinyNetworks
import TinyNumerics

/// Eq. 6.11: pairs (z, x) from the model itself, z ~ N(0, I), x ~ p(x|z), binary pixels. The z that
/// made x is a draw from the posterior p(z|x), so two things about the guide can be seen without a
/// posterior sampler:
/// - the sandwich of eq. 3.16: E[log w(z)] = log p(x) + D(p(z|x)‖q), above log p(x);
/// - its calibration: u_d = Φ((z_d − µ_d)/σ_d), the rank of z among the guide's own draws, would be
///   uniform if the guide were the posterior, and 12 (u − ½)² would be 1 on average: above 1 the
///   guide is too narrow.
///
/// Beside each sampled number stands the same posterior expectation by a sum over a grid.
struct Simulation {
  let images: Rows<Double>
  let guides: [DiagonalGaussian]
  /// log p(x), one an image, by the evidence's grid.
  let logEvidence: [Double]
  /// D(p(z|x)‖q) and E[12 (u − ½)²] under the posterior, by a sum over the half-shifted grid.
  let upperGaps: [Double]
  let miscalibrations: [Double]
  /// The same of the z that made x: log w(z) − log p(x) and the mean of 12 (u_d − ½)².
  let sampledGaps: [Double]
  let sampledMiscalibrations: [Double]
  /// u_d of every pair and dimension.
  let ranks: [Double]

  /// How often `eachBand` is told if the evidence needs no finer grid.
  static let bands = 48

  /// Nil if the guide of a drawn image is no distribution, as after steps that were too long.
  ///
  /// - Requires: a Bernoulli model.
  init?(
    of model: VariationalAutoencoder<Double>, pairs: Int, eachBand: @Sendable () -> Void = {},
    using generator: inout Threefry
  ) {
    require(model.decoder.likelihood == .bernoulli, "binary pixels")
    let prior = DiagonalGaussian.standard(dimension: model.latentDimension)
    let latents = prior.draws(pairs, using: &generator)
    let logits = model.decoder(latents)
    let images = Rows(
      logits.numbers.map { generator.uniform() < sigmoid($0) ? 1.0 : 0.0 }, width: logits.width)
    guard isUsable(model, for: images) else { return nil }
    let guides = model.guides(for: images)
    let evidence = Evidence.refined(
      of: model.decoder, images: images, from: Reach(of: model.decoder, guides: guides).grid,
      eachBand: eachBand)
    (upperGaps, miscalibrations) = posteriorMeans(
      of: model.decoder, images, guides, evidence, eachBand)
    sampledGaps = (0..<pairs).map { i in
      let z = latents.row(i)
      let likelihood = LogLikelihoodGrid(model.decoder, images: images.row(i))
      return guides[i].logImportanceWeights(z, likelihood(z).numbers)[0] - evidence.logEvidence[i]
    }
    let ranks = zip(guides, latents).map { q, z in z.enumerated().map { q[$0].cdf($1) } }
    sampledMiscalibrations = ranks.map { mean($0.map(miscalibration)) }
    self.ranks = ranks.flatMap { $0 }
    logEvidence = evidence.logEvidence
    (self.images, self.guides) = (images, guides)
  }
}
