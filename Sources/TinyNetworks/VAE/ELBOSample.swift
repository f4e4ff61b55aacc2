import TinyNumerics

// One draw of the ELBO for a batch, and its gradient, by reparameterization.
//
//   encode:   µ, log σ² = encoder(x)
//   sample:   z = µ + σε, ε ~ N(0, I)                                  (eq. 5.1)
//   decode:   log p(x|z) from decoder(z)
//   ELBO ≈ log p(x|z) − D(q‖p),   D(q‖p) = ½ Σ (µ² + σ² − 1 − log σ²)   (eqs. 3.7, 1.9)
//
// Backwards, for the loss −ELBO (with β before the divergence; β = 1 is the ELBO) and z̄ = ∂loss/∂z
// from the decoder:
//   ∂loss/∂µ      = z̄ + β µ
//   ∂loss/∂log σ² = z̄ · ½ σε + β ½ (σ² − 1),   because ∂σ/∂log σ² = ½ σ.
// With free bits λ a dimension's divergence counts as max(λ, D_d) for each data point (eq. 6.15):
// its two derivatives are left out where D_d < λ.

/// The two parts of an ELBO, in nats, summed over the data points they were computed from.
public struct ELBOTerms: Sendable, Equatable {
  /// E_q[log p(x|z)], or one draw of it.
  public var reconstruction: Double
  /// D(q(z|x) ‖ p(z)), exact.
  public var divergence: Double

  public init(reconstruction: Double = 0, divergence: Double = 0) {
    self.reconstruction = reconstruction
    self.divergence = divergence
  }

  public var elbo: Double { reconstruction - divergence }

  public static func + (a: ELBOTerms, b: ELBOTerms) -> ELBOTerms {
    ELBOTerms(
      reconstruction: a.reconstruction + b.reconstruction, divergence: a.divergence + b.divergence)
  }

  public static func / (a: ELBOTerms, count: Double) -> ELBOTerms {
    ELBOTerms(reconstruction: a.reconstruction / count, divergence: a.divergence / count)
  }
}

/// Room for a batch on its way through the model and back; made once, used for every batch.
public struct ELBOSample<Scalar: NetworkScalar>: Sendable {
  var encoderTape: Tape<Scalar>
  var decoderTape: Tape<Scalar>
  /// ε, one row of D numbers a data point.
  public var noise: [Scalar]
  /// The ELBO's terms of the batch, summed over its rows.
  public private(set) var terms = ELBOTerms()

  public init(of model: VariationalAutoencoder<Scalar>, rows: Int) {
    encoderTape = Tape(of: model.encoder, rows: rows)
    decoderTape = Tape(of: model.decoder.network, rows: rows)
    noise = Array(repeating: 0, count: rows * model.latentDimension)
  }

