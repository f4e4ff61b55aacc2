import TinyNumerics
import ToyModels

/// Eq. 4.3, everything in closed form: the linear-Gaussian model under guides N(µ, diag σ²).
///
/// λ is µ₁ … µ_D, log σ₁² … log σ_D². With A = WᵀΣ⁻¹W, in nats,
///   ELBO(λ; x) = log N(x; Wµ + b, Σ) − ½ Σ_d A_dd σ_d² − ½ Σ_d (µ_d² + σ_d² − 1 − log σ_d²),
/// because E_q[(z − µ)ᵀA(z − µ)] = Σ_d A_dd σ_d². `gradient` is ∂ELBO/∂λ.
func linearELBO(
  _ lambda: GuideParameters, at x: [Double], model: LinearGaussianModel
) -> (value: Double, gradient: GuideParameters) {
  let d = model.latentDimension
  let (mean, logVariance) = (Array(lambda.prefix(d)), Array(lambda.suffix(d)))
  let weightsOverNoise = model.weights.transpose * model.noise.cholesky.inverse
  let misfits = (weightsOverNoise * model.weights).diagonal
  let image = model.weights * mean
  let slope = weightsOverNoise * x.indices.map { x[$0] - image[$0] - model.offset[$0] }
  var value = model.logLikelihood(x, given: mean)
  for k in 0..<d {
    let variance = exp(logVariance[k])
    value -= 0.5 * (misfits[k] * variance + mean[k] * mean[k] + variance - 1 - logVariance[k])
  }
  let logVarianceSlopes = (0..<d).map { 0.5 * (1 - (misfits[$0] + 1) * exp(logVariance[$0])) }
  return (value, zip(slope, mean).map(-) + logVarianceSlopes)
}

/// Eq. 4.1 for this model: one data point's own λ, from the prior.
func localOptimum(of x: [Double], model: LinearGaussianModel) -> Ascent {
  let start = GuideParameters(repeating: 0, count: 2 * model.latentDimension)
  return maximise(from: start, tolerance: gradientTolerance) {
    linearELBO($0, at: x, model: model)
  }
}

/// The mean ELBO over a data set climbed by a linear guide J → 2D, from zero weights; with
/// `constant`, only its biases are trained.
func trainedLinearGuide(
  for model: LinearGaussianModel, on data: [[Double]], constant: Bool = false
) -> (guide: Guide, ascent: Ascent) {
  trainedLinearGuide(outputs: 2 * model.latentDimension, on: data, constant: constant) {
    linearELBO($0, at: $1, model: model)
  }
}

/// The same for any guide whose numbers λ, `outputs` of them, are affine in x.
func trainedLinearGuide(
  outputs: Int, on data: [[Double]], constant: Bool = false,
  elbo: (GuideParameters, [Double]) -> (value: Double, gradient: GuideParameters)
) -> (guide: Guide, ascent: Ascent) {
  let inputs = data[0].count
  let network = denseNetwork(widths: [inputs, outputs], activation: .tanh)
  let weights = inputs * outputs
  let start = Guide("linear", network, trained: constant ? weights..<weights + outputs : nil)
  return climb(start, Array(data.joined()), rows: data.count, iterations: 500, tolerance: 1e-9) {
    lambda in
    let terms = data.indices.map {
      elbo(Array(lambda[outputs * $0..<outputs * ($0 + 1)]), data[$0])
    }
    return (mean(terms.map(\.value)), Array(terms.map(\.gradient).joined()))
  }
}

/// The best linear guide, φ in closed form, laid out as the network's parameters:
///   µ(x) = K (x − b) with K = Wᵀ(WWᵀ + Σ)⁻¹, the regression of z on x;   σ_d² = 1/Λ_dd, for every
///   x
/// (eq. 3.11; the weights of log σ² are 0). For D = 1 it is the posterior.
func closedFormGuide(for model: LinearGaussianModel) -> [Double] {
  let gain = model.weights.transpose * model.marginal.cholesky.inverse
  let noWeights = gain.diagonal.map { _ in 0.0 }
  let rows = (0..<model.dataDimension).map { gain.column($0) + noWeights }
  let bias = (gain * model.offset).map { -$0 }
  return Array(rows.joined()) + bias + posteriorPrecision(of: model).diagonal.map { -log($0) }
}

/// Λ = I + WᵀΣ⁻¹W.
func posteriorPrecision(of model: LinearGaussianModel) -> Matrix {
  .identity(model.latentDimension)
    + model.weights.transpose * model.noise.cholesky.inverse * model.weights
}

/// Eq. 3.11, in nats: the least D(q ‖ p(z|x)) of a diagonal q, ½ (Σ_i log Λ_ii − log |Λ|), for
/// every x.
func meanFieldGap(precision: Matrix) -> Double {
  guard let factor = Cholesky(precision) else { fatalError("a precision is positive definite") }
  return 0.5 * (precision.diagonal.reduce(0) { $0 + log($1) } - factor.logDeterminant)
}

/// What a constant guide loses on average, beside the gap of 3.11: ½ tr(Λ S), S the covariance
/// (over N) of the posterior means. Its own best mean is the mean of theirs.
func constantGuideGap(for model: LinearGaussianModel, on data: [[Double]]) -> Double {
  let means = data.map { model.posterior(given: $0).mean }
  let centre = means[0].indices.map { d in mean(means.map { $0[d] }) }
  let precision = posteriorPrecision(of: model)
  return mean(
    means.map { m in
      let shift = zip(m, centre).map(-)
      return 0.5 * dot(shift, precision * shift)
    })
}

/// How far the trained φ may be from the best one, φ*: ‖φ − φ*‖ ≤ ‖∇‖/c, where no curvature of the
/// concave mean ELBO is below c on the way from one to the other.
///
/// The Hessian is −Λ ⊗ M for the means, M the mean of (x, 1)(x, 1)ᵀ over the data, and the mean of
/// −½ Λ_dd σ_i² (x, 1)(x, 1)ᵀ for each log-variance. Λ ≥ I, and Λ_dd σ_i² is 1 at φ* and e^{±δ} on
/// the way, δ the largest |log Λ_dd σ_i²| of the trained guide; so c = ½ e^{−δ} times M's smallest
/// eigenvalue. The gradient itself is known to the rounding of its terms, (x, 1) times h_i − Λµ_i.
func parameterAllowance(
  _ fit: (guide: Guide, ascent: Ascent), data: [[Double]], model: LinearGaussianModel
) -> Double {
  let precision = posteriorPrecision(of: model)
  let d = model.latentDimension
  let lambda = data.map { fit.guide.network($0, rows: 1) }
  let delta = lambda.flatMap { numbers in
    (0..<d).map { abs(log(precision[$0, $0]) + numbers[d + $0]) }
  }.max()!
  let extended = data.map { $0 + [1] }
  let moments = Matrix(rows: extended[0].count, columns: extended[0].count) { i, j in
    mean(extended.map { $0[i] * $0[j] })
  }
  let curvature = 0.5 * exp(-delta) * SymmetricEigen(moments).eigenvalues[extended[0].count - 1]
  let terms = zip(data, extended).map { x, row in
    let slope = precision * model.posterior(given: x).mean
    return length(row) * (2 * length(slope) + Double(d))
  }
  return (fit.ascent.gradientNorm + rounding(mean(terms))) / curvature
}

/// ‖a‖.
func length(_ a: [Double]) -> Double { dot(a, a).squareRoot() }
