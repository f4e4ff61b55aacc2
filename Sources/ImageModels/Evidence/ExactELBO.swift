import Foundation
import TinyNetworks
import TinyNumerics

/// The ELBO of each image, without sampling (eq. 3.7, third face):
///   ELBO = E_q[log p(x|z)] − D(q(z|x) ‖ p(z)),
/// the expectation by Gauss–Hermite quadrature in each latent dimension, the divergence in closed
/// form (eq. 1.9).
public struct ExactELBO: Sendable {
  public let terms: [ELBOTerms]
  /// The error of each expectation, in nats, as its rule estimates it.
  public let errors: [Double]

  public init(
    of decoder: Decoder<Double>, guides: [DiagonalGaussian], images: Rows<Double>,
    scoring: Scoring? = nil, nodes: Int = 48, eachImage: @Sendable () -> Void = {}
  ) {
    let rules = (fine: GaussHermite(nodes: nodes), coarse: GaussHermite(nodes: 3 * nodes / 4))
    let prior = DiagonalGaussian.standard(dimension: decoder.latentDimension)
    let results = concurrentMap(guides.count, each: eachImage) { i in
      let likelihood = LogLikelihoodGrid(decoder, images: images.row(i), scoring: scoring)
      let reconstruction = expectation(of: likelihood, under: guides[i], rules)
      let divergence = klDivergence(guides[i], relativeTo: prior)
      return (
        ELBOTerms(reconstruction: reconstruction.value, divergence: divergence),
        reconstruction.error
      )
    }
    terms = results.map(\.0)
    errors = results.map(\.1)
  }
}

/// E_q[log p(x|z)] by Gauss–Hermite rules, whose error is taken for the change when a quarter of
/// the nodes is left out. Where that is too much, as for a wide guide over a decoder with sharp
/// bends, by grids that are made finer until their own estimate is small.
private func expectation(
  of likelihood: LogLikelihoodGrid, under q: DiagonalGaussian,
  _ rules: (fine: GaussHermite, coarse: GaussHermite)
) -> Integral {
  let fine = sum(likelihood, under: q, rules.fine)
  let error = abs(fine - sum(likelihood, under: q, rules.coarse))
  let nodes = rules.fine.nodes.count
  if error < 1e-8 { return Integral(value: fine, error: error, evaluations: nodes * nodes) }
  return refined(cells: [40, 80, 160]) { grid, shifted in
    let lattice = Lattice(grid, shifted: shifted, dimension: q.dimension).points
    let volume = pow(grid.spacing, Double(q.dimension))
    return zip(logPrior(lattice), likelihood(placed(lattice, by: q)).numbers).reduce(0) {
      $0 + exp($1.0) * $1.1 * volume
    }
  }
}

/// The product of the rules of all dimensions. Half of a plane's nodes lie so far out that they
/// weigh less than 1e-20, and are left out: all together they have less to say than the last digit
/// of the others.
private func sum(
  _ likelihood: LogLikelihoodGrid, under q: DiagonalGaussian, _ rule: GaussHermite
) -> Double {
  let nodes = Lattice(rule.nodes, dimension: q.dimension).points
  let factors = Lattice(rule.weights, dimension: q.dimension).points
  var (points, weights): ([Double], [Double]) = ([], [])
  for (node, factor) in zip(nodes, factors) {
    let weight = factor.reduce(1, *)
    guard weight > 1e-20 else { continue }
    weights.append(weight)
    points += node
  }
  let values = likelihood(placed(Rows(points, width: q.dimension), by: q)).numbers
  return zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 }
}

/// A sum over grids of |u| ≤ 8, plain and half-shifted, with more and more cells until half of
/// their difference is below 1e-8.
func refined(
  cells: [Int], _ sum: (_ grid: Grid, _ shifted: Bool) -> Double
) -> Integral {
  var result = Integral(value: .nan, error: .infinity, evaluations: 0)
  for count in cells where !(result.error < 1e-8) {
    let grid = Grid(over: -8...8, count: count)
    let (plain, shifted) = (sum(grid, false), sum(grid, true))
    result = Integral(plain, andShifted: shifted, evaluations: 2 * count)
  }
  return result
}
