import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

extension DigitStudies {
  /// At z = 0 and three other places, for every pixel, by the kernel that every evidence here is
  /// summed with (`LogLikelihoodGrid`): it is shown all levels that a pixel can have.
  func showProperProbabilities(_ study: PixelLikelihoods, in notebook: Notebook) {
    let levels = PixelLikelihoods.levels
    let categorical = probabilities(
      study.categoricalModel, nil, of: (0..<levels).map { Double($0) / 16 })
    let cells = probabilities(
      study.gaussianModel, PixelLikelihoods.cellScoring,
      of: (0..<levels).map { (Double($0) + 0.5) / 17 })
    let coarse = probabilities(
      study.categoricalModel, PixelLikelihoods.coarseScoring, of: [0, 1])
    let bernoulli = probabilities(study.bernoulliModel, nil, of: [0, 1])
    for (name, probabilities) in [
      ("categorical: Σ_k p(x_j = k|z) = 1", categorical), ("Gaussian: Σ_k P(cell k) = 1", cells),
      ("Bernoulli: p(x_j = 0|z) + p(x_j = 1|z) = 1", bernoulli),
    ] {
      notebook.check(
        .worst("6.7", name, of: probabilities.map { ($0.reduce(0, +), 1, rounding(1)) }))
    }
    notebook.check(
      .worst(
        "6.7", "coarse-grained: P(level ≥ 8) = Σ_{k ≥ 8} p(x_j = k|z)",
        of: zip(coarse, categorical).map { ($0[1], $1[8...].reduce(0, +), rounding(1)) }))
    notebook.check(
      .worst(
        "6.7", "Gaussian: P(cell 8) = ∫ of the density over the cell",
        of: zip(cells, pixelNormals(study.gaussianModel)).map { cell, p in
          let integral = integrate(over: 8.0 / 17...9.0 / 17) { p.density($0) }
          return (cell[8], integral.value, integral.error + rounding(1))
        }))
    notebook.check(
      .worst(
        "6.7", "log p(x|z) of whole images: the kernel = pixel by pixel",
        of: [study.categoricalModel, study.gaussianModel, study.bernoulliModel].flatMap(wholeImages)
      ))
  }

  private static let places = Rows<Double>([[0, 0], [1, -1], [-2, 0.5], [0.3, 2]])

  /// p(x_j = v|z) of the given values v, for each pixel j at each place.
  private func probabilities(
    _ model: PixelModel, _ scoring: Scoring?, of values: [Double]
  ) -> [[Double]] {
    (0..<dataset.pixels).flatMap { j in
      let kernel = LogLikelihoodGrid(
        model.model.decoder.pixel(j), images: Rows(values, width: 1), scoring: scoring)
      return kernel(DigitStudies.places).map { $0.map { exp($0) } }
    }
  }

  /// N(µ_j, σ_j²) in the same order.
  private func pixelNormals(_ model: PixelModel) -> [Normal] {
    let outputs = model.model.decoder(DigitStudies.places).map {
      normals($0, floor: PixelEncoding.varianceFloor)
    }
    return (0..<dataset.pixels).flatMap { j in outputs.map { $0[j] } }
  }

  /// log p(x|z) of twenty held-out images at each place, both ways.
  private func wholeImages(
    _ model: PixelModel
  ) -> [(lhs: Double, rhs: Double, allowance: Double)] {
    let images = model.images.rows(0..<20)
    let decoder = model.model.decoder
    let kernel = LogLikelihoodGrid(decoder, images: images)(DigitStudies.places)
    return zip(decoder(DigitStudies.places), kernel).flatMap { outputs, values in
      zip(images, values).map { image, value in
        let terms = image.enumerated().map { j, x in
          let first = outputs.startIndex + j
          let parameters = stride(from: first, to: outputs.endIndex, by: images.width)
          return logProbability(of: x, decoder.likelihood, parameters.map { outputs[$0] })
        }
        // The kernel adds ⟨f, c⟩ and n, which for narrow normals are 1/σ² ≤ 10⁴ each and cancel.
        let size = terms.reduce(0) { $0 + abs($1) } + largest(decoder.likelihood) * 64
        return (value, terms.reduce(0, +), rounding(size, terms: outputs.count))
      }
    }
  }

  /// Of one pixel's ⟨f, c⟩: x²/2σ² and xµ/σ² of a Gaussian, a logit of the others.
  private func largest(_ likelihood: Likelihood) -> Double {
    if case .gaussian(let floor) = likelihood { 1 / floor } else { 10 }
  }
}

extension Decoder<Double> {
  /// The decoder of pixel j alone: of each plane of outputs the one that is its.
  func pixel(_ j: Int) -> Decoder {
    let widths = network.widths.dropLast() + [likelihood.outputsPerEntry]
    var generator = Threefry(seed: 0)
    var single = DenseNetwork<Double>(
      widths: Array(widths), activation: network.activation, using: &generator)
    let start = network.weightsStart(ofLayer: network.layerCount - 1)
    let last = stride(from: start + j, to: network.parameterCount, by: dataWidth)
    single.parameters = network.parameters[..<start] + last.map { network.parameters[$0] }
    return Decoder(single, likelihood)
  }
}
