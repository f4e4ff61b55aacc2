import TinyNetworks
import TinyNumerics

/// The 1–8–4 decoder once more, at one z and without kernels: tanh of eight sums, four sums of
/// those. What a row computes with it shares no code with the network that was trained.
struct PlainDecoder: Sendable {
  private let inner: SIMD8<Double>
  private let innerBias: SIMD8<Double>
  /// A row of weights for each output, m₁, m₂, g₁, g₂.
  private let outer: (SIMD8<Double>, SIMD8<Double>, SIMD8<Double>, SIMD8<Double>)
  private let outerBias: SIMD4<Double>

  init(_ decoder: DenseNetwork<Double>) {
    require(decoder.widths == [1, 8, 4] && decoder.activation == .tanh, "a tanh network 1–8–4")
    let theta = decoder.parameters
    func row(_ j: Int) -> SIMD8<Double> { SIMD8((0..<8).map { theta[16 + 4 * $0 + j] }) }
    inner = SIMD8(theta[0..<8])
    innerBias = SIMD8(theta[8..<16])
    outer = (row(0), row(1), row(2), row(3))
    outerBias = SIMD4(theta[48..<52])
  }

  /// (m₁, m₂, g₁, g₂) at z.
  func callAsFunction(_ z: Double) -> SIMD4<Double> {
    let hidden = tanh(inner * z + innerBias)
    return outerBias
      + SIMD4(
        (outer.0 * hidden).sum(), (outer.1 * hidden).sum(), (outer.2 * hidden).sum(),
        (outer.3 * hidden).sum())
  }

  /// log p_θ(x, z) = Σ_j log N(x_j; m_j, e^{g_j}) + log N(z; 0, 1), in nats.
  func logJoint(_ x: SIMD2<Double>, _ z: Double) -> Double {
    let output = self(z)
    let error = x - output.lowHalf
    let misfit = error * error / SIMD2(exp(output.z), exp(output.w))
    return -0.5 * ((misfit + output.highHalf).sum() + z * z) - 1.5 * logTwoPi
  }
}
