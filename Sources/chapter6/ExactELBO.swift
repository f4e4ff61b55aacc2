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
    decoder: DenseNetwork<Double>, guides: [DiagonalGaussian], images: [Double], nodes: Int = 48
  ) {
    let fine = GaussHermite(nodes: nodes)
    let coarse = GaussHermite(nodes: 3 * nodes / 4)
    let prior = DiagonalGaussian.standard(dimension: 2)
    let pixels = decoder.outputWidth
    let results = concurrentMap(guides.count) { i in
      let image = Array(images[i * pixels..<(i + 1) * pixels])
      let likelihood = LogLikelihoodGrid(decoder: decoder, images: image)
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

/// E_q[log p(x|z)] by a product of two Gauss–Hermite rules.
private func expectation(
  of likelihood: LogLikelihoodGrid, under q: DiagonalGaussian, rule: GaussHermite
) -> Double {
  let (first, second) = (q[0], q[1])
  let points = rule.nodes.flatMap { a in
    rule.nodes.map { b in
      (first.mean + first.standardDeviation * a, second.mean + second.standardDeviation * b)
    }
  }
  let weights = rule.weights.flatMap { a in rule.weights.map { b in a * b } }
  return zip(weights, likelihood(points)).reduce(0) { $0 + $1.0 * $1.1 }
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
