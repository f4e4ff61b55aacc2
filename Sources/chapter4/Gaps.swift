import TinyNumerics
import ToyModels

/// Eq. 4.2, in nats, for each data point of a set: what a guide misses has two parts,
///   log p(x) − ELBO(q_φ; x) = [log p(x) − max_λ ELBO(λ; x)] + [max_λ ELBO(λ; x) − ELBO(q_φ; x)],
/// the approximation gap, which no Gaussian can close, and the amortization gap, which a network leaves
/// that does not hit this x's own optimum. Both are ≥ 0.
///
/// - Source: Cremer, Li and Duvenaud, "Inference suboptimality in variational autoencoders", ICML 2018.
struct Gaps {
  let approximation: [Double]
  let amortization: [Double]
  /// D(q_φ(z|x) ‖ p(z|x)) from its definition (eq. 3.1), by a rule of its own: the sum of the two.
  let divergence: [Integral]
  /// How far the quadratures of the ELBO and of log p(x) may be off, by their own estimates.
  let errors: [Double]

  init(of lambda: GuideParameters, on data: DataSet, decoder: DenseNetwork<Double>) {
    let plain = elbos(lambda, data.x, decoder)
    let shifted = elbos(lambda, data.x, decoder, shifted: true)
    approximation = data.optima.indices.map { data.logEvidence[$0].value - data.optima[$0].elbo }
    amortization = data.optima.indices.map { data.optima[$0].elbo - plain[$0] }
    divergence = data.x.indices.map { guide(lambda, at: $0).divergence(from: data.posteriors[$0]) }
    errors = data.x.indices.map { abs(plain[$0] - shifted[$0]) + data.logEvidence[$0].error }
  }

  init(of guide: Guide, on data: DataSet, decoder: DenseNetwork<Double>) {
    self.init(of: guide(data.x), on: data, decoder: decoder)
  }

  /// D − (approximation gap + amortization gap), which should be nothing.
  func residual(_ i: Int) -> Double { divergence[i].value - approximation[i] - amortization[i] }

  /// The quadratures' error estimates added up, and the rounding of log-densities of size log p and D.
  func allowance(_ i: Int) -> Double {
    errors[i] + divergence[i].error + 1e-12 * (1 + abs(divergence[i].value) + approximation[i])
  }

  /// The data point whose residual is largest by its own allowance, and how large that is.
  var worst: Int { divergence.indices.max { share($0) < share($1) }! }
  var relativeResidual: Double { share(worst) }

  /// A residual that is not a number is worst of all.
  private func share(_ i: Int) -> Double {
    let share = abs(residual(i)) / allowance(i)
    return share.isNaN ? .infinity : share
  }
}

private func elbos(
  _ lambda: GuideParameters, _ data: [SIMD2<Double>], _ decoder: DenseNetwork<Double>,
  shifted: Bool = false
) -> [Double] {
  var batch = BatchELBO(data: data, decoder: decoder, shifted: shifted)
  return batch(lambda, decoder: decoder).values
}
