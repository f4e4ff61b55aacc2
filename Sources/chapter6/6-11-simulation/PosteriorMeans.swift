import Foundation
import ImageModels
import TinyNetworks
import TinyNumerics

/// What a sum over a grid says of one image's posterior.
struct PosteriorSums {
  /// D(p(z|x) ‖ q) = Σ_nodes h^D p(z|x) [log p(z|x) − log q(z)].
  var gap = 0.0
  /// p(z_d|x) h for each dimension d at each node of the axis.
  var marginals: [[Double]]

  /// E[f(z_d)] under the posterior.
  func mean(_ axis: [Double], dimension d: Int, of f: (Double) -> Double) -> Double {
    zip(axis, marginals[d]).reduce(0) { $1.1 == 0 ? $0 : $0 + $1.1 * f($1.0) }
  }

  /// The posterior's own mean and variance, as independent normals.
  func moments(_ axis: [Double]) -> DiagonalGaussian {
    let means = marginals.indices.map { mean(axis, dimension: $0) { $0 } }
    return DiagonalGaussian(
      mean: means,
      standardDeviation: marginals.indices.map { d in
        mean(axis, dimension: d) { ($0 - means[d]) * ($0 - means[d]) }.squareRoot()
      })
  }
}

/// The sums of each image, over the half-shifted grid. Bands of the lattice may run on different
/// cores and are added in order.
func posteriorSums(
  of decoder: Decoder<Double>, _ images: Rows<Double>, _ guides: [DiagonalGaussian],
  _ evidence: Evidence, _ eachBand: @Sendable () -> Void
) -> (axis: [Double], sums: [PosteriorSums]) {
  let lattice = Lattice(evidence.grid, shifted: true, dimension: decoder.latentDimension)
  let likelihood = LogLikelihoodGrid(decoder, images: images)
  let axis = lattice.axes[0]
  let tables = guides.map { q in
    (0..<lattice.dimension).map { d in axis.map { q[d].logDensity($0) } }
  }
  let empty = PosteriorSums(
    marginals: Array(
      repeating: Array(repeating: 0, count: axis.count), count: lattice.dimension))
  let logVolume = Double(lattice.dimension) * log(evidence.grid.spacing)
  let bands = 16
  let results = concurrentMap(bands, each: eachBand) { band in
    var sums = guides.map { _ in empty }
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
          var (rest, logGuide) = (start + p, 0.0)
          for d in empty.marginals.indices.reversed() {
            logGuide += tables[i][d][rest % axis.count]
            sums[i].marginals[d][rest % axis.count] += weight
            rest /= axis.count
          }
          sums[i].gap += weight * (logPosterior - logGuide)
        }
      }
    }
    return sums
  }
  return (axis, results.dropFirst().reduce(results[0]) { zip($0, $1).map(+) })
}

private func + (a: PosteriorSums, b: PosteriorSums) -> PosteriorSums {
  PosteriorSums(
    gap: a.gap + b.gap,
    marginals: zip(a.marginals, b.marginals).map { zip($0, $1).map(+) })
}
