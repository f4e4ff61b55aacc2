import TinyNumerics

/// Post T's loss and the ELBO of the same draws of ε, computed by different code (ledger 3.14, 6.1), in
/// nats, summed over the images:
/// - `loss` = reconstruction loss + divergence, from the fused kernels that training runs;
/// - `minusELBO` = −Σ_i [Σ_j log p(x_ij|z_i) − D(q(z|x_i) ‖ p(z))], distribution by distribution, pixel by
///   pixel.
func lossAndMinusELBO(
  of model: VariationalAutoencoder<Double>, images: [Double], seed: UInt64
) -> (loss: Double, minusELBO: Double) {
  let pixels = model.dataWidth
  let count = images.count / pixels
  var generator = Threefry(seed: seed, stream: 61)
  var sample = ELBOSample(of: model, rows: count)
  sample.setBatch(images, indices: (0..<count)[...].map { $0 }[...])
  sample.drawNoise(using: &generator)
  sample.differentiate(model, scale: 1, wantsGradient: false)
  let loss = -sample.terms.reconstruction + sample.terms.divergence

  let prior = DiagonalGaussian.standard(dimension: model.latentDimension)
  var elbo = 0.0
  for (i, q) in model.guides(for: images, rows: count).enumerated() {
    let z = (0..<q.dimension).map { d in
      q.mean[d] + q.standardDeviation[d] * sample.noise[i * q.dimension + d]
    }
    for (j, logit) in model.decoder(z, rows: 1).enumerated() {
      elbo += Bernoulli(logit: logit).logProbability(images[i * pixels + j] == 1)
    }
    elbo -= klDivergence(q, relativeTo: prior)
  }
  return (loss, -elbo)
}
