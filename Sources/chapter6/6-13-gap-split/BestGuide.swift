import ImageModels
import TinyNetworks
import TinyNumerics

/// Eq. 6.13: the ELBO of one image as a function of the guide, N(µ, diag σ²), in the coordinates
/// λ = (µ, log σ): what 4.1 climbs, on a trained network.
///
/// E_q[log p(x|z)] by a product of Gauss–Hermite rules, z = µ + σu. By Stein's lemma, without a
/// derivative of the decoder,
///   by µ_d: E[log p(x|z) u_d]/σ_d − µ_d,   by log σ_d: E[log p(x|z) (u_d² − 1)] − σ_d² + 1.
struct GuideClimb {
  let likelihood: LogLikelihoodGrid
  private let nodes: Rows<Double>
  private let weights: [Double]

  init(_ likelihood: LogLikelihoodGrid, dimension: Int, rule: GaussHermite) {
    self.likelihood = likelihood
    nodes = Lattice(rule.nodes, dimension: dimension).points
    weights = Lattice(rule.weights, dimension: dimension).points.map { $0.reduce(1, *) }
  }

  func callAsFunction(_ lambda: [Double]) -> (value: Double, gradient: [Double]) {
    // A step so long that exp leaves the range of numbers is to be shortened.
    guard lambda.allSatisfy({ abs($0) < 300 }) else { return (.nan, lambda) }
    let q = guide(lambda)
    let terms = zip(weights, likelihood(placed(nodes, by: q)).numbers).map(*)
    let dimensions = 0..<q.dimension
    func moment(_ f: (ArraySlice<Double>) -> Double) -> Double {
      zip(nodes, terms).reduce(0) { $0 + $1.1 * f($1.0) }
    }
    let byMean = dimensions.map { d in
      moment { $0[$0.startIndex + d] } / q.standardDeviation[d] - q.mean[d]
    }
    let byLogDeviation = dimensions.map { d in
      moment { $0[$0.startIndex + d] * $0[$0.startIndex + d] - 1 } - q[d].variance + 1
    }
    let divergence = klDivergence(q, relativeTo: .standard(dimension: q.dimension))
    return (moment { _ in 1 } - divergence, byMean + byLogDeviation)
  }

  /// The best of the climbs from several guides; BFGS.
  func best(from starts: [DiagonalGaussian]) -> DiagonalGaussian {
    let ascents = starts.map { q in
      maximise(
        from: q.mean + q.standardDeviation.map { log($0) }, tolerance: 1e-3, iterations: 60
      ) { self($0) }
    }
    return guide(ascents.max { $0.value < $1.value }!.point)
  }

  /// How much of the ELBO is lost, at least, by a step of σ/10 of any mean or a tenth of any log σ,
  /// either way: below 0, if the guide is not the best of its neighbourhood.
  func smallestLoss(around q: DiagonalGaussian) -> Double {
    let lambda = q.mean + q.standardDeviation.map { log($0) }
    let top = self(lambda).value
    return lambda.indices.flatMap { i in
      [-0.1, 0.1].map { step in
        var moved = lambda
        moved[i] += step * (i < q.dimension ? q.standardDeviation[i] : 1)
        return top - self(moved).value
      }
    }.min() ?? .nan
  }

  private func guide(_ lambda: [Double]) -> DiagonalGaussian {
    let d = lambda.count / 2
    return DiagonalGaussian(
      mean: Array(lambda[..<d]), standardDeviation: lambda[d...].map { exp($0) })
  }
}

/// Where the climbs of each image start: at the encoder's guide, and with its width on the peaks of
/// log p(x, z) over a lattice that come within 5 nats of the highest, four at most.
func guideStarts(
  _ decoder: Decoder<Double>, _ guides: [DiagonalGaussian], _ images: Rows<Double>
) -> [[DiagonalGaussian]] {
  let (side, dimension) = (40, decoder.latentDimension)
  let lattice = Lattice(
    Grid(over: -5...5, count: side), shifted: false, dimension: dimension)
  let points = lattice.points
  let logPriors = logPrior(points)
  let values = LogLikelihoodGrid(decoder, images: images)(points).numbers
  return guides.indices.map { i in
    let heights = points.indices.map { values[$0 * guides.count + i] + logPriors[$0] }
    let least = heights.reduce(-.infinity, max) - 5
    let peaks = heights.indices.filter { node in
      heights[node] >= least
        && neighbours(of: node, side: side, dimension: dimension).allSatisfy {
          heights[$0] <= heights[node]
        }
    }.sorted { heights[$0] > heights[$1] }
    return [guides[i]]
      + peaks.prefix(4).map {
        DiagonalGaussian(
          mean: Array(points[$0]), standardDeviation: guides[i].standardDeviation)
      }
  }
}

/// The nodes of a lattice that differ by at most one step in each coordinate.
private func neighbours(of node: Int, side: Int, dimension: Int) -> [Int] {
  guard dimension > 0 else { return [0] }
  let (rest, last) = (node / side, node % side)
  return neighbours(of: rest, side: side, dimension: dimension - 1).flatMap { rest in
    (max(0, last - 1)...min(side - 1, last + 1)).map { rest * side + $0 }
  }
}
