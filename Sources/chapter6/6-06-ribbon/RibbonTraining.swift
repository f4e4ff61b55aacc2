import Foundation
import TinyNetworks
import TinyNumerics

// One draw of the ELBO of post B's model for each x of a batch, and its gradient (eqs. 3.7, 5.1,
// 1.9):
//
//   q(z|x) = N(m, s²),   z = m + sε,
//   ELBO ≈ Σ_j −½ ((x_j − f_j(z))² e^{−g_j(z)} + g_j(z) + log 2π) − ½ (m² + s² − 1 − log s²).
//
// Backwards, z̄ = ∂log p(x|z)/∂z by way of both networks:
//   by f_j: (x_j − f_j) e^{−g_j},   by g_j: ½ ((x_j − f_j)² e^{−g_j} − 1),
//   by m: z̄ − m,   by log s²: z̄ ½ sε − ½ (s² − 1).

/// The mean ELBO of a batch from one draw a point, with room for its way through the three
/// networks.
struct RibbonBound {
  private var tapes: (mean: Tape<Double>, logVariance: Tape<Double>, guide: Tape<Double>)
  /// ∂(mean ELBO) by the parameters of f, of g and of the guide.
  private(set) var gradient: (mean: [Double], logVariance: [Double], guide: [Double])

  init(of vae: RibbonVAE, batch: Int) {
    tapes = (
      Tape(of: vae.mean, rows: batch), Tape(of: vae.logVariance, rows: batch),
      Tape(of: vae.guide, rows: batch)
    )
    gradient = (vae.mean.parameters, vae.logVariance.parameters, vae.guide.parameters)
  }

  /// The mean ELBO, in nats a data point; its derivatives are left in `gradient`.
  ///
  /// - Requires: as many points as there is room for, and one ε for each.
  mutating func callAsFunction(
    _ vae: RibbonVAE, at x: [SIMD2<Double>], noise: [Double]
  ) -> Double {
    tapes.guide.setInput(x.flatMap { [$0.x, $0.y] })
    vae.guide.forward(&tapes.guide)
    let guides = tapes.guide.output.chunked.map { (mean: $0.x, deviation: exp(0.5 * $0.y)) }
    let z = zip(guides, noise).map { $0.mean + $0.deviation * $1 }
    let scale = 1 / Double(x.count)
    let reconstruction = reconstruct(vae, x, from: z, scale: scale)
    let divergence = guides.reduce(0) {
      $0
        + klDivergence(
          Normal(mean: $1.mean, standardDeviation: $1.deviation), relativeTo: .standard)
    }
    let slopes = zip(tapes.mean.inputGradient, tapes.logVariance.inputGradient).map { $0 + $1 }
    tapes.guide.setOutputGradient(
      x.indices.flatMap { i in
        let (m, s) = guides[i]
        return [
          slopes[i] - scale * m,
          0.5 * (slopes[i] * s * noise[i] - scale * (s * s - 1)),
        ]
      })
    vae.guide.backward(
      &tapes.guide, parameterGradient: &gradient.guide, wantsInputGradient: false)
    return scale * (reconstruction - divergence)
  }

  /// Σ_i log p(x_i|z_i); f and g are taken back to z, every derivative times `scale`.
  private mutating func reconstruct(
    _ vae: RibbonVAE, _ x: [SIMD2<Double>], from z: [Double], scale: Double
  ) -> Double {
    tapes.mean.setInput(z)
    tapes.logVariance.setInput(z)
    vae.mean.forward(&tapes.mean)
    vae.logVariance.forward(&tapes.logVariance)
    var (total, byMean, byLogVariance) = (0.0, [Double](), [Double]())
    for (x, (m, g)) in zip(x, zip(tapes.mean.output.chunked, tapes.logVariance.output.chunked)) {
      let precision = SIMD2(exp(-g.x), exp(-g.y))
      let error = x - m
      let misfit = error * error * precision
      total -= 0.5 * (misfit + g).sum() + logTwoPi
      let slopes = (scale * error * precision, 0.5 * scale * (misfit - 1))
      byMean += [slopes.0.x, slopes.0.y]
      byLogVariance += [slopes.1.x, slopes.1.y]
    }
    tapes.mean.setOutputGradient(byMean)
    tapes.logVariance.setOutputGradient(byLogVariance)
    vae.mean.backward(&tapes.mean, parameterGradient: &gradient.mean)
    vae.logVariance.backward(&tapes.logVariance, parameterGradient: &gradient.logVariance)
    return total
  }
}

extension ArraySlice<Double> {
  /// Two by two.
  fileprivate var chunked: [SIMD2<Double>] {
    stride(from: startIndex, to: endIndex, by: 2).map { SIMD2(self[$0], self[$0 + 1]) }
  }
}

/// Up the ELBO by Adam: batches drawn at random with replacement, one ε a point.
func trainedOnELBO(
  _ start: RibbonVAE, data: [SIMD2<Double>], steps: Int, batch: Int = 100,
  learningRate: Double = 0.01, using generator: inout some RandomNumberGenerator
) -> RibbonVAE {
  func adam(_ network: DenseNetwork<Double>) -> Adam<Double> {
    Adam(parameterCount: network.parameterCount, learningRate: learningRate)
  }
  var vae = start
  var bound = RibbonBound(of: vae, batch: batch)
  var optimisers = (adam(vae.mean), adam(vae.logVariance), adam(vae.guide))
  for _ in 0..<steps {
    let x = (0..<batch).map { _ in data[Int.random(in: data.indices, using: &generator)] }
    let noise = x.map { _ in generator.normal() }
    _ = bound(vae, at: x, noise: noise)
    optimisers.0.descend(&vae.mean.parameters, gradient: bound.gradient.mean.map { -$0 })
    optimisers.1.descend(
      &vae.logVariance.parameters, gradient: bound.gradient.logVariance.map { -$0 })
    optimisers.2.descend(&vae.guide.parameters, gradient: bound.gradient.guide.map { -$0 })
  }
  return vae
}
