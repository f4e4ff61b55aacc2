import Foundation
import TinyNetworks
import TinyNumerics

/// log p(x) of every image once more, each on a grid of its own (eq. 6.2), laid in the coordinates
/// z = µ + σu of its guide:
///   p(x) = ∫ p(x|µ + σu) p(µ + σu) σ₁ … σ_D du.
/// No node, no spacing and no logarithm of a sum is shared with `Evidence`. And where posteriors
/// are so narrow that one grid for all images is out of reach, this is the rule that remains.
///
/// A guide does not know where all of its posterior lies. So a coarse lattice of the latent space
/// is asked first, and an image's grid covers whatever is there within e⁻ᵈ of the best (d =
/// `depth`). The same grid is laid 2ᴰ times, moved by half a spacing in none, some or all of the
/// dimensions, for a narrow ridge across the axes would fool two; it is made finer until all agree.
public struct GuidedEvidence: Sendable {
  /// log p(x), in nats, one an image, with the error that its own grids estimate.
  public let logEvidence: [Integral]

  /// - Parameter placement: a likelihood that is cheaper to ask where the posteriors lie.
  public init(
    of decoder: Decoder<Double>, guides: [DiagonalGaussian], images: Rows<Double>,
    scoring: Scoring? = nil, placement: Scoring? = nil, spacing: Double = 0.7,
    tolerance: Double = 1e-7, depth: Double = 36, eachImage: @Sendable () -> Void = {}
  ) {
    let boxes = boxes(
      LogLikelihoodGrid(decoder, images: images, scoring: placement ?? scoring),
      in: Reach(of: decoder, guides: guides).grid.bounds, spacing: 2 * medianDeviation(guides),
      depth: depth)
    logEvidence = concurrentMap(guides.count, each: eachImage) { i in
      let likelihood = LogLikelihoodGrid(decoder, images: images.row(i), scoring: scoring)
      var result = Integral(value: .nan, error: .infinity, evaluations: 0)
      for halvings in 0..<4 where !(result.error <= tolerance) {
        let spacing = spacing / Double(1 << halvings)
        let sums = (0..<1 << guides[i].dimension).map {
          logSum(likelihood, guides[i], over: boxes[i], spacing: spacing, shifts: $0)
        }
        let (least, most) = (sums.min() ?? .nan, sums.max() ?? .nan)
        result = Integral(value: mean(sums), error: (most - least) / 2, evaluations: sums.count)
      }
      return result
    }
  }
}

/// log Σ_nodes Π_d (h_d σ_d) p(x|z) p(z) at z = µ + σu, for spacings h_d of at most `spacing`,
/// moved by half of h_d where bit d of `shifts` is set.
private func logSum(
  _ likelihood: LogLikelihoodGrid, _ q: DiagonalGaussian, over box: [ClosedRange<Double>],
  spacing: Double, shifts: Int
) -> Double {
  let grids = box.indices.map { d in
    let (mean, sigma) = (q.mean[d], q.standardDeviation[d])
    let (lower, upper) = ((box[d].lowerBound - mean) / sigma, (box[d].upperBound - mean) / sigma)
    return Grid(over: lower...upper, count: Int(((upper - lower) / spacing).rounded(.up)))
  }
  let points = placed(
    Lattice(
      axes: grids.enumerated().map { d, grid in
        (0..<grid.count).map { grid.node($0, shifted: shifts >> d & 1 == 1) }
      }
    ).points, by: q)
  let logVolume = grids.indices.reduce(0) {
    $0 + log(grids[$1].spacing * q.standardDeviation[$1])
  }
  return logVolume + logSumExp(zip(likelihood(points).numbers, logPrior(points)).map(+))
}

private func medianDeviation(_ guides: [DiagonalGaussian]) -> Double {
  let deviations = guides.flatMap(\.standardDeviation).sorted()
  return deviations.isEmpty ? 1 : deviations[deviations.count / 2]
}

/// Around each image's posterior a box: the nodes of a lattice where log p(x, z) is within `depth`
/// of the largest, and one spacing more. What hides between the nodes is so narrow that a check of
/// what is summed would show it.
private func boxes(
  _ likelihood: LogLikelihoodGrid, in bounds: ClosedRange<Double>, spacing: Double, depth: Double
) -> [[ClosedRange<Double>]] {
  let count = Int((bounds.upperBound - bounds.lowerBound) / spacing)
  let grid = Grid(over: bounds, count: min(max(count, 16), 400))
  let lattice = Lattice(grid, shifted: false, dimension: likelihood.decoder.latentDimension)
  let points = lattice.points
  let bands = 16
  let logJoint = concurrentMap(bands) { band in
    let points = points.rows(points.count * band / bands..<points.count * (band + 1) / bands)
    let values = likelihood(points)
    return zip(values, logPrior(points)).flatMap { values, logPrior in values.map { $0 + logPrior }
    }
  }.flatMap { $0 }
  let images = likelihood.imageCount
  return (0..<images).map { i in
    let values = (0..<points.count).map { logJoint[$0 * images + i] }
    let least = values.reduce(-.infinity, max) - depth
    let inside = values.indices.filter { values[$0] >= least }
    return (0..<lattice.dimension).map { d in
      let places = inside.map { points.numbers[$0 * lattice.dimension + d] }
      let (first, last) = (places.min() ?? bounds.lowerBound, places.max() ?? bounds.upperBound)
      return first - grid.spacing...last + grid.spacing
    }
  }
}
