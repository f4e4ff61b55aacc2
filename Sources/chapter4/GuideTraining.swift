import TinyNetworks
import TinyNumerics

/// Climbs the mean ELBO of `data` over φ, from the guide as it is. The mean never falls.
///
/// ∂ELBO/∂φ = Σ_i ∂ELBO_i/∂λ_i · ∂λ_i/∂φ: the second factor by back-propagation through the guide.
func trained(
  _ guide: Guide, on data: [SIMD2<Double>], decoder: DenseNetwork<Double>, iterations: Int,
  cells: Int
) -> (guide: Guide, ascent: Ascent) {
  var batch = BatchELBO(data: data, decoder: decoder, cells: cells)
  return climb(guide, flattened(data), rows: data.count, iterations: iterations) { lambda in
    let result = batch(lambda, decoder: decoder)
    return (result.mean, result.gradient)
  }
}

/// Brings a guide into the neighbourhood of every data point's own optimum: minimises the mean of
/// D(q_φ(z|x_i) ‖ N(z; µ_i*, σ_i*²)) over φ.
///
/// The ELBO of a two-peaked posterior has a valley between its peaks; a network that starts on the
/// wrong side of it for some x stays there. A Gaussian target has no valley.
func distilled(
  _ guide: Guide, on data: [SIMD2<Double>], optima: [LocalOptimum], iterations: Int
) -> (guide: Guide, ascent: Ascent) {
  climb(guide, flattened(data), rows: data.count, iterations: iterations) { lambda in
    let (values, gradient) = divergences(lambda, from: optima)
    return (-values.reduce(0, +) / Double(values.count), gradient.map { -$0 })
  }
}

/// D(N(µ_i, σ_i²) ‖ N(µ_i*, σ_i*²)) = ½ (δ²/σ_i*² + r − 1 − log r), with δ = µ_i − µ_i* and
/// r = σ_i²/σ_i*² (eq. 1.8), and its derivatives δ/σ_i*² by µ_i and ½ (r − 1) by log σ_i².
func divergences(
  _ lambda: GuideParameters, from optima: [LocalOptimum]
) -> (values: [Double], gradient: GuideParameters) {
  var values: [Double] = []
  var gradient: GuideParameters = []
  for (i, optimum) in optima.enumerated() {
    let precision = exp(-optimum.lambda[1])
    let shift = lambda[2 * i] - optimum.lambda[0]
    let ratio = exp(lambda[2 * i + 1]) * precision
    values.append(0.5 * (shift * shift * precision + excessOverLogarithm(ratio)))
    gradient += [shift * precision, 0.5 * (ratio - 1)]
  }
  return (values, gradient)
}

/// BFGS on the trained parameters of a guide; `objective` gives a mean over the data, and the
/// gradients ∂f_i/∂λ_i of its terms.
func climb(
  _ start: Guide, _ inputs: [Double], rows: Int, iterations: Int, tolerance: Double = 1e-7,
  _ objective: (GuideParameters) -> (mean: Double, gradient: GuideParameters)
) -> (guide: Guide, ascent: Ascent) {
  var guide = start
  var tape = Tape(of: guide.network, rows: rows)
  var gradient = [Double](repeating: 0, count: guide.network.parameterCount)
  tape.setInput(inputs)
  let first = Array(guide.network.parameters[guide.trained])
  let ascent = maximise(from: first, tolerance: tolerance, iterations: iterations) { parameters in
    guide.network.parameters.replaceSubrange(guide.trained, with: parameters)
    guide.network.forward(&tape)
    let value = objective(Array(tape.output))
    tape.setOutputGradient(value.gradient.map { $0 / Double(rows) })
    guide.network.backward(&tape, parameterGradient: &gradient, wantsInputGradient: false)
    return (value.mean, Array(gradient[guide.trained]))
  }
  guide.network.parameters.replaceSubrange(guide.trained, with: ascent.point)
  return (guide, ascent)
}
