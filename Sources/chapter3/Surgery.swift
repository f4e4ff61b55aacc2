import TinyNumerics
import ToyModels

/// Eq. 3.17, in nats: over N data points the mean regulariser splits into what z tells about
/// *which* data point it came from, and how far the guides together are from the prior:
///   (1/N) Σ_n D(q(z|x_n) ‖ p(z)) = I_q(n; z) + D(q(z) ‖ p(z)),   q(z) = (1/N) Σ_n q(z|x_n).
/// So 0 ≤ I_q ≤ log N, and a small KL term can mean a good fit of the whole or guides that say
/// nothing.
///
/// - Source: Hoffman and Johnson, "ELBO surgery: yet another way to carve up the variational
///   evidence lower bound", NIPS workshop 2016.
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
    mean(guides.map { klDivergence($0, relativeTo: prior) })
  }

  /// I_q = (1/N) Σ_n D(q(z|x_n) ‖ q(z)): a quadrature over ten standard deviations of each guide.
  var mutualInformation: Integral {
    let sum = guides.reduce(Integral(exactly: 0)) { sum, q in
      let reach = 10 * q.standardDeviation
      return sum
        + grid(over: q.mean - reach...q.mean + reach).integrate { z in
          q.density(z) * (q.logDensity(z) - aggregate.logDensity(z))
        }
    }
    return (1 / Double(guides.count)) * sum
  }

  /// D(q(z) ‖ p(z)): one quadrature over all of z.
  var aggregateDivergence: Integral {
    let reach = guides.map { abs($0.mean) + 10 * $0.standardDeviation }.max()!
    return grid(over: -reach...reach).integrate { z in
      let logDensity = aggregate.logDensity(z)
      return exp(logDensity) * (logDensity - prior.logDensity(z))
    }
  }

  /// I_q again, as H(q(z)) − (1/N) Σ_n H(q_n): closed-form entropies, and the mixture's by another
  /// rule.
  var informationByEntropies: Integral {
    let reach = guides.map { abs($0.mean) + 10 * $0.standardDeviation }.max()!
    let cuts = [-reach] + guides.map(\.mean).sorted() + [reach]
    let entropy = zip(cuts, cuts.dropFirst()).filter { $0 < $1 }.reduce(Integral(exactly: 0)) {
      $0 + integrate(over: $1.0...$1.1) { z in -aggregate.density(z) * aggregate.logDensity(z) }
    }
    return entropy - Integral(exactly: mean(guides.map(\.entropy)))
  }

  /// Five nodes a standard deviation of the narrowest guide.
  private func grid(over bounds: ClosedRange<Double>) -> Grid {
    let narrowest = guides.map(\.standardDeviation).min()!
    let cells = (bounds.upperBound - bounds.lowerBound) / (0.2 * narrowest)
    return Grid(over: bounds, count: Int(cells.rounded(.up)))
  }
}
