import ImageModels
import TinyNetworks
import TinyNumerics

/// 12 (u − ½)²: 1 on average for a uniform u.
func miscalibration(_ rank: Double) -> Double { 12 * (rank - 0.5) * (rank - 0.5) }

/// The mean over the dimensions of a statistic of z, one an image: its posterior expectation by the
/// grid, and its value at the z that made x.
struct Calibration {
  let exact: [Double]
  let sampled: [Double]
}

/// Eq. 6.11: pairs (z, x) from the model itself, z ~ N(0, I), x ~ p(x|z), binary pixels. The z that
/// made x is a draw from the posterior p(z|x), so two things about the guide can be seen without a
/// posterior sampler:
/// - the sandwich of eq. 3.16: E[log w(z)] = log p(x) + D(p(z|x)‖q), above log p(x);
/// - its calibration: u_d = Φ((z_d − µ_d)/σ_d), the rank of z among the guide's own draws, would be
///   uniform if the guide were the posterior, and 12 (u − ½)² would be 1 on average: above 1 the
///   guide is too narrow, or in the wrong place; which of the two, the posterior's own mean and
///   width tell.
///
/// Beside each sampled number stands the same posterior expectation by a sum over a grid.
struct Simulation {
  let images: Rows<Double>
  let guides: [DiagonalGaussian]
  /// log p(x), one an image, by the evidence's grid.
  let logEvidence: [Double]
  /// D(p(z|x)‖q) and E[12 (u − ½)²] under the posterior, by a sum over the half-shifted grid.
  let upperGaps: [Double]
  var miscalibrations: [Double] { calibrations[0].exact }
  /// The same of the z that made x: log w(z) − log p(x) and the mean of 12 (u_d − ½)².
  let sampledGaps: [Double]
  var sampledMiscalibrations: [Double] { calibrations[0].sampled }
  /// Of the guide, of its width at the posterior's mean, and of the posterior's width at its mean.
  let calibrations: [Calibration]
  /// Var(z_d|x)/σ_d² by the grid, and (z_d − E[z_d|x])²/σ_d² of the z that made x; means over d.
  let widths: Calibration
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
    let (axis, sums) = posteriorSums(of: model.decoder, images, guides, evidence, eachBand)
    upperGaps = sums.map(\.gap)
    let posteriors = sums.map { $0.moments(axis) }
    func calibration(_ normals: [DiagonalGaussian], _ f: (Normal, Double) -> Double) -> Calibration
    {
      Calibration(
        exact: zip(normals, sums).map { q, sum in
          mean((0..<q.dimension).map { d in sum.mean(axis, dimension: d) { f(q[d], $0) } })
        },
        sampled: zip(normals, latents).map { q, z in
          mean(z.enumerated().map { d, z in f(q[d], z) })
        })
    }
    let placed = zip(guides, posteriors).map {
      DiagonalGaussian(mean: $1.mean, standardDeviation: $0.standardDeviation)
    }
    let widened = zip(guides, posteriors).map {
      DiagonalGaussian(mean: $0.mean, standardDeviation: $1.standardDeviation)
    }
    calibrations = [guides, placed, widened].map {
      calibration($0) { miscalibration($0.cdf($1)) }
    }
    widths = calibration(placed) { q, z in (z - q.mean) * (z - q.mean) / q.variance }
    sampledGaps = (0..<pairs).map { i in
      let z = latents.row(i)
      let likelihood = LogLikelihoodGrid(model.decoder, images: images.row(i))
      return guides[i].logImportanceWeights(z, likelihood(z).numbers)[0] - evidence.logEvidence[i]
    }
    let ranks = zip(guides, latents).map { q, z in z.enumerated().map { q[$0].cdf($1) } }
    self.ranks = ranks.flatMap { $0 }
    logEvidence = evidence.logEvidence
    (self.images, self.guides) = (images, guides)
  }
}
