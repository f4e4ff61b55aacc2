import TinyNumerics
import ToyModels

/// One of the mixture's numbers: the model with it moved by t, and ∂ log p(x, z) at t = 0.
struct MixtureParameter {
  let name: String
  let moved: (Double) -> MixtureModel
  let score: (_ x: Double, _ z: Int) -> Double
}

extension MixtureModel {
  /// Class means µ_k, log σ_k, and the logits of the class probabilities. With u = (x − µ_k)/σ_k
  /// their scores are [z = k] u/σ_k, [z = k] (u² − 1), [z = k] − π_k.
  var parameters: [MixtureParameter] {
    components.indices.flatMap { k in
      let (mean, deviation) = (components[k].mean, components[k].standardDeviation)
      func u(_ x: Double) -> Double { (x - mean) / deviation }
      return [
        MixtureParameter(
          name: "µ\(k + 1)",
          moved: { replacing(k, Normal(mean: mean + $0, standardDeviation: deviation)) },
          score: { x, z in z == k ? u(x) / deviation : 0 }),
        MixtureParameter(
          name: "log σ\(k + 1)",
          moved: { replacing(k, Normal(mean: mean, standardDeviation: deviation * exp($0))) },
          score: { x, z in z == k ? u(x) * u(x) - 1 : 0 }),
        MixtureParameter(
          name: "logit π\(k + 1)",
          moved: { t in
            var weights = prior.probabilities
            weights[k] *= exp(t)
            return MixtureModel(weights: weights, components: components)
          },
          score: { _, z in (z == k ? 1 : 0) - prior.probabilities[k] }),
      ]
    }
  }

  private func replacing(_ k: Int, _ component: Normal) -> MixtureModel {
    var components = components
    components[k] = component
    return MixtureModel(weights: prior.probabilities, components: components)
  }
}
