import Foundation
import TinyNetworks
import TinyNumerics

/// The ELBO of each image, without sampling (eq. 3.7, third face):
///   ELBO = E_q[log p(x|z)] − D(q(z|x) ‖ p(z)),
/// the expectation by Gauss–Hermite quadrature in each latent dimension, the divergence in closed form
/// (eq. 1.9).
struct ExactELBO {
  let terms: [ELBOTerms]
  /// The error of each expectation, in nats, as its rule estimates it.
  let errors: [Double]

  init(
    of model: VariationalAutoencoder<Double>, guides: [DiagonalGaussian], images: [Double],
    scoring: Scoring? = nil, nodes: Int = 48, eachImage: @Sendable () -> Void = {}
  ) {
    let rules = (fine: GaussHermite(nodes: nodes), coarse: GaussHermite(nodes: 3 * nodes / 4))
    let prior = DiagonalGaussian.standard(dimension: model.latentDimension)
    let width = model.dataWidth
    let results = concurrentMap(guides.count, each: eachImage) { i in
      let image = Array(images[i * width..<(i + 1) * width])
      let likelihood = LogLikelihoodGrid(model, images: image, scoring: scoring)
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

/// E_q[log p(x|z)] by Gauss–Hermite rules, whose error is taken for the change when a quarter of the nodes
/// is left out. Where that is too much, as for a wide guide over a decoder with sharp bends, by grids that
/// are made finer until their own estimate is small.
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
    let logWeights = logPrior(lattice, dimension: q.dimension)
    let volume = pow(grid.spacing, Double(q.dimension))
    return zip(logWeights, likelihood(placed(lattice, by: q))).reduce(0) {
      $0 + exp($1.0) * $1.1 * volume
    }
  }
}

/// The product of the rules of all dimensions. Half of a plane's nodes lie so far out that they weigh less
/// than 1e-20, and are left out: all together they have less to say than the last digit of the others.
private func sum(
  _ likelihood: LogLikelihoodGrid, under q: DiagonalGaussian, _ rule: GaussHermite
) -> Double {
  let dimension = q.dimension
  let nodes = Lattice(rule.nodes, dimension: dimension).points
  let factors = Lattice(rule.weights, dimension: dimension).points
  var (points, weights): ([Double], [Double]) = ([], [])
  for start in stride(from: 0, to: factors.count, by: dimension) {
    let weight = factors[start..<start + dimension].reduce(1, *)
    guard weight > 1e-20 else { continue }
    weights.append(weight)
    points += nodes[start..<start + dimension]
  }
  return zip(weights, likelihood(placed(points, by: q))).reduce(0) { $0 + $1.0 * $1.1 }
}

/// A sum over grids of |u| ≤ 8, plain and half-shifted, with more and more cells until half of their
/// difference is below 1e-8.
func refined(
  cells: [Int], _ sum: (_ grid: Grid, _ shifted: Bool) -> Double
) -> Integral {
  var result = Integral(value: .nan, error: .infinity, evaluations: 0)
  for count in cells where !(result.error < 1e-8) {
    let grid = Grid(over: -8...8, count: count)
    let (plain, shifted) = (sum(grid, false), sum(grid, true))
    result = Integral(
      value: (plain + shifted) / 2, error: abs(plain - shifted) / 2, evaluations: 2 * count)
  }
  return result
}

/// The results of independent computations, in order, spread over the cores. After each of them `each` is
/// told.
func concurrentMap<Result: Sendable>(
  _ count: Int, each: @Sendable () -> Void = {}, _ body: @Sendable (Int) -> Result
) -> [Result] {
  var results = [Result?](repeating: nil, count: count)
  results.withUnsafeMutableBufferPointer { results in
    nonisolated(unsafe) let results = results
    DispatchQueue.concurrentPerform(iterations: count) {
      results[$0] = body($0)
      each()
    }
  }
  return results.map { $0! }
}
