import Foundation
import TinyNumerics

/// The ELBO of each image, without sampling (eq. 3.7, third face):
///   ELBO = E_q[log p(x|z)] − D(q(z|x) ‖ p(z)),
/// the expectation by Gauss–Hermite quadrature in each latent dimension, the divergence in closed form
/// (eq. 1.9).
struct ExactELBO {
  let terms: [ELBOTerms]
  /// The expectation's change, in nats, when three quarters of the nodes a dimension are used.
  let errors: [Double]

  init(
    of model: VariationalAutoencoder<Double>, guides: [DiagonalGaussian], images: [Double],
    scoring: Scoring? = nil, nodes: Int = 48
  ) {
    let fine = GaussHermite(nodes: nodes)
    let coarse = GaussHermite(nodes: 3 * nodes / 4)
    let prior = DiagonalGaussian.standard(dimension: model.latentDimension)
    let width = model.dataWidth
    let results = concurrentMap(guides.count) { i in
      let image = Array(images[i * width..<(i + 1) * width])
      let likelihood = LogLikelihoodGrid(model, images: image, scoring: scoring)
      let reconstruction = expectation(of: likelihood, under: guides[i], rule: fine)
      let check = expectation(of: likelihood, under: guides[i], rule: coarse)
      let divergence = klDivergence(guides[i], relativeTo: prior)
      return (
        ELBOTerms(reconstruction: reconstruction, divergence: divergence),
        abs(reconstruction - check)
      )
    }
    terms = results.map(\.0)
    errors = results.map(\.1)
  }
}

/// E_q[log p(x|z)] by a product of Gauss–Hermite rules, one a dimension.
private func expectation(
  of likelihood: LogLikelihoodGrid, under q: DiagonalGaussian, rule: GaussHermite
) -> Double {
  let points = Lattice(rule.nodes, dimension: q.dimension).points
  let factors = Lattice(rule.weights, dimension: q.dimension).points
  let weights = stride(from: 0, to: factors.count, by: q.dimension).map { start in
    factors[start..<start + q.dimension].reduce(1, *)
  }
  return zip(weights, likelihood(placed(points, by: q))).reduce(0) { $0 + $1.0 * $1.1 }
}

/// The results of independent computations, in order, spread over the cores.
func concurrentMap<Result: Sendable>(
  _ count: Int, _ body: @Sendable (Int) -> Result
) -> [Result] {
  var results = [Result?](repeating: nil, count: count)
  results.withUnsafeMutableBufferPointer { results in
    nonisolated(unsafe) let results = results
    DispatchQueue.concurrentPerform(iterations: count) { results[$0] = body($0) }
  }
  return results.map { $0! }
}
