import TinyNumerics
import ToyModels

/// Eq. 3.16, in nats: E_q[log w] ≤ log p(x) ≤ E_{p(z|x)}[log w] with w = p(x, z)/q(z). The lower
/// gap is D(q ‖ p(z|x)), the upper one D(p(z|x) ‖ q): the same weight under two distributions.
///
/// - Requires: q(z) > 0 wherever p(z|x) > 0.
func sandwich<Model: LatentVariableModel>(
  _ model: Model, at x: Model.Observation, guide q: some LatentDistribution<Model.Latent>
) -> (lower: Integral, upper: Integral) {
  func logWeight(_ z: Model.Latent) -> Double { model.logJoint(x, z) - q.logDensity(z) }
  return (
    q.expectation(of: logWeight), model.posterior(given: x).expectation(of: logWeight)
  )
}

/// Eq. 3.16 on simulated data. For (z, x) ~ p the z that made x is itself a draw from p(z|x), so
/// that log p(x, z) − log q(z|x) averages to an upper bound on E[log p(x)] without any posterior
/// sampler, as E_q[log w] averages to a lower one. The gaps are E_x D(p(z|x) ‖ q) and E_x D(q ‖
/// p(z|x)).
///
/// The one-latent model with the guide q(z|x) = N(a m(x) + c, r v), m(x) and v the posterior's mean
/// and variance: a linear encoder that is a little wrong.
struct SimulatedSandwich {
  let model: LinearGaussianModel
  /// a, c and r.
  let slope: Double
  let offset: Double
  let varianceRatio: Double

  /// q(z|x) beside the posterior of mean m and variance v.
  private func guide(_ m: Double, _ v: Double) -> Normal {
    Normal(mean: slope * m + offset, variance: varianceRatio * v)
  }

  /// log p(x, z) − log q(z|x) − log p(x), for the z that made x (above 0 on average) and for one
  /// draw of the guide (below 0 on average).
  func draw(using generator: inout some RandomNumberGenerator) -> (upper: Double, lower: Double) {
    let (z, x) = model.sample(using: &generator)
    let posterior = model.posterior(given: x)
    let q = guide(posterior.mean[0], posterior.covariance[0, 0])
    let guess = q.sample(using: &generator)
    let logEvidence = model.logEvidence(of: x).value
    func excess(_ z: Double) -> Double {
      model.logJoint(x, [z]) - q.logDensity(z) - logEvidence
    }
    return (excess(z[0]), excess(guess))
  }

  /// The exact gaps. Over x the posterior mean has mean 0 and variance 1 − v, because z ~ N(0, 1)
  /// has the variance E Var(z|x) + Var E(z|x); so the squared distance of the means averages to (1
  /// − a)² (1 − v) + c².
  var gaps: (upper: Double, lower: Double) {
    let v = model.posterior(given: model.offset).covariance[0, 0]
    let square = (1 - slope) * (1 - slope) * (1 - v) + offset * offset
    let r = varianceRatio
    return (
      0.5 * (square / (r * v) + excessOverLogarithm(1 / r)),
      0.5 * (square / v + excessOverLogarithm(r))
    )
  }

  /// The same as an average over x ~ p(x), by quadrature, of the closed form of D.
  var averagedGaps: (upper: Integral, lower: Integral) {
    func average(_ divergence: (_ posterior: Normal, _ q: Normal) -> Double) -> Integral {
      model.marginal.expectation { x in
        let (m, v) = (model.posterior(given: x).mean[0], model.posterior(given: x).covariance[0, 0])
        return divergence(Normal(mean: m, variance: v), guide(m, v))
      }
    }
    return (
      average { klDivergence($0, relativeTo: $1) }, average { klDivergence($1, relativeTo: $0) }
    )
  }
}
