import ImageModels
import TinyNetworks
import TinyNumerics

/// Eq. 6.15: with free bits the objective of a data point is
///   E_q[log p(x|z)] − β Σ_d max(λ, D_d),
/// so that a dimension gains nothing from a divergence below λ. Its slope along a random direction
/// of the encoder's parameters, summed over the images, z = µ + σε with ε held fixed: by the
/// kernels that train, and by differences of the objective, whose divergences are those of
/// distributions.
///
/// - Source: Kingma, Salimans, Jozefowicz, Chen, Sutskever and Welling, "Improved variational
///   inference with inverse autoregressive flow", NeurIPS 2016, appendix C.8 (there λ bounds the
///   mean
///   over a batch).
func freeBitsSlopes(
  of model: VariationalAutoencoder<Double>, images: Rows<Double>, beta: Double, freeBits: Double,
  using generator: inout Threefry
) -> (kernels: Double, differences: Integral) {
  var sample = ELBOSample(of: model, rows: images.count)
  sample.setBatch(images, indices: Array(images.indices)[...])
  sample.drawNoise(using: &generator)
  sample.differentiate(model, scale: 1, beta: beta, freeBits: freeBits)
  let direction = model.encoder.parameters.map { _ in generator.normal() }
  let slope = -dot(sample.gradients(of: model).encoder, direction)

  func objective(_ step: Double) -> Double {
    var moved = model
    moved.encoder.parameters = zip(model.encoder.parameters, direction).map { $0 + step * $1 }
    var sample = sample
    sample.differentiate(moved, scale: 1, wantsGradient: false)
    let counted = moved.guides(for: images).reduce(0) { sum, q in
      (0..<q.dimension).reduce(sum) {
        $0 + max(freeBits, klDivergence(q[$1], relativeTo: .standard))
      }
    }
    return sample.terms.reconstruction - beta * counted
  }
  return (slope, fivePointDerivative(step: 1e-5, objective))
}

/// Between the two middle ones of all D_d(x), of all images and dimensions: a λ that holds for half
/// of them, and for none exactly.
func medianDivergence(_ guides: [DiagonalGaussian]) -> Double {
  let divergences = guides.flatMap { q in
    (0..<q.dimension).map { klDivergence(q[$0], relativeTo: .standard) }
  }
  let (sorted, half) = (divergences.sorted(), divergences.count / 2)
  return (sorted[half - 1] + sorted[half]) / 2
}
