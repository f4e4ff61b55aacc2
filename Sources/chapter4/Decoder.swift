import TinyNetworks
import TinyNumerics
import ToyModels

// p_θ(x|z) of the neural model as a network that can be differentiated and trained: z ↦ (m₁, m₂,
// g₁, g₂), the mean f_θ(z) and the log-variance g_θ(z) of x's two coordinates.

/// The decoder of a neural model as one dense network 1–8–4: f's four hidden units beside g's four,
/// with zeros between f's units and g's outputs, and the other way round.
func decoderNetwork(of model: NeuralModel) -> DenseNetwork<Double> {
  let (f, g) = (model.meanNetwork, model.logVarianceNetwork)
  var decoder = denseNetwork(widths: [1, 8, 4], activation: .tanh)
  let units = 0..<4
  let inner = units.map { f.inner[$0] } + units.map { g.inner[$0] }
  let innerBias = units.map { f.innerBias[$0] } + units.map { g.innerBias[$0] }
  // a row of W₂ for each hidden unit: its weights to m₁, m₂, g₁, g₂
  let outer: [[Double]] =
    units.map { [f.first[$0], f.second[$0], 0, 0] }
    + units.map { [0, 0, g.first[$0], g.second[$0]] }
  let outerBias = [f.bias.x, f.bias.y, g.bias.x, g.bias.y]
  decoder.parameters = inner + innerBias + Array(outer.joined()) + outerBias
  return decoder
}

/// A network whose parameters are all zero, for the caller to set.
func denseNetwork(widths: [Int], activation: Activation) -> DenseNetwork<Double> {
  var generator = Threefry(seed: 0)
  var network = DenseNetwork<Double>(widths: widths, activation: activation, using: &generator)
  network.parameters = network.parameters.map { _ in 0 }
  return network
}

/// log N(x; m, diag eᵍ) = Σ_j −½ ((x_j − m_j)² e^{−g_j} + g_j + log 2π), in nats, and its
/// derivatives (x_j − m_j) e^{−g_j} and ½ ((x_j − m_j)² e^{−g_j} − 1), from the decoder's output
/// (m₁, m₂, g₁, g₂).
func logLikelihood(
  _ x: SIMD2<Double>, decoded output: SIMD4<Double>
) -> (value: Double, gradient: SIMD4<Double>) {
  let error = x - output.lowHalf
  let precision = SIMD2(exp(-output.z), exp(-output.w))
  let misfit = error * error * precision
  return (
    -0.5 * (misfit + output.highHalf).sum() - logTwoPi,
    SIMD4(lowHalf: error * precision, highHalf: 0.5 * (misfit - 1))
  )
}
