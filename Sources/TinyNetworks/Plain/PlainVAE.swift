import TinyNumerics

/// The whole variational autoencoder: loss (eq. 6.1), gradient by hand (eq. 5.8), training.
public struct PlainVAE: Sendable {
  /// From x, J numbers, to µ and ρ = log σ², D numbers each; from z to the parameters of p(x|z).
  public private(set) var encoder: PlainNetwork
  public private(set) var decoder: PlainNetwork
  let likelihood: Likelihood

  public init(_ model: VariationalAutoencoder<Double>) {
    (encoder, decoder) = (PlainNetwork(model.encoder), PlainNetwork(model.decoder.network))
    likelihood = model.decoder.likelihood
  }

  /// The ELBO's terms for one x and one ε; the gradient of −ELBO is added to the networks' own.
  public mutating func differentiate(_ x: [Double], noise epsilon: [Double]) -> ELBOTerms {
    // 4.1, encode: q(z|x) = N(µ, diag σ²); µ, ρ and σ have D numbers
    let encoded = encoder.forward(x)
    let mu = Array(encoded.y.last!.prefix(epsilon.count))
    let rho = Array(encoded.y.last!.suffix(epsilon.count))
    let sigma = rho.map { exp($0 / 2) }
    // 5.1, sample: z = µ + σε
    let z = mu.indices.map { mu[$0] + sigma[$0] * epsilon[$0] }
    // 3.14, decode: log p(x|z), and its slope in the decoder's outputs
    let decoded = decoder.forward(z)
    let (logLikelihood, slope) = likelihood.logLikelihood(of: x, decoded.y.last!)
    // 1.9: D(q‖p(z)) = Σ ½ (µ² + σ² − 1 − ρ)
    let excess = sigma.map { ($0 * $0 - 1) / 2 }
    let divergence = mu.indices.map { mu[$0] * mu[$0] / 2 + excess[$0] - rho[$0] / 2 }
    // 5.3, 5.8: z̄ from the decoder; µ̄ = z̄ + µ and ρ̄ = z̄ ½σε + ½(σ² − 1) into the encoder
    let zBar = decoder.backward(decoded.s, decoded.y, from: slope.map { -$0 })
    let muBar = mu.indices.map { zBar[$0] + mu[$0] }
    let rhoBar = mu.indices.map { zBar[$0] * sigma[$0] * epsilon[$0] / 2 + excess[$0] }
    _ = encoder.backward(encoded.s, encoded.y, from: muBar + rhoBar)
    return ELBOTerms(reconstruction: logLikelihood, divergence: divergence.reduce(0, +))
  }

  /// Adam's step on a batch, with an ε for each image; the sum of the ELBO's terms before it.
  public mutating func step(_ batch: [[Double]], noise: [[Double]], rate: Double) -> ELBOTerms {
    let terms = zip(batch, noise).map { differentiate($0, noise: $1) }
    encoder.descend(batch: batch.count, rate: rate)
    decoder.descend(batch: batch.count, rate: rate)
    return terms.reduce(ELBOTerms(), +)
  }

  /// Every image once, in a new order, with a new ε; the mean of the ELBO's terms.
  public mutating func epoch(
    over images: [[Double]], batchSize: Int, rate: Double, using generator: inout Threefry
  ) -> ELBOTerms {
    let (images, d) = (images.shuffled(using: &generator), decoder.layers[0].count - 1)
    var total = ELBOTerms()
    for start in stride(from: 0, to: images.count, by: batchSize) {
      let batch = Array(images[start..<min(start + batchSize, images.count)])
      let noise = batch.map { _ in (0..<d).map { _ in generator.normal() } }
      total = total + step(batch, noise: noise, rate: rate)
    }
    return total / Double(images.count)
  }
}

extension Likelihood {
  /// log p(x|z) = Σ_j log p(x_j|z), and its derivative by each of the decoder's outputs (eq. 5.8).
  func logLikelihood(of x: [Double], _ outputs: [Double]) -> (sum: Double, slope: [Double]) {
    var (sum, slope) = (0.0, outputs)
    for j in x.indices {
      switch self {
      case .bernoulli:
        sum += x[j] * outputs[j] - softplus(outputs[j])
        slope[j] = x[j] - sigmoid(outputs[j])
      case .categorical(let levels):
        let planes = (0..<levels).map { $0 * x.count + j }
        let logNormaliser = logSumExp(planes.map { outputs[$0] })
        let chosen = planes[Int((x[j] * Double(levels - 1)).rounded())]
        sum += outputs[chosen] - logNormaliser
        for k in planes { slope[k] = (k == chosen ? 1 : 0) - exp(outputs[k] - logNormaliser) }
      case .gaussian(let varianceFloor):
        let (d, power) = (x[j] - outputs[j], exp(outputs[x.count + j]))
        let variance = varianceFloor + power
        sum -= (log(2 * .pi * variance) + d * d / variance) / 2
        slope[j] = d / variance
        slope[x.count + j] = (d * d / variance - 1) / 2 * power / variance
      }
    }
    return (sum, slope)
  }
}
