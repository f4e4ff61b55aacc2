import Foundation
import ImageModels
import TinyNetworks
import TinyNumerics

/// Eq. 6.11: pairs (z, x) from the model itself, z ~ N(0, I), x ~ p(x|z), binary pixels. The z that made x is a
/// draw from the posterior p(z|x), so two things about the guide can be seen without a posterior sampler:
/// - the sandwich of eq. 3.16: E[log w(z)] = log p(x) + D(p(z|x)‖q), above log p(x);
/// - its calibration: u_d = Φ((z_d − µ_d)/σ_d), the rank of z among the guide's own draws, would be uniform if
///   the guide were the posterior, and 12 (u − ½)² would be 1 on average: above 1 the guide is too narrow.
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

/// 12 (u − ½)²: 1 on average for a uniform u.
private func miscalibration(_ rank: Double) -> Double { 12 * (rank - 0.5) * (rank - 0.5) }

/// Σ_nodes h^D p(z|x) f(z) of each image, for f = log p(z|x) − log q(z) and for f = the mean over d of
/// 12 (u_d − ½)². Bands of the lattice may run on different cores and are added in order.
private func posteriorMeans(
  of decoder: Decoder<Double>, _ images: Rows<Double>, _ guides: [DiagonalGaussian],
  _ evidence: Evidence, _ eachBand: @Sendable () -> Void
) -> (gaps: [Double], miscalibrations: [Double]) {
  let lattice = Lattice(evidence.grid, shifted: true, dimension: decoder.latentDimension)
  let likelihood = LogLikelihoodGrid(decoder, images: images)
  let tables = guides.map { GuideTable($0, axis: lattice.axis) }
  let logVolume = Double(lattice.dimension) * log(evidence.grid.spacing)
  let bands = 16
  let results = concurrentMap(bands, each: eachBand) { band in
    var sums = guides.map { _ in (gap: 0.0, miscalibration: 0.0) }
    let range = lattice.count * band / bands..<lattice.count * (band + 1) / bands
    for start in stride(from: range.lowerBound, to: range.upperBound, by: 256) {
      let nodes = start..<min(start + 256, range.upperBound)
      let points = lattice.points(nodes)
      let values = likelihood(points).numbers
      for (p, logPrior) in logPrior(points).enumerated() {
        for i in guides.indices {
          let logPosterior = values[p * guides.count + i] + logPrior - evidence.shifted[i]
          // Below e⁻⁵⁰ nothing is added to sums of the order of one.
          guard logPosterior + logVolume > -50 else { continue }
          let weight = exp(logPosterior + logVolume)
          let (logGuide, spread) = tables[i].at(start + p)
          sums[i].gap += weight * (logPosterior - logGuide)
          sums[i].miscalibration += weight * spread
        }
      }
    }
    return sums
  }
  return (
    guides.indices.map { i in results.reduce(0) { $0 + $1[i].gap } },
    guides.indices.map { i in results.reduce(0) { $0 + $1[i].miscalibration } }
  )
}

/// log q and 12 (u − ½)² of one guide at the nodes of a lattice: a sum over dimensions of what is tabulated
/// along the axis.
private struct GuideTable {
  private let logDensities: [[Double]]
  private let spreads: [[Double]]
  private let count: Int

  init(_ guide: DiagonalGaussian, axis: [Double]) {
    count = axis.count
    logDensities = (0..<guide.dimension).map { d in axis.map { guide[d].logDensity($0) } }
    spreads = (0..<guide.dimension).map { d in
      axis.map { miscalibration(guide[d].cdf($0)) / Double(guide.dimension) }
    }
  }

  func at(_ node: Int) -> (logDensity: Double, spread: Double) {
    var (rest, logDensity, spread) = (node, 0.0, 0.0)
    for d in logDensities.indices.reversed() {
      logDensity += logDensities[d][rest % count]
      spread += spreads[d][rest % count]
      rest /= count
    }
    return (logDensity, spread)
  }
}