  /// Takes rows `indices` of `data` as the batch.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public mutating func setBatch(_ data: Rows<Scalar>, indices: ArraySlice<Int>) {
    encoderTape.setRows(indices.count)
    decoderTape.setRows(indices.count)
    let width = encoderTape.widths[0]
    encoderTape.withInput { input in
      for (row, index) in indices.enumerated() {
        for j in 0..<width { input[row * width + j] = data.numbers[index * width + j] }
      }
    }
  }

  /// ε for every row there is room for.
  public mutating func drawNoise(using generator: inout Threefry) {
    noise.withUnsafeMutableBufferPointer { Scalar.fillNormals($0, using: &generator) }
  }

  /// ε for the rows of the batch, as given.
  mutating func takeNoise(from given: ArraySlice<Scalar>) {
    let count = decoderTape.rows * decoderTape.widths[0]
    noise.replaceSubrange(0..<count, with: given.prefix(count))
  }

  /// ∂loss/∂φ and ∂loss/∂θ after `differentiate`.
  public func gradients(
    of model: VariationalAutoencoder<Scalar>
  ) -> (encoder: [Scalar], decoder: [Scalar]) {
    (model.encoder.gradient(of: encoderTape), model.decoder.network.gradient(of: decoderTape))
  }

  /// The terms of the ELBO, and with `wantsGradient` on the tapes every layer's S̄, the derivative
  /// of scale · Σ_rows (−log p(x|z) + β Σ_d max(λ, D_d)) by its weighted sums, λ = `freeBits`; W̄
  /// and b̄ follow from these. The terms are the ELBO's, whatever β and λ are.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public mutating func differentiate(
    _ model: VariationalAutoencoder<Scalar>, scale: Scalar, beta: Scalar = 1,
    freeBits: Scalar = 0, wantsGradient: Bool = true
  ) {
    model.encoder.forward(&encoderTape)
    terms = ELBOTerms(divergence: sampleLatents(model.latentDimension))
    model.decoder.network.forward(&decoderTape)
    terms.reconstruction = compare(model.decoder.likelihood, scale: scale)
    guard wantsGradient else { return }
    model.decoder.network.propagate(&decoderTape, wantsInputGradient: true)
    differentiateLatents(
      model.latentDimension, scale: scale, beta: beta, freeBits: freeBits)
    model.encoder.propagate(&encoderTape, wantsInputGradient: false)
  }

  /// z = µ + σε into the decoder; returns Σ_rows ½ Σ_d (µ² + σ² − 1 − log σ²).
  @inline(__always)
  private mutating func sampleLatents(_ d: Int) -> Double {
    let rows = encoderTape.rows
    return encoderTape.withOutput { outputs, _ in
      noise.withUnsafeBufferPointer { noise in
        decoderTape.withInput { z in
          guard rows > 0 else { return 0 }
          var sum = 0.0
          for row in 0..<rows {
            let mean = outputs.baseAddress! + 2 * d * row
            for i in stride(from: 0, to: d, by: 8) {
              let mu = lanes(mean, at: i, count: d)
              let logVariance = lanes(mean + d, at: i, count: d)
              let epsilon = lanes(noise.baseAddress! + d * row, at: i, count: d)
              let sigma = Scalar.exp(0.5 * logVariance)
              store(mu + sigma * epsilon, to: z.baseAddress! + d * row, at: i, count: d)
              sum += 0.5 * Double((mu * mu + sigma * sigma - 1 - logVariance).sum())
            }
          }
          return sum
        }
      }
    }
  }

  /// log p(x|z) of the batch, and its gradient on the decoder's tape.
  @inline(__always)
  private mutating func compare(_ likelihood: Likelihood, scale: Scalar) -> Double {
    let (rows, width) = (encoderTape.rows, encoderTape.widths[0])
    return encoderTape.withInput { data in
      decoderTape.withOutput { outputs, gradient in
        guard rows > 0 else { return 0 }
        return likelihood.logLikelihood(
          outputs: outputs.baseAddress!, data: data.baseAddress!, rows: rows, width: width,
          scale: scale, gradient: gradient.baseAddress!)
      }
    }
  }

  /// From z̄ on the decoder's tape to the gradient of µ and log σ² on the encoder's.
  @inline(__always)
  private mutating func differentiateLatents(
    _ d: Int, scale: Scalar, beta: Scalar, freeBits: Scalar
  ) {
    let rows = encoderTape.rows
    decoderTape.withInputAndGradient { z, zGradient in
      encoderTape.withOutput { outputs, gradient in
        for row in 0..<rows {
          let mean = outputs.baseAddress! + 2 * d * row
          let target = gradient.baseAddress! + 2 * d * row
          for i in stride(from: 0, to: d, by: 8) {
            let mu = lanes(mean, at: i, count: d)
            let logVariance = lanes(mean + d, at: i, count: d)
            let slope = lanes(zGradient.baseAddress! + d * row, at: i, count: d)
            let displacement = lanes(z.baseAddress! + d * row, at: i, count: d) - mu  // σε
            let excess = Scalar.exp(logVariance) - 1
            let weight =
              freeBits > 0
              ? beta * scale * Scalar.step(0.5 * (mu * mu + excess - logVariance) - freeBits)
              : SIMD8(repeating: beta * scale)
            store(slope + weight * mu, to: target, at: i, count: d)
            store(
              0.5 * (slope * displacement + weight * excess), to: target + d, at: i, count: d)
          }
        }
      }
    }
  }
}
