import Foundation
import TinyNumerics
import ToyModels

/// Eq. 3.17, in nats: over N data points the mean regulariser splits into what z tells about *which* data
/// point it came from, and how far the guides together are from the prior:
///   (1/N) Σ_n D(q(z|x_n) ‖ p(z)) = I_q(n; z) + D(q(z) ‖ p(z)),   q(z) = (1/N) Σ_n q(z|x_n).
/// So 0 ≤ I_q ≤ log N, and a small KL term can mean a good fit of the whole or guides that say nothing.
///
/// - Source: Hoffman and Johnson, "ELBO surgery: yet another way to carve up the variational evidence
///   lower bound", NIPS workshop 2016.
struct Surgery {
  /// q(z|x_n), one a data point.
  let guides: [Normal]
  let prior: Normal
  /// q(z).
  let aggregate: Mixture

  init(guides: [Normal], prior: Normal) {
    self.guides = guides
    self.prior = prior
    let share = 1 / Double(guides.count)
    aggregate = Mixture(weights: guides.map { _ in share }, components: guides)
  }

  /// (1/N) Σ_n D(q(z|x_n) ‖ p(z)), in closed form (eq. 1.8).
  var meanDivergence: Double {
    guides.reduce(0) { $0 + klDivergence($1, relativeTo: prior) } / Double(guides.count)
  }

  /// I_q = (1/N) Σ_n D(q(z|x_n) ‖ q(z)): quadrature under each guide.
  var mutualInformation: Integral {
    let sum = guides.reduce(exactly(0)) { sum, q in
      sum + q.expectation { z in q.logDensity(z) - aggregate.logDensity(z) }
    }
    let n = Double(guides.count)
    return Integral(value: sum.value / n, error: sum.error / n, evaluations: sum.evaluations)
  }

  /// D(q(z) ‖ p(z)): one quadrature over z, fine enough for the narrowest guide.
  var aggregateDivergence: Integral {
    let reach = guides.map { abs($0.mean) + 10 * $0.standardDeviation }.max()!
    let narrowest = guides.map(\.standardDeviation).min()!
    let cells = Int((2 * reach / (0.2 * narrowest)).rounded(.up))
    return Grid(over: -reach...reach, count: cells).integrate { z in
      let logDensity = aggregate.logDensity(z)
      return exp(logDensity) * (logDensity - prior.logDensity(z))
    }
  }
}
