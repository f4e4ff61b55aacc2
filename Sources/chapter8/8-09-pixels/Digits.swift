import ImageModels
import TinyNetworks
import TinyNumerics

extension BinaryDigits {
  /// Independent pixels with the means of the training images, q_j = (Σ x_j + ½)/(N + 1).
  var pixelMeans: IndependentPixels {
    IndependentPixels(
      probabilities: ImageModels.IndependentPixels(training).logits.map(sigmoid))
  }
}

/// Pixels 0/1 as −1/+1.
func signs(_ images: Rows<Double>) -> Rows<Double> {
  Rows(images.numbers.map { 2 * $0 - 1 }, width: images.width)
}
