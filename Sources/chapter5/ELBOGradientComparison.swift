import TinyNetworks
import TinyNumerics

/// A small VAE with one batch and frozen noise: the loss −ELBO is then an ordinary function of all
/// weights (eq. 5.6), and has central differences.
struct FrozenELBO {
  var model: VariationalAutoencoder<Double>
  let data: [Double]
  let noise: [Double]
  let rows: Int
  /// What the loss is multiplied with (1/batch in training), and the weight of the divergence.
  var scale = 0.3
  var beta = 1.0

  /// J = 5 pixels that suit the likelihood, D = 2, two hidden layers; weights doubled so that the
  /// nonlinearities are felt. Every row keeps its hidden units off the kinks.
  init(
    _ activation: Activation, likelihood: Likelihood = .bernoulli, hidden: [Int] = [6, 5],
    rows: Int = 4, using generator: inout Threefry
  ) {
    model = VariationalAutoencoder(
      dataWidth: 5, hidden: hidden, latentDimension: 2, activation: activation,
      likelihood: likelihood, using: &generator)
    model.encoder.parameters = model.encoder.parameters.map { 2 * $0 }
    model.decoder.network.parameters = model.decoder.network.parameters.map { 2 * $0 }
    self.rows = rows
    var (data, noise) = ([Double](), [Double]())
    while data.count < 5 * rows {
      let x = (0..<5).map { _ in FrozenELBO.pixel(likelihood, using: &generator) }
      let epsilon = [generator.normal(), generator.normal()]
      guard FrozenELBO.sums(of: model, x, epsilon).allSatisfy({ abs($0) >= kinkDistance }) else {
        continue
      }
      data += x
      noise += epsilon
    }
    (self.data, self.noise) = (data, noise)
  }

  private static func pixel(
    _ likelihood: Likelihood, using generator: inout Threefry
  ) -> Double {
    switch likelihood {
    case .bernoulli: (2 * generator.uniform()).rounded(.down)
    case .categorical(let levels):
      (Double(levels) * generator.uniform()).rounded(.down) / Double(levels - 1)
    case .gaussian: generator.normal()
    }
  }

  /// The forward and the backward pass that training runs, in any of its number types.
  func sample<Scalar: NetworkScalar>(in type: Scalar.Type = Double.self) -> ELBOSample<Scalar> {
    let model = VariationalAutoencoder<Scalar>(model)
    var sample = ELBOSample(of: model, rows: rows)
    sample.setBatch(
      Rows(data.map { Scalar($0) }, width: model.dataWidth), indices: Array(0..<rows)[...])
    sample.noise = noise.map { Scalar($0) }
    sample.differentiate(model, scale: Scalar(scale), beta: Scalar(beta))
    return sample
  }

  /// scale · Σ_rows (−log p(x|z) + β D), in nats.
  var loss: Double {
    let terms = sample().terms
    return scale * (beta * terms.divergence - terms.reconstruction)
  }

  /// The same −ELBO by other code: plain loops, distribution by distribution (eqs. 3.7, 1.9).
  var plainLoss: Double {
    var loss = 0.0
    for row in 0..<rows {
      let x = Array(data[5 * row..<5 * row + 5])
      let lambda = PlainNetwork(model.encoder)(x).output
      let q = DiagonalGaussian(mean: Array(lambda[..<2]), logVariance: Array(lambda[2...]))
      let z = (0..<2).map { NormalPath(to: q[$0])(noise[2 * row + $0]) }
      loss -= plainLogLikelihood(x, decoded: PlainNetwork(model.decoder.network)(z).output)
      loss += beta * klDivergence(q, relativeTo: .standard(dimension: 2))
    }
    return scale * loss
  }

