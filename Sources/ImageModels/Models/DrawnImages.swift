import TinyNetworks
import TinyNumerics

extension Decoder<Double> {
  /// Binary images: z from the prior, then each pixel by its probability.
  public func samples(_ count: Int, using generator: inout some RandomNumberGenerator) -> Rows<
    Double
  > {
    var images = self(
      Rows((0..<count * latentDimension).map { _ in generator.normal() }, width: latentDimension))
    for i in images.numbers.indices {
      let pixel = Bernoulli(logit: images.numbers[i])
      images.numbers[i] = pixel.sample(using: &generator) ? 1 : 0
    }
    return images
  }
}
