import TinyNetworks
import TinyNumerics
import ToyModels

/// Eq. 4.2, in nats, for each data point of a set: what a guide misses has two parts,
///   log p(x) − ELBO(q_φ; x) = [log p(x) − max_λ ELBO(λ; x)] + [max_λ ELBO(λ; x) − ELBO(q_φ; x)],
/// the approximation gap, which no Gaussian can close, and the amortization gap, which a network
/// leaves that does not hit this x's own optimum. Both are ≥ 0.
///
/// - Source: Cremer, Li and Duvenaud, "Inference suboptimality in variational autoencoders", ICML
///   2018.
struct Gaps {
  let approximation: [Double]
  let amortization: [Double]
  /// D(q_φ(z|x) ‖ p(z|x)) by a rule of its own, the posterior normalised by another: the sum of the
  /// two.
  let divergence: [Integral]
  /// How far the two gaps may be off together: log p(x)'s estimate, the ELBO's change from 64 nodes
  /// to 192, and what rounding does to their terms. (log p(x|z) is nowhere above 2 nats here, so
  /// the terms' absolute values add up to at most 4 more than |ELBO|.)
  let errors: [Double]

  init(of lambda: GuideParameters, on data: DataSet, decoder: DenseNetwork<Double>) {
    let cells = cellCount(for: lambda)
    let elbo = elbos(lambda, data.x, decoder, cells: cells)
    let coarse = elbos(lambda, data.x, decoder, cells: cells / 3)
    approximation = data.optima.indices.map { data.logEvidence[$0].value - data.optima[$0].elbo }
    amortization = data.optima.indices.map { data.optima[$0].elbo - elbo[$0] }
    divergence = data.x.indices.map { i in
      chapter4.divergence(guide(lambda, at: i), from: data.posteriors[i])
        .adding(error: data.posteriors[i].error)
    }
    errors = data.x.indices.map {
      abs(elbo[$0] - coarse[$0]) + data.logEvidence[$0].error
        + rounding(4, elbo[$0], terms: cells)
    }
  }

  init(of guide: Guide, on data: DataSet, decoder: DenseNetwork<Double>) {
    self.init(of: guide(data.x), on: data, decoder: decoder)
  }

  /// D − (approximation gap + amortization gap), which should be nothing.
  func residual(_ i: Int) -> Double { divergence[i].value - approximation[i] - amortization[i] }

  /// The quadratures' error estimates added up; `integrate` reports one unit a term, we allow four.
  func allowance(_ i: Int) -> Double {
    errors[i] + divergence[i].error + rounding(4, divergence[i].value)
  }

  /// Both sides of the identity at every data point.
  var cases: [(lhs: Double, rhs: Double, allowance: Double)] {
    divergence.indices.map {
      (divergence[$0].value, approximation[$0] + amortization[$0], allowance($0))
    }
  }
}

/// D(q ‖ p) = −H(q) − E_q[log p(z)], the definition (eq. 3.1) with the entropy in closed form.
/// (Averaging log q(z) as well would lose it where a guide is narrower than the spacing of the
/// numbers around µ.)
func divergence(_ q: Normal, from p: TabulatedPosterior) -> Integral {
  -q.expectation(of: p.logDensity) - Integral(exactly: q.entropy)
}

private func elbos(
  _ lambda: GuideParameters, _ data: [SIMD2<Double>], _ decoder: DenseNetwork<Double>,
  cells: Int
) -> [Double] {
  var batch = BatchELBO(data: data, decoder: decoder, cells: cells)
  return batch(lambda, decoder: decoder).values
}
