import TinyNumerics
import ToyModels

/// Eq. 3.12, Fisher's identity, for one parameter of one model, in nats per unit of the parameter:
///   ∂_θ log p(x) = E_{p(z|x)}[∂_θ log p(x, z)],
/// which is also ∂_θ ELBO(q, θ) for q = p(z|x) held fixed: at its touching point the bound has the
/// evidence's slope. For any other q it has not.
///
/// - Source: Dempster, Laird and Rubin, "Maximum likelihood from incomplete data via the EM
///   algorithm", Journal of the Royal Statistical Society B 39 (1977), their equation 2.13 in
///   general form.
struct FisherIdentity {
  let model: String
  let parameter: String
  /// ∂_θ log p(x): a formula where there is one, otherwise the evidence differenced.
  let slopeOfEvidence: Integral
  /// E_{p(z|x)}[∂_θ log p(x, z)].
  let posteriorMeanOfScore: Integral
  /// ∂_θ E_q[log p(x, z)] at q = p(z|x), and at another q; both by differences.
  let slopeOfBound: Integral
  let slopeOfAnotherBound: Integral
  /// ∂_θ D(q ‖ p_θ(z|x)) of the other q: what its bound's slope misses.
  let slopeOfGap: Integral

  /// - Parameters:
  ///   - family: the model with the parameter moved by t.
  ///   - slope: ∂_θ log p(x) in closed form.
  ///   - score: ∂_θ log p(x, z) at t = 0.
  init<Model: LatentVariableModel>(
    _ parameter: String, at x: Model.Observation, family: (Double) -> Model,
    slope: Double? = nil, anotherGuide q: some LatentDistribution<Model.Latent>,
    score: (Model.Latent) -> Double
  ) {
    let model = family(0)
    self.model = model.name
    self.parameter = parameter
    let posterior = model.posterior(given: x)
    slopeOfEvidence =
      slope.map { Integral(exactly: $0) }
      ?? derivative(step: 0.05, error: model.logEvidence(of: x).error) {
        family($0).logEvidence(of: x).value
      }
    posteriorMeanOfScore = posterior.expectation(of: score)
    func slopeUnder(_ q: some LatentDistribution<Model.Latent>) -> Integral {
      func energy(_ moved: Model) -> Integral { q.expectation { z in moved.logJoint(x, z) } }
      return derivative(step: 0.05, error: energy(model).error) { energy(family($0)).value }
    }
    slopeOfBound = slopeUnder(posterior)
    slopeOfAnotherBound = slopeUnder(q)
    slopeOfGap = derivative(step: 0.05, error: q.divergence(from: posterior).error) {
      q.divergence(from: family($0).posterior(given: x)).value
    }
  }
}

/// The mixture's nine numbers.
func mixtureFisher(
  _ model: MixtureModel, at x: Double, anotherGuide q: Discrete
) -> [FisherIdentity] {
  model.parameters.map { parameter in
    FisherIdentity(parameter.name, at: x, family: parameter.moved, anotherGuide: q) { z in
      parameter.score(x, z)
    }
  }
}

/// The linear-Gaussian model's b and W. With r = x − b, C = WWᵀ + Σ and a = C⁻¹r the slopes of the
/// evidence are formulas in the space of x,
///   ∂_b log p(x) = a,   ∂_W log p(x) = a aᵀW − C⁻¹W,
/// and the scores are Σ⁻¹(r − Wz) and Σ⁻¹(r − Wz) zᵀ.
func gaussianFisher(
  _ model: LinearGaussianModel, at x: [Double], anotherGuide q: Gaussian
) -> [FisherIdentity] {
  let residual = zip(x, model.offset).map(-)
  let a = model.marginal.cholesky.solve(residual)
  func score(_ z: [Double]) -> [Double] {
    model.noise.cholesky.solve(zip(residual, model.weights * z).map(-))
  }
  let byOffset = x.indices.map { j in
    FisherIdentity(
      "b\(j + 1)", at: x, family: { t in model.moved(offset: (j, t)) }, slope: a[j],
      anotherGuide: q
    ) { z in score(z)[j] }
  }
  let byWeights = x.indices.flatMap { j in
    (0..<model.latentDimension).map { d in
      let column = model.weights.column(d)
      let slope = a[j] * dot(a, column) - model.marginal.cholesky.solve(column)[j]
      return FisherIdentity(
        "W\(j + 1)\(d + 1)", at: x, family: { t in model.moved(weight: (j, d, t)) }, slope: slope,
        anotherGuide: q
      ) { z in score(z)[j] * z[d] }
    }
  }
  return byOffset + byWeights
}

extension LinearGaussianModel {
  fileprivate func moved(
    offset: (row: Int, by: Double)? = nil, weight: (row: Int, column: Int, by: Double)? = nil
  ) -> LinearGaussianModel {
    var (offsets, weights) = (self.offset, self.weights)
    if let offset { offsets[offset.row] += offset.by }
    if let weight { weights[weight.row, weight.column] += weight.by }
    return LinearGaussianModel(
      weights: weights, offset: offsets, noiseCovariance: noise.covariance)
  }
}

/// The neural model's last biases: d_f of the mean, d_g of the log-variance.
/// ∂ log p(x, z): (x_j − µ_j)/σ_j²;  ½ ((x_j − µ_j)²/σ_j² − 1).
func neuralFisher(
  _ model: NeuralModel, at x: SIMD2<Double>, anotherGuide q: Normal
) -> [FisherIdentity] {
  (0..<2).flatMap { j in
    let byMean = FisherIdentity(
      "mean's bias \(j + 1)", at: x,
      family: { t in
        NeuralModel(
          meanNetwork: model.meanNetwork.moved(output: j, by: t),
          logVarianceNetwork: model.logVarianceNetwork)
      }, anotherGuide: q
    ) { z in
      let (mean, logVariance) = model.decode(z)
      return (x[j] - mean[j]) * exp(-logVariance[j])
    }
    let byVariance = FisherIdentity(
      "log σ²'s bias \(j + 1)", at: x,
      family: { t in
        NeuralModel(
          meanNetwork: model.meanNetwork,
          logVarianceNetwork: model.logVarianceNetwork.moved(output: j, by: t))
      }, anotherGuide: q
    ) { z in
      let (mean, logVariance) = model.decode(z)
      return 0.5 * ((x[j] - mean[j]) * (x[j] - mean[j]) * exp(-logVariance[j]) - 1)
    }
    return [byMean, byVariance]
  }
}

extension TanhNetwork {
  fileprivate func moved(output j: Int, by t: Double) -> TanhNetwork {
    var bias = bias
    bias[j] += t
    return TanhNetwork(
      inner: inner, innerBias: innerBias, first: first, second: second, bias: bias)
  }
}
