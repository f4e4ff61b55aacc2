import TinyNumerics
import ToyModels

/// The ELBO of any x at one λ, from five numbers: multiplied out, log p(x|z) is a polynomial in x,
///   log p(x|z) = Σ_j [−½ x_j² τ_j(z) + x_j τ_j(z) f_j(z)] − ½ Σ_j [τ_j(z) f_j(z)² + g_j(z)] − log
///   2π,
/// with τ = e^{−g}, so that E_q needs only E_q[τ_j], E_q[τ_j f_j] and E_q[Σ_j τ_j f_j² + g_j].
/// Another road to eq. 3.7 than `BatchELBO`: another rule, another decoder code, no x in the
/// quadrature.
struct ScannedELBO {
  let precision: SIMD2<Double>
  let weightedMean: SIMD2<Double>
  let constant: Double

  init(_ q: Normal, model: NeuralModel, rule: GaussHermite) {
    var (precision, weightedMean) = (SIMD2<Double>.zero, SIMD2<Double>.zero)
    var constant = -klDivergence(q, relativeTo: .standard) - logTwoPi
    for (node, weight) in zip(rule.nodes, rule.weights) {
      let (f, g) = model.decode(q.mean + q.standardDeviation * node)
      let tau = SIMD2(exp(-g.x), exp(-g.y))
      precision += weight * tau
      weightedMean += weight * tau * f
      constant -= 0.5 * weight * (tau * f * f + g).sum()
    }
    (self.precision, self.weightedMean, self.constant) = (precision, weightedMean, constant)
  }

  func callAsFunction(_ x: SIMD2<Double>) -> Double {
    (x * weightedMean - 0.5 * x * x * precision).sum() + constant
  }
}

/// Guides on a lattice of (µ, σ) and their ELBOs for any x: a search that no summit traps, as
/// coarse as the lattice.
struct GuideLattice {
  /// A row of guides for each width.
  let rows: [[(guide: Normal, elbo: ScannedELBO)]]

  /// - Parameter model: with one latent under a standard normal prior, so that no posterior's bulk
  ///   lies beyond |µ| = 3.5.
  init(of model: NeuralModel, meanStep: Double, standardDeviations: [Double]) {
    let rule = GaussHermite(nodes: 64)
    rows = standardDeviations.map { sigma in
      stride(from: -3.5, through: 3.5, by: meanStep).map { mean in
        let q = Normal(mean: mean, standardDeviation: sigma)
        return (q, ScannedELBO(q, model: model, rule: rule))
      }
    }
  }

  /// For starts: guides broad enough to cover more than one peak.
  static func broad(of model: NeuralModel) -> GuideLattice {
    GuideLattice(of: model, meanStep: 0.1, standardDeviations: [0.15, 0.2, 0.27])
  }

  /// For checks: widths from 0.05 to 1.1, a factor of 1.2 apart.
  static func fine(of model: NeuralModel) -> GuideLattice {
    let widths = (0..<18).map { 0.05 * pow(1.2, Double($0)) }
    return GuideLattice(of: model, meanStep: 0.07, standardDeviations: widths)
  }

  var count: Int { rows.joined().count }

  /// The best guide of each width, with its ELBO.
  func best(for x: SIMD2<Double>) -> [(guide: Normal, elbo: Double)] {
    rows.map { row in
      var best = (guide: row[0].guide, elbo: -Double.infinity)
      for (q, elbo) in row {
        let value = elbo(x)
        if value > best.elbo { best = (q, value) }
      }
      return best
    }
  }

  func largestELBO(for x: SIMD2<Double>) -> Double { best(for: x).map(\.elbo).max() ?? .nan }
}
