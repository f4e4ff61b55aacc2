import Notebook
import TinyNetworks
import TinyNumerics

/// Row 5.8 on the digits: the gradient of one batch, loops against kernels; of each tensor the
/// entry that differs most. Training cannot show all of it: a factor before a whole tensor's
/// gradient drops out of Adam's steps.
///
/// An entry is a sum over the images of products, whose factors are sums over a layer: allowed is
/// the rounding of so many terms, together as large as the tensor's largest entry.
func gradientCheck(
  _ model: VariationalAutoencoder<Double>, _ images: [[Double]], seed: UInt64
) -> Check {
  var generator = Threefry(seed: seed, row: 1, part: 2)
  let latents = 0..<model.latentDimension
  let noise = images.map { _ in latents.map { _ in generator.normal() } }
  var loops = PlainVAE(model)
  for (x, epsilon) in zip(images, noise) { _ = loops.differentiate(x, noise: epsilon) }
  let sample = kernelPass(model, images, noise, wantsGradient: true)
  var gradient = model
  (gradient.encoder.parameters, gradient.decoder.network.parameters) = sample.gradients(of: model)
  let pairs =
    zip(
      tensors(loops.encoder.gradient) + tensors(loops.decoder.gradient),
      tensors(gradient.encoder.layers) + tensors(gradient.decoder.network.layers))
  return .worst(
    "6.1", "gradient of −ELBO, a batch: loops = kernels, the farthest entry of a tensor",
    of: pairs.map { ours, theirs in
      let farthest = zip(ours, theirs).max { abs($0.0 - $0.1) < abs($1.0 - $1.1) } ?? (0, 0)
      let largest = ours.map(abs).max() ?? 0
      let terms = images.count * model.dataWidth
      return (farthest.0, farthest.1, rounding(largest, terms: terms))
    })
}

/// W and b of each layer.
private func tensors(_ layers: [[[Double]]]) -> [[Double]] {
  layers.flatMap { [Array($0.dropLast().joined()), $0[$0.count - 1]] }
}

/// The kernels' pass over images with given ε.
func kernelPass(
  _ model: VariationalAutoencoder<Double>, _ images: [[Double]], _ noise: [[Double]],
  wantsGradient: Bool
) -> ELBOSample<Double> {
  var sample = ELBOSample(of: model, rows: images.count)
  sample.setBatch(Rows(images), indices: Array(images.indices)[...])
  sample.noise = Array(noise.joined())
  sample.differentiate(model, scale: 1, wantsGradient: wantsGradient)
  return sample
}
