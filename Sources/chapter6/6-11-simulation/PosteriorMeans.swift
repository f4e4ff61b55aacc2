import Foundation
import ImageModels
import TinyNetworks
import TinyNumerics

/// 12 (u − ½)²: 1 on average for a uniform u.
func miscalibration(_ rank: Double) -> Double { 12 * (rank - 0.5) * (rank - 0.5) }

/// Σ_nodes h^D p(z|x) f(z) of each image, for f = log p(z|x) − log q(z) and for f = the mean over d
/// of 12 (u_d − ½)². Bands of the lattice may run on different cores and are added in order.
func posteriorMeans(
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

/// log q and 12 (u − ½)² of one guide at the nodes of a lattice: a sum over dimensions of what is
/// tabulated along the axis.
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
