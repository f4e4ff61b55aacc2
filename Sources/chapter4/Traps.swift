import TinyNumerics
import ToyModels

/// Eq. 4.T, a trap: a guide whose log σ² has passed a ReLU. σ cannot fall below 1, the prior's own
/// width, however narrow the posterior is. The linear guide of 4.3 with max(h, 0) for log σ²,
/// trained the same way.
func trainedReLUGuide(
  for model: LinearGaussianModel, on data: [[Double]]
) -> (guide: Guide, ascent: Ascent) {
  require(model.latentDimension == 1, "one latent: the outputs are µ and h")
  var start = Guide(
    "linear", denseNetwork(widths: [model.dataDimension, 2], activation: .tanh))
  start.network.parameters[start.network.parameterCount - 1] = 0.5  // h = 0.5: the ReLU is open
  return climb(start, Array(data.joined()), rows: data.count, iterations: 500) { outputs in
    var values: [Double] = []
    var gradient: GuideParameters = []
    for (i, x) in data.enumerated() {
      let h = outputs[2 * i + 1]
      let term = linearELBO([outputs[2 * i], max(h, 0)], at: x, model: model)
      values.append(term.value)
      gradient += [term.gradient[0], h > 0 ? term.gradient[1] : 0]
    }
    return (mean(values), gradient)
  }
}

/// What that costs where the posterior's variance is 1/Λ < 1, in nats: D(N(m, 1) ‖ N(m, 1/Λ)) =
/// ½ (Λ − 1 − log Λ).
func reluGap(precision: Double) -> Double { 0.5 * excessOverLogarithm(precision) }

/// Eq. 4.T, a trap: z = µ + σε with σ = exp(log σ²), while the divergence takes log σ² for what it
/// is. The number that such a program reports as its ELBO, for one latent: the reconstruction of
/// N(µ, σ⁴) minus the divergence of N(µ, σ²). It is no bound.
func reportedELBO(
  _ lambda: GuideParameters, at x: [Double], model: LinearGaussianModel
) -> Double {
  let sampled = [lambda[0], 2 * lambda[1]]
  let prior = Normal.standard
  let reconstruction =
    linearELBO(sampled, at: x, model: model).value
    + klDivergence(guide(sampled), relativeTo: prior)
  return reconstruction - klDivergence(guide(lambda), relativeTo: prior)
}
