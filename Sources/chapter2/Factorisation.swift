import Foundation
import TinyNumerics
import ToyModels

// Eq. 2.7: p(X, Z) = Π_i p(x_i|z_i) p(z_i), so p(X) = Π p(x_i) and p(Z|X) = Π p(z_i|x_i): a latent
// z_i knows nothing of the other data points. Each function treats the data set as one big model
// and never uses the factors.

/// All data points of a mixture at once: the K^N joint states of Z.
struct JointMixture {
  /// log p(X), in nats: from the sum over all K^N states.
  let logEvidence: Double
  /// p(Z|X), one state after the other; state s assigns class (s / Kⁱ) mod K to point i.
  let posterior: [Double]
  private let classes: Int

  init(_ model: MixtureModel, at data: [Double]) {
    classes = model.prior.count
    let count = data.reduce(1) { product, _ in product * model.prior.count }
    let logJoint = (0..<count).map { state in
      JointMixture.assignment(state, classes: model.prior.count, points: data.count)
        .enumerated().reduce(0) { $0 + model.logJoint(data[$1.offset], $1.element) }
    }
    logEvidence = logSumExp(logJoint)
    posterior = logJoint.map { [logEvidence] in exp($0 - logEvidence) }
  }

  /// The class of each point in a state.
  static func assignment(_ state: Int, classes: Int, points: Int) -> [Int] {
    var rest = state
    return (0..<points).map { _ in
      defer { rest /= classes }
      return rest % classes
    }
  }

  /// The largest |p(Z|X) − Π p(z_i|x_i)| over all states.
  func distanceFromProduct(_ factors: [Discrete]) -> Double {
    posterior.enumerated().map { state, probability in
      let z = JointMixture.assignment(state, classes: classes, points: factors.count)
      let product = zip(factors, z).reduce(1) { $0 * $1.0.probabilities[$1.1] }
      return abs(probability - product)
    }.max() ?? 0
  }
}

/// N copies of a linear-Gaussian model as one: block-diagonal W and Σ. With `sharedShift` the first
/// coordinate of every data point is also shifted by one and the same unknown ~ N(0, sharedShift²):
/// one more latent, the last, which is *global*.
func stacked(
  _ model: LinearGaussianModel, copies: Int, sharedShift: Double? = nil
) -> LinearGaussianModel {
  let (j, d) = (model.dataDimension, model.latentDimension)
  let weights = Matrix(rows: copies * j, columns: copies * d + (sharedShift == nil ? 0 : 1)) {
    row, column in
    if column == copies * d { return row % j == 0 ? sharedShift ?? 0 : 0 }
    return row / j == column / d ? model.weights[row % j, column % d] : 0
  }
  return LinearGaussianModel(
    weights: weights, offset: (0..<copies).flatMap { _ in model.offset },
    noiseCovariance: Matrix(rows: copies * j, columns: copies * j) { row, column in
      row / j == column / j ? model.noise.covariance[row % j, column % j] : 0
    })
}

/// I(z_i; z_j) = H(z_i) + H(z_j) − H(z_i, z_j) of two coordinates of a Gaussian, in nats: what the
/// one would tell about the other. Exact.
func mutualInformation(_ i: Int, _ j: Int, in gaussian: Gaussian) -> Double {
  gaussian.marginal([i]).entropy + gaussian.marginal([j]).entropy
    - gaussian.marginal([i, j]).entropy
}

/// The same number for z₁ and z₂ given X, where an unknown shift ~ N(0, 1) is common to the first
/// coordinates of all points; for one latent dimension. (Z, X) is one Gaussian: Cov(z_i, x_i) = Wᵀ,
/// Cov(x_i) = WWᵀ + Σ + e₁e₁ᵀ, Cov(x_i, x_k) = e₁e₁ᵀ. Conditioned on X, the correlation ρ of z₁ and
/// z₂ gives I = −½ log(1 − ρ²). Exact.
func informationThroughSharedShift(_ model: LinearGaussianModel, copies: Int) -> Double {
  let (w, c, j) = (model.weights.column(0), model.marginal.covariance, model.dataDimension)
  func entry(_ row: Int, _ column: Int) -> Double {
    guard column <= row else { return entry(column, row) }
    if row < copies { return row == column ? 1 : 0 }
    let (point, i) = ((row - copies) / j, (row - copies) % j)
    if column < copies { return point == column ? w[i] : 0 }
    let (other, k) = ((column - copies) / j, (column - copies) % j)
    return (point == other ? c[i, k] : 0) + (i == 0 && k == 0 ? 1 : 0)
  }
  let covariance = Matrix(rows: copies * (j + 1), columns: copies * (j + 1), entry)
  let data = Array(copies..<copies * (j + 1))
  let latents = Gaussian(mean: covariance.diagonal.map { _ in 0 }, covariance: covariance)
    .conditional(on: data, equalTo: data.map { _ in 0 }).covariance
  return -0.5 * log1p(-latents[0, 1] * latents[0, 1] / (latents[0, 0] * latents[1, 1]))
}

/// log p(x₁, x₂) = log ∬ p(x₁, z₁) p(x₂, z₂) dz₁ dz₂ of the neural model, in nats, by one sum over
/// a square grid.
func logEvidenceOfPair(
  _ model: NeuralModel, _ first: SIMD2<Double>, _ second: SIMD2<Double>
) -> Integral {
  let grid = Grid(over: -8...8, count: 512)
  let sums = [false, true].map { shifted in
    let nodes = (0..<grid.count).map { grid.node($0, shifted: shifted) }
    let (a, b) = (nodes.map { model.logJoint(first, $0) }, nodes.map { model.logJoint(second, $0) })
    var sum = LogSum()
    for i in a { for j in b { sum.add(i + j) } }
    return sum.value + 2 * log(grid.spacing)
  }
  return Integral(sums[0], andShifted: sums[1], evaluations: 2 * grid.count * grid.count)
}
