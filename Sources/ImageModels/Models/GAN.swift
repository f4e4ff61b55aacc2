import TinyNetworks
import TinyNumerics

/// Eq. 7.11: a generator that is a VAE's decoder, latents to the logits of Bernoulli pixels, and a
/// discriminator. It is shown binary images with noise N(0, ½²) on top, real and generated alike:
/// grey ones among them would give the generator away at a glance.
public struct GAN: Sendable {
  public private(set) var generator: Learner<Float>
  public private(set) var discriminator: Learner<Float>
  /// The generator's weights, averaged on the way: a ← 0.995 a + 0.005 θ.
  public private(set) var averaged: DenseNetwork<Float>
  private var random: Threefry

  public static let noise: Float = 0.5
  public static let memory: Float = 0.995

  public init(pixels: Int, latent: Int, hidden: Int, seed: UInt64) {
    var random = Threefry(seed: seed, row: 11)
    let networks = [[latent, hidden, pixels], [pixels, hidden, 1]].map {
      DenseNetwork<Float>(widths: $0, activation: .softplus, using: &random)
    }
    self.random = random
    averaged = networks[0]
    generator = Learner(networks[0], batchSize: 100, learningRate: 1e-3, decay: (0.5, 0.999))
    discriminator = Learner(networks[1], batchSize: 200, learningRate: 1e-3, decay: (0.5, 0.999))
  }

  public var isFinite: Bool {
    generator.network.isFinite && discriminator.network.isFinite && averaged.isFinite
  }

  /// One step of each player on a batch of real images; −V of the batch before it.
  public mutating func step(_ real: Rows<Float>) -> Double {
    let n = real.count
    let drawn = binary(
      generator.network(random.normals(n, width: generator.network.inputWidth)),
      below: random.uniforms(n, width: real.width))
    let shown = noisy(
      Rows(real.numbers + drawn.numbers, width: real.width),
      random.normals(2 * n, width: real.width))
    let labels = Rows((0..<2 * n).map { $0 < n ? Float(1) : 0 }, width: 1)
    let loss = discriminator.descend(on: shown) { crossEntropy($1, labels.rows($0), over: n) }
    let judge = discriminator.network
    let levels = random.uniforms(n, width: real.width)
    let noise = random.normals(n, width: real.width)
    let latents = random.normals(n, width: generator.network.inputWidth)
    _ = generator.descend(on: latents) { rows, logits in
      generatorLoss(logits, below: levels.rows(rows), noise: noise.rows(rows), judge, over: n)
    }
    for i in averaged.parameters.indices {
      let drift = generator.network.parameters[i] - averaged.parameters[i]
      averaged.parameters[i] += (1 - GAN.memory) * drift
    }
    return loss
  }
}

/// x_j = 1 where u_j < sigmoid ℓ_j.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func binary<Scalar: NetworkScalar>(
  _ logits: Rows<Scalar>, below uniforms: Rows<Scalar>
) -> Rows<Scalar> {
  var images = logits
  for i in images.numbers.indices {
    images.numbers[i] = Double(uniforms.numbers[i]) < sigmoid(Double(logits.numbers[i])) ? 1 : 0
  }
  return images
}

/// x + ½ε.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func noisy<Scalar: NetworkScalar>(_ images: Rows<Scalar>, _ noise: Rows<Scalar>) -> Rows<
  Scalar
> {
  var result = images
  for i in images.numbers.indices {
    result.numbers[i] += Scalar(Double(GAN.noise) * Double(noise.numbers[i]))
  }
  return result
}

/// The non-saturating loss −Σ log D/n (eq. 7.9) of binary draws with noise, and its slopes by the
/// generator's logits. A draw has no path (eq. 5.9): its slope by π = sigmoid ℓ is taken for 1, as
/// if x were π. This *straight-through* slope is biased.
///
/// - Source: Bengio, Léonard and Courville, "Estimating or propagating gradients through stochastic
///   neurons" (2013).
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func generatorLoss<Scalar: NetworkScalar>(
  _ logits: Rows<Scalar>, below uniforms: Rows<Scalar>, noise: Rows<Scalar>,
  _ discriminator: DenseNetwork<Scalar>, over n: Int
) -> (value: Double, slopes: Rows<Scalar>) {
  let shown = noisy(binary(logits, below: uniforms), noise)
  let real = Rows([Scalar](repeating: 1, count: logits.count), width: 1)
  var (value, slopes) = discriminator.inputSlopes(at: shown) { crossEntropy($0, real, over: n) }
  for i in slopes.numbers.indices {
    let mean = sigmoid(Double(logits.numbers[i]))
    slopes.numbers[i] *= Scalar(mean * (1 - mean))
  }
  return (value, slopes)
}

extension Threefry {
  public mutating func normals(_ count: Int, width: Int) -> Rows<Float> {
    var numbers = [Float](repeating: 0, count: count * width)
    numbers.withUnsafeMutableBufferPointer { fillNormals($0) }
    return Rows(numbers, width: width)
  }

  public mutating func uniforms(_ count: Int, width: Int) -> Rows<Float> {
    Rows((0..<count * width).map { _ in Float(uniform()) }, width: width)
  }
}
