import Foundation
import TinyNumerics
import ToyModels

/// df/dt by central differences with steps h, h/2, h/4 and h/8, extrapolated to step 0 (Richardson): the
/// error estimate is the last change of the extrapolation, plus what rounding f costs at the last step.
func derivative(at t: Double = 0, step h: Double = 0.1, of f: (Double) -> Double) -> Integral {
  var table: [Double] = []
  var (change, largest) = (Double.infinity, 0.0)
  for level in 0..<4 {
    let step = h / Double(1 << level)
    let (above, below) = (f(t + step), f(t - step))
    var row = [(above - below) / (2 * step)]
    for (k, previous) in table.enumerated() {
      // the error's terms in step², step⁴, … go one after the other
      row.append(row[k] + (row[k] - previous) / (pow(4, Double(k + 1)) - 1))
    }
    change = table.isEmpty ? .infinity : abs(row.last! - table.last!)
    largest = max(largest, abs(above), abs(below))
    table = row
  }
  let rounding = 16 * .ulpOfOne * (1 + largest) / h * 8
  return Integral(value: table.last!, error: change + rounding, evaluations: 8)
}

/// Eq. 3.12, Fisher's identity, for one parameter of one model, in nats per unit of the parameter:
///   ∂_θ log p(x) = E_{p(z|x)}[∂_θ log p(x, z)],
/// which is also ∂_θ ELBO(q, θ) for q = p(z|x) held fixed: at its touching point the bound has the
/// evidence's slope. For any other q it has not.
///
/// - Source: Dempster, Laird and Rubin, "Maximum likelihood from incomplete data via the EM algorithm",
///   Journal of the Royal Statistical Society B 39 (1977), their equation 2.13 in general form.
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
    slopeOfEvidence =
      slope.map(exactly) ?? derivative { t in family(t).logEvidence(of: x).value }
    let posterior = model.posterior(given: x)
    posteriorMeanOfScore = posterior.expectation(of: score)
    slopeOfBound = derivative { t in
      let moved = family(t)
      return posterior.expectation { z in moved.logJoint(x, z) }.value
    }
    slopeOfAnotherBound = derivative { t in
      let moved = family(t)
      return q.expectation { z in moved.logJoint(x, z) }.value
    }
  }
}

/// The mixture's parameters: class means µ_k, log σ_k, and the logits of the class probabilities.
/// ∂ log p(x, z): [z = k] (x − µ_k)/σ_k²;  [z = k] (((x − µ_k)/σ_k)² − 1);  [z = k] − π_k.
func mixtureFisher(_ model: MixtureModel, at x: Double, anotherGuide q: Discrete)
  -> [FisherIdentity]
{
  model.components.indices.flatMap { k in
    let component = model.components[k]
    let u = (x - component.mean) / component.standardDeviation
    let byMean = FisherIdentity(
      "µ\(k + 1)", at: x,
      family: { t in
        model.replacing(
          k, Normal(mean: component.mean + t, standardDeviation: component.standardDeviation))
      }, anotherGuide: q
    ) { z in z == k ? u / component.standardDeviation : 0 }
    let byScale = FisherIdentity(
      "log σ\(k + 1)", at: x,
      family: { t in
        model.replacing(
          k, Normal(mean: component.mean, standardDeviation: component.standardDeviation * exp(t)))
      }, anotherGuide: q
    ) { z in z == k ? u * u - 1 : 0 }
    let byLogit = FisherIdentity(
      "logit π\(k + 1)", at: x,
      family: { t in
        var weights = model.prior.probabilities
        weights[k] *= exp(t)
        return MixtureModel(weights: weights, components: model.components)
      }, anotherGuide: q
    ) { z in (z == k ? 1 : 0) - model.prior.probabilities[k] }
    return [byMean, byScale, byLogit]
  }
}

extension MixtureModel {
  fileprivate func replacing(_ k: Int, _ component: Normal) -> MixtureModel {
    var components = components
    components[k] = component
    return MixtureModel(weights: prior.probabilities, components: components)
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
