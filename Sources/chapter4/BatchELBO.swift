import TinyNetworks
import TinyNumerics

/// A guide's two numbers for one data point, λ = (µ, log σ²): q = N(µ, σ²). For N data points they
/// stand one after the other, µ₁, log σ₁², µ₂, log σ₂², …, which is how a guide network puts them
/// out.
typealias GuideParameters = [Double]

/// The guide of data point i.
func guide(_ lambda: GuideParameters, at i: Int = 0) -> Normal {
  Normal(mean: lambda[2 * i], standardDeviation: exp(0.5 * lambda[2 * i + 1]))
}

/// How many nodes judge these guides, a multiple of 3: 192, or as many as keep them 0.1 apart in z
/// under the widest guide, at most 9,600. (The decoder's nearest pole lies 0.7 off the real line.)
func cellCount(for lambda: GuideParameters) -> Int {
  let widest = stride(from: 1, to: lambda.count, by: 2).map { exp(0.5 * lambda[$0]) }.max() ?? 1
  return 3 * Int(min(max(64, 16 / 0.1 / 3 * widest), 3_200))
}

/// The ELBO of the neural model for a batch of data points, and its gradient, without sampling:
///   ELBO(λ; x) = E_q[log p_θ(x|z)] − D(q ‖ p(z)),   q = N(µ, σ²)   (eq. 3.7, third face),
/// the divergence in closed form (eq. 1.9), the expectation as Σ_k w_k log p_θ(x | µ + σu_k) with
/// equally spaced nodes u_k and weights w_k = Δ φ(u_k). The noise of z = µ + σε (eq. 5.1) is summed
/// over instead of drawn, so that training on it is deterministic.
struct BatchELBO {
  let data: [SIMD2<Double>]
  private let nodes: [Double]
  private let weights: [Double]
  private var tape: Tape<Double>
  private var outputGradient: [Double]
  private var decoderGradient: [Double]

  struct Result {
    /// The ELBO of each data point, in nats.
    var values: [Double]
    /// ∂ELBO_i/∂λ_i, laid out as λ.
    var gradient: GuideParameters
    /// ∂(Σ_i ELBO_i)/∂θ.
    var decoderGradient: [Double]

    var mean: Double { values.reduce(0, +) / Double(values.count) }
  }

  /// - Parameter cells: nodes over |u| ≤ 8, where all but 1e-15 of the normal distribution lies.
  ///   The error falls as exp(−2πd/Δσ), d the distance of the decoder's nearest pole from the real
  ///   line; with a third of the nodes it is far larger, and serves as an estimate.
  init(data: [SIMD2<Double>], decoder: DenseNetwork<Double>, cells: Int = 48) {
    let grid = Grid(over: -8...8, count: cells)
    self.data = data
    nodes = (0..<cells).map { grid.node($0) }
    weights = nodes.map { grid.spacing * Normal.standard.density($0) }
    tape = Tape(of: decoder, rows: data.count * cells)
    outputGradient = Array(repeating: 0, count: 4 * data.count * cells)
    decoderGradient = Array(repeating: 0, count: decoder.parameterCount)
  }

  /// Decoder evaluations in one call.
  var evaluations: Int { data.count * nodes.count }

  mutating func callAsFunction(_ lambda: GuideParameters, decoder: DenseNetwork<Double>) -> Result {
    require(lambda.count == 2 * data.count, "a mean and a log-variance for each data point")
    let sigma = data.indices.map { exp(0.5 * lambda[2 * $0 + 1]) }
    // z_ik = µ_i + σ_i u_k, encoded, decoded and compared
    tape.setInput(
      Array(data.indices.map { i in nodes.map { lambda[2 * i] + sigma[i] * $0 } }.joined()))
    decoder.forward(&tape)
    var values = expectations()
    decoder.backward(&tape, parameterGradient: &decoderGradient)
    var gradient = pathwiseGradient(sigma)
    // − D(q ‖ p(z)) = −½ (µ² + σ² − 1 − log σ²)
    for i in data.indices {
      let (mean, logVariance) = (lambda[2 * i], lambda[2 * i + 1])
      let excess = sigma[i] * sigma[i] - 1
      values[i] -= 0.5 * (mean * mean + excess - logVariance)
      gradient[2 * i] -= mean
      gradient[2 * i + 1] -= 0.5 * excess
    }
    return Result(values: values, gradient: gradient, decoderGradient: decoderGradient)
  }

  /// Σ_k w_k log p(x_i|z_ik) for each i; its derivatives by the decoder's outputs go onto the tape.
  private mutating func expectations() -> [Double] {
    var values = [Double](repeating: 0, count: data.count)
    let output = tape.output
    var row = 0
    for (i, x) in data.enumerated() {
      for weight in weights {
        let o = output.startIndex + row
        let (value, gradient) = logLikelihood(
          x, decoded: SIMD4(output[o], output[o + 1], output[o + 2], output[o + 3]))
        values[i] += weight * value
        for j in 0..<4 { outputGradient[row + j] = weight * gradient[j] }
        row += 4
      }
    }
    tape.setOutputGradient(outputGradient)
    return values
  }

  /// ∂/∂µ = Σ_k w_k ∂log p/∂z and ∂/∂log σ² = Σ_k w_k ∂log p/∂z · ½σu_k, because ∂z/∂log σ² = ½σu.
  private func pathwiseGradient(_ sigma: [Double]) -> GuideParameters {
    let slopes = tape.inputGradient
    var gradient = GuideParameters(repeating: 0, count: 2 * data.count)
    var row = slopes.startIndex
    for i in data.indices {
      for u in nodes {
        gradient[2 * i] += slopes[row]
        gradient[2 * i + 1] += slopes[row] * 0.5 * sigma[i] * u
        row += 1
      }
    }
    return gradient
  }
}
