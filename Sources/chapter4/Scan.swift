import Foundation
import TinyNumerics
import ToyModels

/// The ELBO of any x at one λ, from five numbers: multiplied out, log p(x|z) is a polynomial in x,
///   log p(x|z) = Σ_j [−½ x_j² τ_j(z) + x_j τ_j(z) f_j(z)] − ½ Σ_j [τ_j(z) f_j(z)² + g_j(z)] − log 2π,
/// with τ = e^{−g}, so that E_q needs only E_q[τ_j], E_q[τ_j f_j] and E_q[Σ_j τ_j f_j² + g_j]. Another road
/// to eq. 3.7 than `BatchELBO`: another rule, another decoder code, no x in the quadrature.
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

/// The best ELBO of each data point over a lattice of guides, µ from −3.5 to 3.5 in steps of 0.1 and σ
/// from 0.05 to 1.2 in factors of 1.25: no climb, so nothing that a climb could miss.
func scannedOptima(of data: [SIMD2<Double>], model: NeuralModel) -> [Double] {
  let rule = GaussHermite(nodes: 64)
  var best = [Double](repeating: -.infinity, count: data.count)
  for m in -35...35 {
    for s in 0..<15 {
      let q = Normal(mean: 0.1 * Double(m), standardDeviation: 0.05 * pow(1.25, Double(s)))
      let elbo = ScannedELBO(q, model: model, rule: rule)
      for (i, x) in data.enumerated() { best[i] = max(best[i], elbo(x)) }
    }
  }
  return best
}
