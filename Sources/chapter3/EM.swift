import TinyNumerics
import ToyModels

/// Eq. 3.13: maximum likelihood of a mixture's parameters θ by expectation–maximisation, which is
/// coordinate ascent on Σ_i ELBO(q_i, θ; x_i):
/// - E: q_i ← p_θ(z|x_i) for each data point; the bound then touches the evidence;
/// - M: θ ← argmax_θ Σ_i E_{q_i}[log p_θ(x_i, z)], with the q_i held fixed.
///
/// - Source: Neal and Hinton, "A view of the EM algorithm that justifies incremental, sparse, and
///   other variants", in *Learning in Graphical Models* (1998).
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

  /// π_k = N_k/N, µ_k = Σ_i q_i(k) x_i/N_k, σ_k² = Σ_i q_i(k) (x_i − µ_k)²/N_k with N_k = Σ_i
  /// q_i(k).
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

  /// Σ_i E_{q_i}[log p_θ(x_i, z)], in nats: what M maximises over θ.
  func energy(of model: MixtureModel) -> Double {
    zip(data, guides).reduce(0) { sum, pair in
      let (x, q) = pair
      return sum + q.expectation { z in model.logJoint(x, z) }.value
    }
  }

  /// Σ_i ELBO(q_i, θ; x_i) = Σ_i (E_{q_i}[log p_θ(x_i, z)] + H(q_i)), in nats.
  var elbo: Double { energy(of: model) + guides.reduce(0) { $0 + $1.entropy } }

  /// Σ_i D(q_i ‖ p_θ(z|x_i)), in nats.
  var gap: Double {
    zip(data, guides).reduce(0) {
      $0 + klDivergence($1.1, relativeTo: model.posterior(given: $1.0))
    }
  }

  /// The slopes of `energy` in all of θ, by differences: zero after M.
  var slopes: [Integral] {
    model.parameters.map { parameter in
      derivative(terms: 3 * data.count) { energy(of: parameter.moved($0)) }
    }
  }

  /// Σ_i log p_θ(x_i), in nats.
  var logEvidence: Double { data.reduce(0) { $0 + model.logEvidence(of: $1).value } }
}

/// Bound, evidence and gap after each half-step of EM, in nats.
struct EMHistory {
  /// Before the first E step, then after E, after M, after E, …
  private(set) var elbo: [Double]
  private(set) var logEvidence: [Double]
  private(set) var gap: [Double]
  /// After each M step.
  private(set) var slopes: [[Integral]] = []

  init(_ data: [Double], from model: MixtureModel, steps: Int) {
    var em = MixtureEM(data, from: model)
    (elbo, logEvidence, gap) = ([em.elbo], [em.logEvidence], [em.gap])
    for _ in 0..<steps {
      em.expectation()
      record(em)
      em.maximisation()
      record(em)
      slopes.append(em.slopes)
    }
  }

  private mutating func record(_ em: MixtureEM) {
    elbo.append(em.elbo)
    logEvidence.append(em.logEvidence)
    gap.append(em.gap)
  }

  var afterE: [Int] { Array(stride(from: 1, to: elbo.count, by: 2)) }
  var afterM: [Int] { Array(stride(from: 2, to: elbo.count, by: 2)) }
}
