import TinyNetworks
import TinyNumerics

/// Eq. 7.3: eq. 7.1 with hidden units. A network of J inputs, H hidden units and J outputs, of
/// which output j is the logit of pixel j and must not see pixels j, j + 1, …. Pixels are counted
/// from 1.
///
/// - Source: Germain, Gregor, Murray and Larochelle, "MADE: Masked autoencoder for distribution
///   estimation", ICML 2015.
public struct PixelNetwork: Sendable {
  public let network: DenseNetwork<Double>

  public init(network: DenseNetwork<Double>) { self.network = network }

  /// What a hidden unit may know: pixels 1 … its degree. Degrees 1 … J − 1 take turns.
  public static func degree(ofUnit i: Int, pixels: Int) -> Int { 1 + i % (pixels - 1) }

  /// 1 for each parameter in use: M₁ from pixel k to a unit of degree ≥ k, M₂ from a unit to an
  /// output beyond its degree, and all biases. In the network's order: M₁ row by row, b₁, M₂, b₂.
  public static func mask(pixels: Int, hidden: Int) -> [Float] {
    let degrees = (0..<hidden).map { degree(ofUnit: $0, pixels: pixels) }
    let first = (1...pixels).flatMap { k in degrees.map { $0 >= k ? Float(1) : 0 } }
    let second = degrees.flatMap { degree in (1...pixels).map { $0 > degree ? Float(1) : 0 } }
    return first + Array(repeating: 1, count: hidden) + second + Array(repeating: 1, count: pixels)
  }

  /// ℓ_j of each image in one pass.
  public func logits(of images: Rows<Double>) -> Rows<Double> { network(images) }

  /// log p(x) of each image, in nats, exact: one pass.
  public func logProbabilities(of images: Rows<Double>) -> [Double] {
    zip(images, logits(of: images)).map { image, logits in
      zip(image, logits).reduce(0) { $0 + Bernoulli(logit: $1.1).logProbability($1.0 == 1) }
    }
  }

  /// Eq. 7.4: J passes, a pixel of every image in each.
  public func samples(_ count: Int, using generator: inout some RandomNumberGenerator) -> Rows<
    Double
  > {
    let pixels = network.outputWidth
    var images = Rows([Double](repeating: 0, count: count * pixels), width: pixels)
    for j in 0..<pixels {
      let logits = logits(of: images)
      for i in 0..<count {
        let pixel = Bernoulli(logit: logits.numbers[i * pixels + j])
        images.numbers[i * pixels + j] = pixel.sample(using: &generator) ? 1 : 0
      }
    }
    return images
  }
}

/// Trains one by maximum likelihood, with masked weights 0 from first to last. The last biases
/// start at the logits of the pixels' means.
public struct PixelNetworkTrainer: Sendable {
  private var learner: Learner<Float>
  private var batches: Batches
  private let images: Rows<Float>

  public init(on images: Rows<Double>, hidden: Int, seed: UInt64) {
    let pixels = images.width
    var generator = Threefry(seed: seed, row: 3)
    var start = DenseNetwork<Float>(
      widths: [pixels, hidden, pixels], activation: .softplus, using: &generator)
    let mask = PixelNetwork.mask(pixels: pixels, hidden: hidden)
    for i in mask.indices { start.parameters[i] *= mask[i] }
    let means = IndependentPixels(images)
    start.parameters.replaceSubrange(
      (start.parameterCount - pixels)..., with: means.logits.map { Float($0) })
    learner = Learner(start, batchSize: 100, learningRate: 2e-3, mask: mask)
    self.images = images.single
    batches = Batches(of: images.count, size: 100, using: Threefry(seed: seed, row: 3, part: 1))
  }

  /// One pass over the images; the mean loss of its batches, or no number if the network has none
  /// left.
  public mutating func pass() -> Double {
    let losses = batches.pass().map { batch in
      let x = images.rows(at: batch)
      return learner.descend(on: x) { crossEntropy($1, x.rows($0), over: x.count) }
    }
    return learner.network.isFinite ? mean(losses) : .nan
  }

  public var model: PixelNetwork { PixelNetwork(network: DenseNetwork(learner.network)) }
}
