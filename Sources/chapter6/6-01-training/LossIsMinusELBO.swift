import Foundation
import ImageModels
import TinyNetworks
import TinyNumerics

/// Eq. 6.1: post T's loss (eq. 3.14) and the ELBO of the same draws of ε, computed by different
/// code, in nats, summed over the images:
/// - `loss` = reconstruction loss + divergence, from the fused kernels that training runs;
/// - `minusELBO` = −Σ_i [Σ_j log p(x_ij|z_i) − D(q(z|x_i) ‖ p(z))], distribution by distribution,
///   pixel by pixel.
/// `magnitude` is the sum of the terms' sizes, which is what rounding is relative to.
func lossAndMinusELBO(
  of model: VariationalAutoencoder<Double>, images: Rows<Double>, seed: UInt64
) -> (loss: Double, minusELBO: Double, magnitude: Double) {
  let pixels = model.dataWidth
  let count = images.count
  var generator = Threefry(seed: seed, row: 1, part: 1)
  var sample = ELBOSample(of: model, rows: count)
  sample.setBatch(images, indices: Array(0..<count)[...])
  sample.drawNoise(using: &generator)
  sample.differentiate(model, scale: 1, wantsGradient: false)
  let loss = -sample.terms.reconstruction + sample.terms.divergence

  let prior = DiagonalGaussian.standard(dimension: model.latentDimension)
  var terms: [Double] = []
  for (i, q) in model.guides(for: images).enumerated() {
    let z = (0..<q.dimension).map { d in
      q.mean[d] + q.standardDeviation[d] * sample.noise[i * q.dimension + d]
    }
    let outputs = model.decoder(Rows([z]))[0]
    for (j, x) in images[i].enumerated() {
      let parameters = stride(from: j, to: outputs.count, by: pixels).map { outputs[$0] }
      terms.append(logProbability(of: x, model.decoder.likelihood, parameters))
    }
    terms.append(-klDivergence(q, relativeTo: prior))
  }
  return (loss, -terms.reduce(0, +), terms.reduce(0) { $0 + abs($1) })
}

/// log p(x_j|z) of one entry, from the decoder's parameters for it.
func logProbability(
  of x: Double, _ likelihood: Likelihood, _ parameters: [Double]
) -> Double {
  switch likelihood {
  case .bernoulli:
    return Bernoulli(logit: parameters[0]).logProbability(x == 1)
  case .categorical(let levels):
    return parameters[Int((x * Double(levels - 1)).rounded())] - logSumExp(parameters)
  case .gaussian(let floor):
    return normals(parameters[...], floor: floor)[0].logDensity(x)
  }
}
