import TinyNetworks
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
  /// D(q_φ(z|x) ‖ p(z|x)) by a rule of its own: the sum of the two.
  let divergence: [Integral]
  /// How far the quadratures may be off: the ELBO's change from 64 nodes to 192, and log p(x)'s estimate.
  let errors: [Double]

  init(of lambda: GuideParameters, on data: DataSet, decoder: DenseNetwork<Double>) {
    let elbo = elbos(lambda, data.x, decoder, cells: 192)
    let coarse = elbos(lambda, data.x, decoder, cells: 64)
    approximation = data.optima.indices.map { data.logEvidence[$0].value - data.optima[$0].elbo }
    amortization = data.optima.indices.map { data.optima[$0].elbo - elbo[$0] }
    divergence = data.x.indices.map { i in
      chapter4.divergence(guide(lambda, at: i), from: data.posteriors[i])
    }
    errors = data.x.indices.map { abs(elbo[$0] - coarse[$0]) + data.logEvidence[$0].error }
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

/// D(q ‖ p) = −H(q) − E_q[log p(z)], the definition (eq. 3.1) with the entropy in closed form. (Averaging
/// log q(z) as well would lose it where a guide is narrower than the spacing of the numbers around µ.)
func divergence(_ q: Normal, from p: some LatentDistribution<Double>) -> Integral {
  let crossEntropy = q.expectation { -p.logDensity($0) }
  return Integral(
    value: crossEntropy.value - q.entropy, error: crossEntropy.error,
    evaluations: crossEntropy.evaluations)
}

private func elbos(
  _ lambda: GuideParameters, _ data: [SIMD2<Double>], _ decoder: DenseNetwork<Double>,
  cells: Int
) -> [Double] {
  var batch = BatchELBO(data: data, decoder: decoder, cells: cells)
  return batch(lambda, decoder: decoder).values
}