  /// log p(x|z) = Σ_j log p(x_j|z), in nats, of one row of the decoder's outputs: planes of five
  /// numbers.
  private func plainLogLikelihood(_ x: [Double], decoded outputs: [Double]) -> Double {
    (0..<5).reduce(0) { sum, j in
      let parameters = stride(from: j, to: outputs.count, by: 5).map { outputs[$0] }
      return switch model.decoder.likelihood {
      case .bernoulli: sum + Bernoulli(logit: parameters[0]).logProbability(x[j] == 1)
      case .categorical(let levels):
        sum + parameters[Int((x[j] * Double(levels - 1)).rounded())] - logSumExp(parameters)
      case .gaussian(let floor):
        sum + Normal(mean: parameters[0], variance: floor + exp(parameters[1])).logDensity(x[j])
      }
    }
  }

  /// The hidden units' sums of the encoder and the decoder, all rows.
  var sums: [Double] {
    (0..<rows).flatMap { row in
      FrozenELBO.sums(
        of: model, Array(data[5 * row..<5 * row + 5]), Array(noise[2 * row..<2 * row + 2]))
    }
  }

  private static func sums(
    of model: VariationalAutoencoder<Double>, _ x: [Double], _ noise: [Double]
  ) -> [Double] {
    let encoded = PlainNetwork(model.encoder)(x)
    let q = DiagonalGaussian(
      mean: Array(encoded.output[..<2]), logVariance: Array(encoded.output[2...]))
    let z = (0..<2).map { NormalPath(to: q[$0])(noise[$0]) }
    return encoded.sums + PlainNetwork(model.decoder.network)(z).sums
  }

  /// Eq. 5.8 for the whole ELBO: back-propagation through decoder, sample and encoder, block by
  /// block.
  func compareGradients() -> GradientComparison {
    var comparison = GradientComparison()
    let (gradients, sums) = (sample().gradients(of: model), sums)
    func differences(
      _ network: WritableKeyPath<VariationalAutoencoder<Double>, DenseNetwork<Double>>
    ) -> [Integral] {
      centralDifferences(at: model[keyPath: network].parameters) { parameters in
        var changed = self
        changed.model[keyPath: network].parameters = parameters
        comparison.watch(sums, moved: changed.sums)
        return changed.loss
      }
    }
    let (byEncoder, byDecoder) = (differences(\.encoder), differences(\.decoder.network))
    comparison.add(
      model.encoder, prefix: "encoder ", backward: gradients.encoder, differences: byEncoder)
    comparison.add(
      model.decoder.network, prefix: "decoder ", backward: gradients.decoder, differences: byDecoder
    )
    return comparison
  }
}

extension FrozenELBO {
  /// A decoder that does not look at z: the encoder then hears of the divergence alone.
  mutating func cutLatents() {
    for i in 0..<2 * model.decoder.network.widths[1] { model.decoder.network.parameters[i] = 0 }
  }

  /// Eq. 5.8 for the divergence alone: the encoder's gradient.
  static func divergenceBlocks(
    using generator: inout Threefry
  ) -> [GradientComparison.Block] {
    var elbo = FrozenELBO(.softplus, using: &generator)
    elbo.cutLatents()
    return elbo.compareGradients().blocks.filter { $0.name.hasPrefix("encoder") }
  }

  /// Eq. 5.8 for a likelihood alone: logits that are the decoder's only bias, so that the bias's
  /// gradient is the likelihood's own.
  static func likelihoodBlock(
    _ likelihood: Likelihood, using generator: inout Threefry
  ) -> GradientComparison.Block {
    var elbo = FrozenELBO(.tanh, likelihood: likelihood, hidden: [], using: &generator)
    elbo.cutLatents()
    return elbo.compareGradients().blocks.last!
  }

  /// How far the gradient of the source compiled for `Float` is from the one compiled for `Double`,
  /// norm-wise, both networks together.
  var singlePrecisionError: Double {
    let single = sample(in: Float.self).gradients(of: VariationalAutoencoder(model))
    let double = sample().gradients(of: model)
    return normwiseError(
      (single.encoder + single.decoder).map { Double($0) }, double.encoder + double.decoder)
  }
}
