import TinyNumerics
import ToyModels

/// Eq. 3.20, in nats: training as one divergence between two joint distributions of (x, z), the
/// encoder's p_data(x) q(z|x) and the decoder's p(z) p(x|z),
///   E_{p_data}[−ELBO] − H(p_data) = D(p_data(x) q(z|x) ‖ p(x, z))
///                                 = D(p_data ‖ p_θ) + E_{p_data} D(q(z|x) ‖ p(z|x)).
/// For a linear-Gaussian model, Gaussian data and an affine guide q(z|x) = N(Ax + c, S) each side
/// is a computation of its own: an average of parabolas, one Gaussian divergence, two smaller ones.
///
/// - Source: Kingma and Welling, *An Introduction to Variational Autoencoders* (2019), section 2.7.
struct JointView {
  let model: LinearGaussianModel
  /// p_data.
  let data: Gaussian
  /// A, D × J, and c.
  let slope: Matrix
  let offset: [Double]
  /// S, D × D.
  let spread: Matrix

  /// q(z|x).
  func guide(at x: [Double]) -> Gaussian {
    Gaussian(mean: zip(slope * x, offset).map(+), covariance: spread)
  }

  /// E_{p_data}[−ELBO] − H(p_data): the loss, and a number that training cannot change.
  var loss: Integral {
    data.expectation { x in -QuadraticJoint(model, at: x).elbo(guide(at: x)) }
      - Integral(exactly: data.entropy)
  }

  /// p_data(x) q(z|x), a Gaussian of (x, z).
  var encoderJoint: Gaussian { jointGaussian(data, slope: slope, offset: offset, noise: spread) }

  /// p(z) p(x|z), its coordinates in the same order: the model's joint has z first.
  var decoderJoint: Gaussian {
    let (d, j) = (model.latentDimension, model.dataDimension)
    return model.joint.marginal(Array(d..<d + j) + Array(0..<d))
  }

  /// D(p_data(x) q(z|x) ‖ p(x, z)).
  var jointDivergence: Double { klDivergence(encoderJoint, relativeTo: decoderJoint) }

  /// D(p_data ‖ p_θ): what no guide can take away.
  var dataDivergence: Double { klDivergence(data, relativeTo: model.marginal) }

  /// E_{p_data} D(q(z|x) ‖ p(z|x)): what a better guide takes away.
  var guideDivergence: Integral {
    data.expectation { x in
      klDivergence(guide(at: x), relativeTo: model.posterior(given: x))
    }
  }
}

extension JointView {
  /// The same data and model with the posterior for a guide: A = (I + WᵀΣ⁻¹W)⁻¹WᵀΣ⁻¹, c = −Ab.
  var withBestGuide: JointView {
    let posterior = model.posterior(given: model.offset)
    let slopes = model.offset.indices.map { j in
      var moved = model.offset
      moved[j] += 1  // the posterior's mean is affine in x, and 0 at x = b
      return model.posterior(given: moved).mean
    }
    let slope = Matrix(slopes).transpose
    return JointView(
      model: model, data: data, slope: slope, offset: (slope * model.offset).map { -$0 },
      spread: posterior.covariance)
  }

  /// One pixel, one latent: a guide and a model that are both wrong; the same model with its
  /// posterior; the model with this W that makes the data, N(b, W² + σ²), with its posterior.
  static let training: [(name: String, view: JointView)] = {
    let data = Gaussian(mean: [1], covariance: Matrix([[2.25]]))
    let start = JointView(
      model: LinearGaussianModel(
        weights: Matrix([[1.2]]), offset: [0], noiseCovariance: Matrix([[0.5]])),
      data: data, slope: Matrix([[0.2]]), offset: [0.4], spread: Matrix([[0.6]]))
    let fitted = JointView(
      model: LinearGaussianModel(
        weights: Matrix([[1.2]]), offset: [1], noiseCovariance: Matrix([[2.25 - 1.44]])),
      data: data, slope: start.slope, offset: start.offset, spread: start.spread)
    return [
      ("both wrong", start), ("the best guide", start.withBestGuide),
      ("and the best model", fitted.withBestGuide),
    ]
  }()

  /// Two latents, three pixels.
  static let plane = JointView(
    model: .plane,
    data: Gaussian(
      mean: [0.5, -0.2, 1.1],
      covariance: Matrix([[2, 0.3, -0.4], [0.3, 1.5, 0.2], [-0.4, 0.2, 1.8]])),
    slope: Matrix([[0.3, -0.2, 0.1], [0.1, 0.4, 0.2]]), offset: [0.1, -0.3],
    spread: Matrix([[0.4, -0.1], [-0.1, 0.5]]))
}
