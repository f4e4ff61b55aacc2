import Foundation
import TinyNumerics
import ToyModels

/// Eq. 3.13: maximum likelihood of a mixture's parameters θ by expectation–maximisation, which is
/// coordinate ascent on Σ_i ELBO(q_i, θ; x_i):
/// - E: q_i ← p_θ(z|x_i) for each data point; the bound then touches the evidence;
/// - M: θ ← argmax_θ Σ_i E_{q_i}[log p_θ(x_i, z)], with the q_i held fixed.
///
/// - Source: Neal and Hinton, "A view of the EM algorithm that justifies incremental, sparse, and other
///   variants", in *Learning in Graphical Models* (1998).
struct MixtureEM {
  let data: [Double]
  private(set) var model: MixtureModel
  /// q_i, one a data point.
  private(set) var guides: [Discrete]

  init(_ data: [Double], from model: MixtureModel) {
    self.data = data
    self.model = model
    guides = data.map { _ in model.prior }
  }

  mutating func expectation() { guides = data.map { model.posterior(given: $0) } }

  /// π_k = N_k/N, µ_k = Σ_i q_i(k) x_i/N_k, σ_k² = Σ_i q_i(k) (x_i − µ_k)²/N_k with N_k = Σ_i q_i(k).
  mutating func maximisation() {
    var (weights, components) = ([Double](), [Normal]())
    for k in model.components.indices {
      let shares = guides.map { $0.probabilities[k] }
      let total = shares.reduce(0, +)
      let mean = dot(shares, data) / total
      let variance = dot(shares, data.map { ($0 - mean) * ($0 - mean) }) / total
      weights.append(total)
      components.append(Normal(mean: mean, variance: variance))
    }
    model = MixtureModel(weights: weights, components: components)
  }

  /// Σ_i ELBO(q_i, θ; x_i) = Σ_i Σ_z q_i(z) (log p_θ(x_i, z) − log q_i(z)), in nats.
  var elbo: Double {
    zip(data, guides).reduce(0) { sum, pair in
      let (x, q) = pair
      return sum + q.expectation { z in model.logJoint(x, z) - q.logDensity(z) }.value
    }
  }

  /// Σ_i log p_θ(x_i), in nats.
  var logEvidence: Double { data.reduce(0) { $0 + model.logEvidence(of: $1).value } }
}

/// Bound and evidence after each half-step of EM, in nats.
struct EMHistory {
  /// Before the first E step, then after E, after M, after E, …
  private(set) var elbo: [Double]
  private(set) var logEvidence: [Double]
  let start: MixtureModel
  let end: MixtureModel

  init(_ data: [Double], from model: MixtureModel, steps: Int) {
    var em = MixtureEM(data, from: model)
    start = model
    elbo = [em.elbo]
    logEvidence = [em.logEvidence]
    for _ in 0..<steps {
      em.expectation()
      elbo.append(em.elbo)
      logEvidence.append(em.logEvidence)
      em.maximisation()
      elbo.append(em.elbo)
      logEvidence.append(em.logEvidence)
    }
    end = em.model
  }

  var afterE: [Int] { Array(stride(from: 1, to: elbo.count, by: 2)) }
  var afterM: [Int] { Array(stride(from: 2, to: elbo.count, by: 2)) }
}
